/** The language of the pages: Chinese or English. */

import { ref, watchEffect } from "vue";

import type { Language } from "@/api/types";

const KEPT = "shareback_language";

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") {
    return kept;
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The language in force; set it by `speak`. */
export const language = ref<Language>(first());

/** Speak a language from now on. */
export function speak(chosen: Language): void {
  localStorage.setItem(KEPT, chosen);
  language.value = chosen;
}

watchEffect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
