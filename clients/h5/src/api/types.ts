/**
 * The shapes of the shop's API by the pages' own names, from the types that its OpenAPI document
 * gives. Money, points and coins are decimal strings, never numbers; days are YYYY-MM-DD.
 */

import type { components, operations } from "../../../api/built/shop";

type Shapes = components["schemas"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Language = "zh" | "en";
export type Kind = Shapes["Card"]["kind"];

// The shop.
export type Shop = Shapes["ShopOut"];
export type Home = Shapes["HomeOut"];
export type Category = Shapes["CategoryOut"];
export type Card = Shapes["Card"];
export type Good = Shapes["GoodOut"];
export type Review = Shapes["ReviewOut"];
export type MerchantCard = Shapes["MerchantCard"];
export type Merchant = Shapes["MerchantOut"];
/** A day and the price at its end. */
export type CurvePoint = readonly [day: string, price: string];

// Who is here.
export type Session = Shapes["SessionOut"];
export type Settings = Shapes["SettingsOut"];
export type Address = Shapes["AddressOut"];
export type AddressFields = Shapes["AddressIn"];

// Buying.
export type Basket = Shapes["BasketOut"];
export type BasketGroup = Shapes["GroupOut"];
export type BasketLine = Shapes["BasketLineOut"];
export type CheckoutBody = Shapes["CheckoutIn"];
export type Preview = Shapes["PreviewOut"];
export type Purchase = Shapes["PurchaseOut"];

// Orders.
export type Order = Shapes["OrderOut"];
export type OrderCard = Shapes["OrderCardOut"];
export type OrderState = OrderCard["state"];
export type OrderFilter = NonNullable<NonNullable<operations["list_orders"]["parameters"]["query"]>["state"]>;
export type OrderLine = Shapes["OrderLineOut"];
export type Voucher = Shapes["GoodsVoucherOut"];
export type Return = Shapes["ReturnOut"];

// The member's money.
export type MyPoints = Shapes["HoldingsOut"];
export type Pending = Shapes["PendingOut"];
export type DividendDay = Shapes["DividendOut"];
export type StatementEntry = Shapes["EntryOut"];
export type StatementMonths = Shapes["StatementMonths"];
export type Quote = Shapes["QuoteOut"];
export type Sale = Shapes["SoldOut"];
export type Conversion = Shapes["ConvertedOut"];
export type MemberCharge = Shapes["ChargeOut"];
export type Invite = Shapes["InviteOut"];
export type Proof = Shapes["ProofOut"];
export type CheckedProof = Shapes["CheckedOut"];

// A merchant's desk.
export type MerchantDesk = Shapes["OverviewOut"];
export type MerchantGood = Shapes["OwnGoodOut"];
export type MerchantGoodFields = Shapes["GoodIn"];
export type MerchantCharge = Shapes["AskedOut"];
export type ServedOrder = Shapes["ServedOrder"];
export type ServedCard = Shapes["ServedCard"];
export type ServedReturn = Shapes["ServedReturn"];
export type ServedVoucher = Shapes["VoucherOut"];
export type Settlement = Shapes["SettlementOut"];
export type ExchangeQuote = Shapes["ExchangeQuote"];
export type Exchange = Shapes["ExchangedOut"];
export type RedeemQuote = Shapes["RedeemQuote"];
export type Redemption = Shapes["RedeemedOut"];
