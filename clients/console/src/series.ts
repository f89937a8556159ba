/** The daily figures of a programme; amounts are decimal texts, exact. */
export interface Series {
  days: string[];
  open: string;
  sign: string;
  price: string[];
  reserve: string[];
  orders: string[];
  dividends: string[];
  coverage: (string | null)[];
  labels: Record<Name, string>;
}

export type Name = "price" | "reserve" | "orders" | "dividends" | "coverage";

/** Reads the figures that the page carries. */
export function readSeries(page: Document): Series | null {
  const text = page.getElementById("charts")?.textContent;
  return text === undefined ? null : (JSON.parse(text) as Series);
}

/** A decimal text with its thousands apart, for a label: the digits stay as they are. */
export function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}
