/** How the states of what a merchant serves are said. */

import type { OrderState } from "@/api/types";
import { toneOf } from "@/pages/orders/states";

import { say } from "./words";

const STATES: readonly OrderState[] = ["awaiting_payment", "paid", "shipped", "received", "refund_asked", "refunded", "closed"];

/** An order's state in words and its tone. */
export function stateOf(state: string): { text: string; tone: string } {
  const known = STATES.find((one) => one === state);
  return known === undefined ? { text: state, tone: "" } : { text: say(`state_${known}`), tone: toneOf(known) };
}
