/** What an order earns, told without a promise. */

import { words } from "@/i18n/words";

export const say = words({
  earns: ["这笔订单赚取价值 ¥{worth} 的积分", "This order earns ¥{worth} of points"],
  until_shipped: [
    "待成熟：收货后 {n} 天到账",
    "Pending until one day after receipt|Pending until {n} days after receipt",
  ],
  until_digital: [
    "待成熟：付款后 {n} 天到账",
    "Pending until one day after payment|Pending until {n} days after payment",
  ],
  until_voucher: [
    "待成熟：核销后 {n} 天到账",
    "Pending until one day after it is redeemed|Pending until {n} days after it is redeemed",
  ],
  at_shipped: ["收货时到账", "Credited at receipt"],
  at_digital: ["付款时到账", "Credited at payment"],
  at_voucher: ["核销时到账", "Credited when it is redeemed"],
  how: ["积分怎么来的", "How points are earned"],
  onlyCash: [
    "只有现金支付的部分赚取积分。价值 ¥{worth} 的积分，按成熟当日的价格折算成数量。",
    "Only what is paid in cash earns. Points worth ¥{worth} are counted out at the price of the day on which the order matures.",
  ],
  quota: [
    "同时增加 ¥{quota} 的分红额度。额度是上限，不是承诺，也不是欠款。",
    "It also raises your quota by ¥{quota}. A quota is a ceiling: never a promise, never a debt.",
  ],
  returns: [
    "退货会减少或收回相应的积分。积分价格等于资金池除以流通量，没有人承诺它的涨跌。",
    "A return lessens or takes back these points. Their price is the reserve divided by all points; nobody promises where it goes.",
  ],
});
