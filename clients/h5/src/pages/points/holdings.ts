/** What many pages of a member's money ask for. */

import { get } from "@/api/client";
import type { MyPoints } from "@/api/types";
import { asking, type Asked } from "@/state/asking";
import { session } from "@/state/session";

/** The member's holdings; asked for again once somebody has become a member. */
export const askHoldings = (): Asked<MyPoints> =>
  asking((signal) => get<MyPoints>("/me/points", {}, signal), () => session.value?.member?.number);

/** The page of an order that was placed here; none for what came from elsewhere, such as imports. */
export const orderPath = (order: string | null): string | null =>
  order !== null && /^\d{12,}$/.test(order) ? `/orders/${order}` : null;
