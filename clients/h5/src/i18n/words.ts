/** Words in both languages, typed: a key that one language lacks does not compile. */

import { language } from "@/i18n/language";

/** What stands for {name} in a text. */
export type Parts = Record<string, string | number>;

type Both<K extends string> = Record<K, readonly [zh: string, en: string]>;

/** Says a text in the language in force. Reactive where it is called in a template. */
export type Says<K extends string> = (key: K, parts?: Parts) => string;

/**
 * Make the words of one area of the pages.
 *
 * An English text may hold two forms, "one good|{n} goods": the first is taken where `n` is 1.
 *
 * @param texts - Each key with its Chinese and its English text.
 * @returns A function that says them.
 */
export function words<const T extends Both<string>>(texts: T): Says<keyof T & string> {
  return (key, parts = {}) => {
    const pair = texts[key];
    if (pair === undefined) {
      return key;
    }
    let text = pair[language.value === "zh" ? 0 : 1];
    if (language.value === "en" && "n" in parts && text.includes("|")) {
      const [one = "", many = ""] = text.split("|");
      text = String(parts.n) === "1" ? one : many;
    }
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole));
  };
}
