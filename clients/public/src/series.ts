type Label = "coverage" | "dividends" | "exits" | "exits_total" | "price";

/** The daily figures of a programme; amounts are decimal texts, exact. */
export interface Series {
  days: string[];
  /** What the last day is called where it is open still; empty where all are closed. */
  open: string;
  sign: string;
  price: string[];
  dividends: string[];
  exits: number[];
  exits_total: number[];
  /** In per cent; nothing for a day without quota. */
  coverage: (string | null)[];
  labels: Record<Label, string>;
}

const NONE: Series = {
  days: [],
  open: "",
  sign: "",
  price: [],
  dividends: [],
  exits: [],
  exits_total: [],
  coverage: [],
  labels: { coverage: "", dividends: "", exits: "", exits_total: "", price: "" },
};

/** Reads the figures that the page carries; those that it does not are empty. */
export function readSeries(page: Document): Series | null {
  const text = page.getElementById("charts")?.textContent;
  return text === undefined ? null : { ...NONE, ...(JSON.parse(text) as Partial<Series>) };
}

/** A decimal text with its thousands apart, for a label: the digits stay as they are. */
export function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}
