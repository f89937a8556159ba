/** What a checkout keeps while the member chooses an address elsewhere. */

import { ref } from "vue";

/** The address chosen for the checkout; null for the default. */
export const chosenAddress = ref<number | null>(null);
