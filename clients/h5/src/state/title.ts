/** What the page in view is called: the browser's title, and what a screen reader is told. */

import { ref } from "vue";

export const title = ref("");
