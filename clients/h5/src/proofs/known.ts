/**
 * The programme's keys that this browser has seen sign before.
 *
 * Keys come from the same server as the proof. Whoever has checked once notices if another key
 * signs all of a sudden, without one that was known vouching for the same checkpoint.
 */

import { SLUG } from "@/api/client";

import { toHex } from "./bytes";
import type { Key } from "./note";

const KEPT = `shareback_keys_${SLUG}`;

/**
 * Keep the programme's keys that signed a proof that holds.
 *
 * @returns Whether one of them was known, or none was kept yet.
 */
export function keepKeys(by: readonly Key[]): boolean {
  const own = by.filter((key) => !key.isWitness).map((key) => toHex(key.key));
  const kept = (localStorage.getItem(KEPT) ?? "").split(" ").filter((key) => key !== "");
  const isKnown = kept.length === 0 || own.some((key) => kept.includes(key));
  localStorage.setItem(KEPT, [...new Set([...kept, ...own])].join(" "));
  return isKnown;
}
