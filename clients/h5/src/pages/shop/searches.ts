/** What was searched for on this phone, kept on it alone. */

const KEPT = "shareback_searches";
const MOST = 8;

export function searches(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((words) => typeof words === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function keepSearch(words: string): void {
  if (words !== "") {
    const all = [words, ...searches().filter((other) => other !== words)].slice(0, MOST);
    localStorage.setItem(KEPT, JSON.stringify(all));
  }
}
