const SHOWN_MS = 2000;

/** Makes the copy buttons work; without a script, or a clipboard, they stay hidden. */
export function offerCopying(page: Document): void {
  // Browsers leave the clipboard out where a page is not served securely.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) {
    return;
  }
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => {
      void clipboard.writeText(button.dataset.copy ?? "").then(() => {
        button.textContent = button.dataset.done ?? label;
        setTimeout(() => {
          button.textContent = label;
        }, SHOWN_MS);
      });
    });
  }
}
