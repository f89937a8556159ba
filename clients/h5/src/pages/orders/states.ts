import type { OrderState } from "@/api/types";

/** The tone in which a state is said: what waits for the member, what is done, what is over. */
export function toneOf(state: OrderState): string {
  switch (state) {
    case "awaiting_payment":
    case "refund_asked":
      return "plum";
    case "paid":
    case "shipped":
      return "brand";
    case "received":
      return "leaf";
    default:
      return "";
  }
}
