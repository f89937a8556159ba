/** What a QR code of the mall holds: a charge, an invitation, or a voucher's code. */

import { SLUG } from "@/api/client";

export type Found =
  | { kind: "charge"; token: string }
  | { kind: "join"; code: string }
  | { kind: "voucher"; code: string }
  | { kind: "elsewhere" };

const VOUCHER = /^[2-9A-HJ-NP-Z]{16}$/;
const TOKEN = /^[\w-]{32}$/;

/**
 * Read what was scanned or typed. An address counts by its path alone: whoever drew the code, it
 * leads nowhere but into this shop.
 */
export function readCode(text: string): Found {
  const given = text.trim();
  const plain = given.replace(/[\s-]/g, "").toUpperCase();
  if (VOUCHER.test(plain)) {
    return { kind: "voucher", code: plain };
  }
  if (TOKEN.test(given)) {
    return { kind: "charge", token: given };
  }
  const [, slug = "", what = "", rest = ""] = /^https?:\/\/[^/]+\/m\/([^/]+)\/(charge|join)\/([\w-]+)\/?$/.exec(given) ?? [];
  if (decoded(slug) !== SLUG || rest === "") {
    return { kind: "elsewhere" };
  }
  return what === "charge" ? { kind: "charge", token: rest } : { kind: "join", code: rest };
}

function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return "";
  }
}
