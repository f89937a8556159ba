// What the phone pages will call, typed by the document: what is wrong here does not compile.
import createClient from "openapi-fetch";

import type { components, paths } from "../built/api";

export type Member = components["schemas"]["MemberOut"];
export type Problem = components["schemas"]["ProblemOut"];

export const client = createClient<paths>({ baseUrl: "/" });

export async function member(programme: number, memberId: string): Promise<Member | Problem> {
  const { data, error } = await client.GET(
    "/api/v1/programmes/{programme}/members/{member_id}",
    { params: { path: { programme, member_id: memberId } } },
  );
  return data ?? error;
}

export async function sell(programme: number, memberId: string, points: string, key: string) {
  return client.POST("/api/v1/programmes/{programme}/members/{member_id}/redemptions", {
    params: {
      path: { programme, member_id: memberId },
      header: { "Idempotency-Key": key },
    },
    body: { points },
  });
}

export async function paysWithoutAKey(programme: number) {
  return client.POST("/api/v1/programmes/{programme}/orders", {
    // @ts-expect-error - every write needs an Idempotency-Key
    params: { path: { programme } },
    body: { order_id: "a", member_id: "b", amount: "1", received: false },
  });
}
