/** A word in passing, and a question before something that cannot be undone. */

import { showConfirmDialog, showToast } from "vant";

import { say } from "@/i18n/common";

/** Tell that something is done; it goes away by itself. */
export function tell(text: string): void {
  showToast({ message: text, position: "bottom", duration: 2200 });
}

/** Ask before something is done. */
export async function confirmed(title: string, message: string, yes: string): Promise<boolean> {
  try {
    await showConfirmDialog({
      title,
      message,
      confirmButtonText: yes,
      cancelButtonText: say("cancel"),
    });
    return true;
  } catch {
    return false;
  }
}

/** Put a text on the clipboard, and tell so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS browsers offer no clipboard, but still copy what is selected.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing else over plain HTTP
    document.execCommand("copy");
    field.remove();
  }
  tell(say("copied"));
}
