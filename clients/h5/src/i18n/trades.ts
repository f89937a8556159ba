/** What merchants trade in. */

import { words } from "@/i18n/words";

const TRADES: Record<string, readonly [string, string]> = {
  wine: ["酒庄", "Wine"],
  tea: ["茶庄", "Tea"],
  noodles: ["面馆", "Noodles"],
  restaurant: ["餐饮", "Restaurant"],
  bakery: ["烘焙", "Bakery"],
  hotel: ["酒店", "Hotel"],
  fuel: ["加油站", "Fuel"],
  books: ["书店", "Books"],
  home: ["家居", "Home"],
  fruit: ["水果", "Fruit"],
  digital: ["数字服务", "Digital"],
  topup: ["充值", "Top-ups"],
  grocery: ["超市", "Grocery"],
  groceries: ["超市", "Grocery"],
  cafe: ["咖啡", "Café"],
};

const trades = words(TRADES);

/** A merchant's trade in the reader's words; as the server said it where we have none. */
export const tradeText = (trade: string): string => trades(trade);
