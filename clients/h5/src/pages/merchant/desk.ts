/** Whose desk it is, and how its API is addressed. */

import { computed, type ComputedRef } from "vue";
import { useRoute } from "vue-router";

import { get } from "@/api/client";
import type { MerchantDesk } from "@/api/types";
import { asking, type Asked } from "@/state/asking";

export interface Desk {
  /** The path of its API. */
  api: ComputedRef<string>;
  /** The path of its pages. */
  home: ComputedRef<string>;
}

/** The desk that the address names. */
export function useDesk(): Desk {
  const route = useRoute();
  const id = computed(() => String(route.params.id));
  return { api: computed(() => `/merchant/${id.value}`), home: computed(() => `/merchant/${id.value}`) };
}

/** What the merchant holds, and what waits for it. */
export const askDesk = (desk: Desk): Asked<MerchantDesk> =>
  asking((signal) => get<MerchantDesk>(desk.api.value, {}, signal), () => desk.api.value);
