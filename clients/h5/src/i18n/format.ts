/** Decimal strings as people read them: cut, never rounded up, grouped by threes. */

import { language } from "@/i18n/language";

const ZEROS = "0".repeat(8);

/**
 * A decimal string with a fixed number of places, cut towards zero.
 *
 * No floating point is used: what the server said is what is shown.
 */
export function fixed(amount: string, places: number): string {
  const [, sign = "", whole = "0", rest = ""] = /^([-−+]?)(\d*)(?:\.(\d*))?$/.exec(amount.trim()) ?? [];
  const cut = (rest + ZEROS).slice(0, places);
  const grouped = (whole === "" ? "0" : whole).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const shown = places === 0 ? grouped : `${grouped}.${cut}`;
  const isZero = !/[1-9]/.test(shown);
  return isZero || sign === "" || sign === "+" ? shown : `−${shown}`;
}

/** Yuan with two places. */
export const money = (amount: string): string => {
  const shown = fixed(amount, 2);
  return shown.startsWith("−") ? `−¥${shown.slice(1)}` : `¥${shown}`;
};

/** Points with four places. */
export const pointsText = (amount: string): string => fixed(amount, 4);

/** Coins with two places. */
export const coinsText = (amount: string): string => fixed(amount, 2);

/** A price of a point, with four places. */
export const priceText = (amount: string): string => `¥${fixed(amount, 4)}`;

/** Whether a decimal string is exactly nothing. */
export const isZero = (amount: string): boolean => !/[1-9]/.test(amount);

/** Compare two decimal strings exactly: negative, zero or positive. */
export function compare(left: string, right: string): number {
  const scaled = (amount: string) => {
    const negative = /^[-−]/.test(amount.trim());
    const [whole = "", rest = ""] = amount.trim().replace(/^[-−+]/, "").split(".");
    const units = BigInt((whole === "" ? "0" : whole) + (rest + ZEROS).slice(0, 8));
    return negative ? -units : units;
  };
  const [a, b] = [scaled(left), scaled(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A day or a moment as a date. */
export function dateText(when: string): string {
  const day = when.length === 10 ? new Date(`${when}T00:00:00`) : new Date(when);
  return new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric",
    month: language.value === "zh" ? "long" : "short",
    day: "numeric",
  }).format(day);
}

/** A month such as 2026-03 in words. */
export function monthText(month: string): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", options).format(new Date(`${month}-01T00:00:00`));
}

/** A moment with its time. */
export function timeText(when: string): string {
  return new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric",
    month: language.value === "zh" ? "numeric" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(when));
}

/** A whole number, grouped; from ten thousand on in short. */
export function countText(count: number): string {
  return new Intl.NumberFormat(language.value === "zh" ? "zh-CN" : "en", {
    notation: count >= 10_000 ? "compact" : "standard",
    maximumFractionDigits: 1,
  }).format(count);
}

/** A decimal string times a whole number, exactly. */
export function times(amount: string, count: number): string {
  const [whole = "0", rest = ""] = amount.trim().split(".");
  const places = rest.length;
  const units = (BigInt(whole + rest) * BigInt(count)).toString().padStart(places + 1, "0");
  return places === 0 ? units : `${units.slice(0, -places)}.${units.slice(-places)}`;
}

/** A ratio as per cent. */
export function percentText(ratio: string): string {
  const [whole = "0", rest = ""] = ratio.trim().split(".");
  const shifted = `${whole}${(rest + "00").slice(0, 2)}.${rest.slice(2)}`.replace(/^(-?)0+(?=\d)/, "$1");
  return `${fixed(shifted, 1)} %`;
}
