/** What a proof falls at. */

/** The checks of docs/reference/proofs.md, in their order. */
export const CHECKS = ["file", "tree", "root", "index", "checkpoint", "signature"] as const;

export type Check = (typeof CHECKS)[number];

/** A proof that does not prove what it is shown for. */
export class ProofWrong extends Error {
  constructor(
    readonly check: Check,
    readonly reason: string,
  ) {
    super(reason);
    this.name = "ProofWrong";
  }
}
