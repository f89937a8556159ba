/** A problem in one line that says what is wrong. */

import type { Problem } from "@/api/client";
import { say } from "@/i18n/common";

/** The line; the server's own words where it has some. */
export function problemText(problem: Problem): string {
  if (problem.status === 0) {
    return say("unreachable");
  }
  if (problem.status === 401) {
    return problem.detail !== "" ? problem.detail : say("logInFirst");
  }
  const field = problem.errors[0]?.detail ?? "";
  const said = problem.code === "invalid" && field !== "" ? field : problem.detail;
  return said !== "" ? said : problem.title !== "" ? problem.title : say("somethingWrong", { code: problem.code });
}
