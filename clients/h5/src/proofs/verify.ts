/**
 * Checks, in the member's own browser, that an account is counted in what its programme owes.
 *
 * It follows docs/reference/proofs.md step by step and asks nobody; loaded only when it is wanted.
 */

import { figure, isSame, together, type Bytes } from "./bytes";
import { sha256 } from "./crypto";
import { areSound, readProof, type Account, type Liabilities, type Node, type ProofFile, type Sums } from "./file";
import { readCheckpoint, readKey, vouched, type Checkpoint, type Key } from "./note";
import { ProofWrong, type Check } from "./wrong";

export { ProofWrong } from "./wrong";

const ACCOUNT = Uint8Array.of(3);
const NODE = Uint8Array.of(4);
const LIABILITIES = Uint8Array.of(5);
const SCALE = 10n ** 12n;
const SUM_BYTES = 8;
const WEIGHTED_BYTES = 16;
const [WEIGHT, WEIGHTED] = [1, 7];

/** What a proof that holds has shown. */
export interface Proved {
  proof: ProofFile;
  checkpoint: Checkpoint;
  /** The trusted keys whose line is there and right. */
  by: Key[];
  /** Dividends owed beside the cash, in µ¥: of the account, and of all accounts together. */
  accrued: bigint;
  accruedInAll: bigint;
}

/**
 * Check a proof.
 *
 * @param found - The file, as its JSON was read.
 * @param trusted - The keys that are trusted, as name+id+key.
 * @param passed - Told of each check once it is done.
 * @returns What it has shown.
 * @throws ProofWrong - It does not hold; with the check at which it fell.
 */
export async function verify(
  found: unknown,
  trusted: readonly string[],
  passed: (check: Check) => Promise<void> | void = () => undefined,
): Promise<Proved> {
  const proof = readProof(found);
  await passed("file");
  const { account, liabilities: owed } = proof;
  if (BigInt(proof.path.length) !== owed.height || proof.place >= 2 ** proof.path.length) {
    throw new ProofWrong("tree", "the proof is not of the tree's height");
  }
  await passed("tree");
  const root = await rootOf(proof);
  if (!isSame(root.hash, owed.top.hash) || root.sums.some((value, at) => value !== owed.top.sums[at])) {
    throw new ProofWrong("root", "the proof leads to another root");
  }
  await passed("root");
  const accruedInAll = accruedOf(root.sums, owed.dividend_index);
  const accrued = accruedOf(account.sums, owed.dividend_index);
  await passed("index");
  const checkpoint = readCheckpoint(proof.note.text);
  if (!isSame(checkpoint.liabilities, await digestOf(owed))) {
    throw new ProofWrong("checkpoint", "the checkpoint names other liabilities");
  }
  if (checkpoint.size !== owed.size) {
    throw new ProofWrong("checkpoint", "the checkpoint is of another size");
  }
  await passed("checkpoint");
  const by = await vouched(proof.note, await Promise.all(trusted.map(readKey)));
  if (by.every((key) => key.isWitness)) {
    throw new ProofWrong("signature", "no trusted key has signed the checkpoint");
  }
  await passed("signature");
  return { proof, checkpoint, by, accrued, accruedInAll };
}

/** The root to which a proof leads. */
async function rootOf(proof: ProofFile): Promise<Node> {
  let node = await leafOf(proof.account);
  // A place may need all of 32 bits, which shifts would take for a sign.
  let place = proof.place;
  for (const beside of proof.path) {
    node = place % 2 === 1 ? await joined(beside, node) : await joined(node, beside);
    place = Math.floor(place / 2);
  }
  return node;
}

async function leafOf(account: Account): Promise<Node> {
  const who = together(figure(BigInt(account.kind), 4), figure(BigInt(account.number), 4));
  const said = together(ACCOUNT, account.salt, who, sumsBytes(account.sums));
  return { hash: await sha256(said), sums: account.sums };
}

async function joined(left: Node, right: Node): Promise<Node> {
  const sums = left.sums.map((value, at) => value + (right.sums[at] ?? 0n));
  if (!areSound(sums)) {
    throw new ProofWrong("root", "a sum is below zero or too large");
  }
  const said = together(NODE, left.hash, sumsBytes(left.sums), right.hash, sumsBytes(right.sums));
  return { hash: await sha256(said), sums };
}

const sumsBytes = (sums: Sums): Bytes =>
  together(...sums.map((value, at) => figure(value, at === WEIGHTED ? WEIGHTED_BYTES : SUM_BYTES)));

function digestOf(owed: Liabilities): Promise<Bytes> {
  const { day, size, height, dividend_index: index, reserve, supply, last_price: price, top } = owed;
  const figures = [day, size, height, index, reserve, supply, price].map((value) => figure(value, SUM_BYTES));
  return sha256(together(LIABILITIES, ...figures, top.hash, sumsBytes(top.sums)));
}

/** Dividends that have accrued since the last touch, in µ¥, rounded down. */
function accruedOf(sums: Sums, index: bigint): bigint {
  const earned = (sums[WEIGHT] ?? 0n) * index - (sums[WEIGHTED] ?? 0n);
  if (earned < 0n) {
    throw new ProofWrong("index", "an account was touched at an index above the last");
  }
  return earned / SCALE;
}
