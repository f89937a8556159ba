/** The invitation that led here, kept until the log-in that uses it. */

const KEPT = "shareback_invite";

export const inviteCode = (): string => sessionStorage.getItem(KEPT) ?? "";

export function keepInvite(code: string): void {
  sessionStorage.setItem(KEPT, code);
}

export function forgetInvite(): void {
  sessionStorage.removeItem(KEPT);
}
