/** Every page of the phone, each loaded when it is first gone to. */

import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { BASE } from "@/api/client";
import { isMember, knowSession } from "@/state/session";

export type Tab = "home" | "categories" | "points" | "basket" | "me";

declare module "vue-router" {
  interface RouteMeta {
    /** Which tab is lit; pages without one hide the tab bar. */
    tab?: Tab;
    /** Only for who is logged in; others are led through the log-in. */
    member?: boolean;
  }
}

const shop: RouteRecordRaw[] = [
  { path: "/", component: () => import("@/pages/shop/HomePage.vue"), meta: { tab: "home" } },
  { path: "/categories", component: () => import("@/pages/shop/CategoriesPage.vue"), meta: { tab: "categories" } },
  { path: "/search", component: () => import("@/pages/shop/SearchPage.vue") },
  { path: "/goods/:id(\\d+)", component: () => import("@/pages/shop/GoodPage.vue") },
  { path: "/goods/:id(\\d+)/reviews", component: () => import("@/pages/shop/ReviewsPage.vue") },
  { path: "/shops", component: () => import("@/pages/shop/ShopsPage.vue") },
  { path: "/shops/:id(\\d+)", component: () => import("@/pages/shop/ShopPage.vue") },
  { path: "/basket", component: () => import("@/pages/buying/BasketPage.vue"), meta: { tab: "basket", member: true } },
  { path: "/checkout", component: () => import("@/pages/buying/CheckoutPage.vue"), meta: { member: true } },
  { path: "/pay/:purchase", component: () => import("@/pages/buying/PayPage.vue"), meta: { member: true } },
  { path: "/orders", component: () => import("@/pages/orders/OrdersPage.vue"), meta: { member: true } },
  { path: "/orders/:number", component: () => import("@/pages/orders/OrderPage.vue"), meta: { member: true } },
  {
    path: "/orders/:number/return",
    component: () => import("@/pages/orders/ReturnPage.vue"),
    meta: { member: true },
  },
];

const account: RouteRecordRaw[] = [
  { path: "/login", component: () => import("@/pages/account/LoginPage.vue") },
  { path: "/me", component: () => import("@/pages/account/MePage.vue"), meta: { tab: "me" } },
  { path: "/addresses", component: () => import("@/pages/account/AddressesPage.vue"), meta: { member: true } },
];

const points: RouteRecordRaw[] = [
  { path: "/points", component: () => import("@/pages/points/PointsPage.vue"), meta: { tab: "points", member: true } },
  { path: "/points/statement", component: () => import("@/pages/points/StatementPage.vue"), meta: { member: true } },
  { path: "/points/dividends", component: () => import("@/pages/points/DividendsPage.vue"), meta: { member: true } },
  { path: "/points/sell", component: () => import("@/pages/points/SellPage.vue"), meta: { member: true } },
  { path: "/points/convert", component: () => import("@/pages/points/ConvertPage.vue"), meta: { member: true } },
  { path: "/points/proof", component: () => import("@/pages/proof/MemberProofPage.vue"), meta: { member: true } },
  { path: "/scan", component: () => import("@/pages/points/ScanPage.vue"), meta: { member: true } },
  { path: "/charge/:token", component: () => import("@/pages/points/ChargePage.vue"), meta: { member: true } },
  { path: "/invite", component: () => import("@/pages/points/InvitePage.vue"), meta: { member: true } },
  { path: "/join/:code", component: () => import("@/pages/points/JoinPage.vue") },
  { path: "/tier", component: () => import("@/pages/points/TierPage.vue"), meta: { member: true } },
  { path: "/settings", component: () => import("@/pages/points/SettingsPage.vue"), meta: { member: true } },
];

const merchant: RouteRecordRaw[] = [
  { path: "/merchant/:id(\\d+)", component: () => import("@/pages/merchant/DeskPage.vue") },
  { path: "/merchant/:id(\\d+)/goods", component: () => import("@/pages/merchant/GoodsPage.vue") },
  { path: "/merchant/:id(\\d+)/goods/:good", component: () => import("@/pages/merchant/GoodEditPage.vue") },
  { path: "/merchant/:id(\\d+)/orders", component: () => import("@/pages/merchant/OrdersPage.vue") },
  { path: "/merchant/:id(\\d+)/returns", component: () => import("@/pages/merchant/ReturnsPage.vue") },
  { path: "/merchant/:id(\\d+)/vouchers", component: () => import("@/pages/merchant/VouchersPage.vue") },
  { path: "/merchant/:id(\\d+)/charges", component: () => import("@/pages/merchant/ChargesPage.vue") },
  { path: "/merchant/:id(\\d+)/exchange", component: () => import("@/pages/merchant/ExchangePage.vue") },
  { path: "/merchant/:id(\\d+)/proof", component: () => import("@/pages/proof/MerchantProofPage.vue") },
  { path: "/merchant/:id(\\d+)/settlement", component: () => import("@/pages/merchant/SettlementPage.vue") },
].map((route) => ({ ...route, meta: { member: true } }));

export const router = createRouter({
  history: createWebHistory(BASE),
  routes: [
    ...shop,
    ...account,
    ...points,
    ...merchant,
    { path: "/:rest(.*)*", component: () => import("@/pages/shop/MissingPage.vue") },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  if (to.meta.member !== true) {
    return true;
  }
  try {
    await knowSession();
  } catch {
    // The page itself tells what is wrong with the network.
    return true;
  }
  return isMember.value ? true : { path: "/login", query: { next: to.fullPath } };
});
