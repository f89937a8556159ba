/** Sums of decimal strings, exact: no floating point is used. */

const PLACES = 8;

function units(amount: string): bigint {
  const negative = /^[-−]/.test(amount.trim());
  const [whole = "", rest = ""] = amount.trim().replace(/^[-−+]/, "").split(".");
  const all = BigInt((whole === "" ? "0" : whole) + (rest + "0".repeat(PLACES)).slice(0, PLACES));
  return negative ? -all : all;
}

function text(all: bigint): string {
  const digits = (all < 0n ? -all : all).toString().padStart(PLACES + 1, "0");
  const rest = digits.slice(-PLACES).replace(/0+$/, "");
  return `${all < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${rest === "" ? "" : `.${rest}`}`;
}

/** The sum of some amounts. */
export const sum = (amounts: string[]): string => text(amounts.reduce((all, one) => all + units(one), 0n));

/** One amount less another. */
export const minus = (left: string, right: string): string => text(units(left) - units(right));

/** How much of a whole a part is, from 0 to 1: for a drawing, never for a sum. */
export function share(part: string, whole: string): number {
  const [some, all] = [units(part), units(whole)];
  return all <= 0n ? 0 : Math.max(0, Math.min(1, Number((some * 10_000n) / all) / 10_000));
}
