/** The file of a proof, read: docs/reference/proofs.md, "The file". */

import { fromHex, type Bytes } from "./bytes";
import { readNote, type Note } from "./note";
import { ProofWrong } from "./wrong";

const SUM_MAX = (1n << 63n) - 1n;
const WEIGHTED_MAX = (1n << 127n) - 1n;
const NUMBER_MAX = 2 ** 32 - 1;
const HEIGHT_MAX = 32;
const SUMS = 8;
const WEIGHTED = SUMS - 1;
const FIGURES = ["day", "size", "height", "dividend_index", "reserve", "supply", "last_price"] as const;

/** Points, weight, quota, used, coins, cash, receivable, weighted. */
export type Sums = readonly bigint[];

export interface Node {
  hash: Bytes;
  sums: Sums;
}

export interface Account {
  kind: number;
  number: number;
  salt: Bytes;
  sums: Sums;
}

export type Liabilities = Record<(typeof FIGURES)[number], bigint> & { top: Node };

export interface ProofFile {
  account: Account;
  place: number;
  path: Node[];
  liabilities: Liabilities;
  note: Note;
}

type Fields = Record<string, unknown>;

const wrong = (reason: string): ProofWrong => new ProofWrong("file", reason);

/** Whether every sum is within its range. */
export const areSound = (sums: Sums): boolean =>
  sums.every((value, at) => value >= 0n && value <= (at === WEIGHTED ? WEIGHTED_MAX : SUM_MAX));

/**
 * Read a proof from what its JSON holds; what is beside the proof is passed over.
 *
 * @throws ProofWrong - It is none.
 */
export function readProof(found: unknown): ProofFile {
  const whole = fieldsOf(found, "the proof");
  const path = listOf(whole, "path");
  if (path.length > HEIGHT_MAX) {
    throw wrong(`a path of more than ${String(HEIGHT_MAX)} nodes`);
  }
  const account = fieldsOf(whole.account, "account");
  return {
    account: {
      kind: countOf(account, "kind", 1, 2),
      number: countOf(account, "number", 1, NUMBER_MAX),
      salt: bytesOf(account, "salt", 16),
      sums: readSums(account),
    },
    place: countOf(whole, "place", 0, NUMBER_MAX),
    path: path.map((node) => readNode(fieldsOf(node, "a node"))),
    liabilities: readLiabilities(fieldsOf(whole.liabilities, "liabilities")),
    note: readNote(textOf(whole, "checkpoint")),
  };
}

const readNode = (found: Fields): Node => ({ hash: bytesOf(found, "hash", 32), sums: readSums(found) });

function readSums(found: Fields): Sums {
  const told = listOf(found, "sums");
  if (told.length !== SUMS) {
    throw wrong(`${String(told.length)} sums, not ${String(SUMS)}`);
  }
  return told.map((value, at) => amount(value, at === WEIGHTED ? WEIGHTED_MAX : SUM_MAX));
}

function readLiabilities(found: Fields): Liabilities {
  const figures = Object.fromEntries(FIGURES.map((name) => [name, amount(found[name], SUM_MAX)]));
  const owed = { ...figures, top: readNode(fieldsOf(found.top, "top")) } as Liabilities;
  if (owed.height > BigInt(HEIGHT_MAX)) {
    throw wrong(`a height above ${String(HEIGHT_MAX)}`);
  }
  return owed;
}

/** An amount as it is written: a string of decimal digits. */
function amount(found: unknown, largest: bigint): bigint {
  if (typeof found !== "string" || !/^(0|-?[1-9][0-9]{0,38})$/.test(found)) {
    throw wrong("an amount is a string of decimal digits");
  }
  const value = BigInt(found);
  if (value < 0n || value > largest) {
    throw wrong("a sum or a figure is below zero or too large");
  }
  return value;
}

function fieldsOf(found: unknown, name: string): Fields {
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    throw wrong(`${name} is no object`);
  }
  return found as Fields;
}

function listOf(found: Fields, name: string): unknown[] {
  const value = found[name];
  if (!Array.isArray(value)) {
    throw wrong(`${name} is no list`);
  }
  return value;
}

function textOf(found: Fields, name: string): string {
  const value = found[name];
  if (typeof value !== "string") {
    throw wrong(`${name} is no text`);
  }
  return value;
}

function countOf(found: Fields, name: string, least: number, most: number): number {
  const value = found[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw wrong(`${name} is no whole number from ${String(least)} to ${String(most)}`);
  }
  return value;
}

function bytesOf(found: Fields, name: string, length: number): Bytes {
  const value = textOf(found, name);
  if (value.length !== 2 * length || !/^[0-9a-f]*$/.test(value)) {
    throw wrong(`${name} is not ${String(length)} bytes in lower-case hexadecimal`);
  }
  return fromHex(value);
}
