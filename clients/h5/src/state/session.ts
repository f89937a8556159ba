/** Who is looking: the session, and the shop they are in. */

import { computed, ref, shallowRef } from "vue";

import { get, post } from "@/api/client";
import type { Session, Shop } from "@/api/types";

/** The session, null until it has been asked for. */
export const session = shallowRef<Session | null>(null);
export const shop = shallowRef<Shop | null>(null);

export const isMember = computed(() => session.value?.user != null);

let asked: Promise<Session> | null = null;

/** The session as the server tells it; asked once, and again after `forget`. */
export function knowSession(): Promise<Session> {
  asked ??= get<Session>("/session").then(
    (said) => {
      session.value = said;
      return said;
    },
    (fault: unknown) => {
      asked = null;
      throw fault;
    },
  );
  return asked;
}

/** Take over a session that a log-in answered. */
export function enter(said: Session): void {
  session.value = said;
  asked = Promise.resolve(said);
}

/** Ask for the session anew at the next need. */
export function forget(): void {
  asked = null;
}

/** Log out. */
export async function leave(): Promise<void> {
  await post("/auth/logout");
  session.value = null;
  basketCount.value = 0;
  asked = null;
  await knowSession();
}

let shopAsked: Promise<Shop> | null = null;

/** The shop, asked for once a language. */
export function knowShop(anew = false): Promise<Shop> {
  if (anew) {
    shopAsked = null;
  }
  shopAsked ??= get<Shop>("").then(
    (said) => {
      shop.value = said;
      return said;
    },
    (fault: unknown) => {
      shopAsked = null;
      throw fault;
    },
  );
  return shopAsked;
}

/** How many goods the basket holds, as the tab bar shows it. */
export const basketCount = ref(0);

/** Count the basket anew; only members have one. */
export async function countBasket(): Promise<void> {
  if (session.value?.member == null) {
    basketCount.value = 0;
    return;
  }
  try {
    basketCount.value = (await get<{ count: number }>("/basket")).count;
  } catch {
    // The badge is an extra: the basket's own page tells what is wrong.
  }
}
