/** Signed notes, checkpoints and the keys that vouch for them (c2sp.org/signed-note). */

import { figureOf, fromBase64, textBytes, together, toBase64, toHex, type Bytes } from "./bytes";
import { isSigned, sha256 } from "./crypto";
import { ProofWrong, type Check } from "./wrong";

const OWN_KEY = 0x01;
const WITNESS_KEY = 0x04;
const ID_BYTES = 4;
const STAMP_BYTES = 8;
const HASH_BYTES = 32;
const INT64_MAX = (1n << 63n) - 1n;
const NOTE_BYTES_MAX = 1 << 20;
const LINES_MAX = 100;
const DASH = "\u2014 ";
const LIABILITIES = "liabilities ";

interface Line {
  name: string;
  id: string;
  written: Bytes;
}

export interface Note {
  /** With the newline at its end. */
  text: string;
  lines: Line[];
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Bytes;
  liabilities: Bytes;
}

/** A key that is trusted. */
export interface Key {
  name: string;
  /** Four bytes in hexadecimal. */
  id: string;
  isWitness: boolean;
  key: Bytes;
}

// Whatever counts as white space to Unicode; a mark of byte order does not.
const hasSpace = (text: string): boolean => /[\s\u0085]/.test(text.replaceAll("\ufeff", ""));
const isName = (text: string): boolean => text !== "" && !hasSpace(text) && !text.includes("+");

function decoded(text: string, check: Check): Bytes {
  const bytes = fromBase64(text);
  if (bytes === null) {
    throw new ProofWrong(check, "no base64");
  }
  return bytes;
}

/** Read a note: its text, an empty line, and lines that vouch for it. */
export function readNote(whole: string): Note {
  const refuse = (reason: string): never => {
    throw new ProofWrong("file", reason);
  };
  if (/\p{Surrogate}/u.test(whole)) {
    refuse("the checkpoint is no text");
  }
  if (textBytes(whole).length > NOTE_BYTES_MAX) {
    refuse(`more than ${String(NOTE_BYTES_MAX)} bytes`);
  }
  if (Array.from(whole).some((sign) => sign < " " && sign !== "\n")) {
    refuse("a control character");
  }
  const blank = whole.lastIndexOf("\n\n");
  if (blank < 1 || blank + 2 >= whole.length || !whole.endsWith("\n")) {
    refuse("no text, an empty line, and lines that vouch for it");
  }
  const lines = whole.slice(blank + 2, -1).split("\n");
  if (lines.length > LINES_MAX) {
    refuse(`more than ${String(LINES_MAX)} signatures`);
  }
  return { text: whole.slice(0, blank + 1), lines: lines.map(readLine) };
}

function readLine(line: string): Line {
  const [, name = "", told = ""] = new RegExp(`^${DASH}([^ ]*) (.*)$`, "u").exec(line) ?? [];
  const raw = decoded(told, "file");
  if (!isName(name) || raw.length <= ID_BYTES) {
    throw new ProofWrong("file", "a signature's line is a dash, a name and base64");
  }
  return { name, id: toHex(raw.slice(0, ID_BYTES)), written: raw.slice(ID_BYTES) };
}

/** Read a checkpoint from a note's text; it is written in one way. */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", rootText = "", fourth, ...more] = text.slice(0, -1).split("\n");
  const refuse = (reason: string): never => {
    throw new ProofWrong("checkpoint", reason);
  };
  if (rootText === "" || more.length > 0 || !isName(origin)) {
    refuse("a checkpoint is origin, size, root, and what it owes");
  }
  const root = decoded(rootText, "checkpoint");
  const told = fourth?.startsWith(LIABILITIES) === true ? fourth.slice(LIABILITIES.length) : "";
  const liabilities = decoded(told, "checkpoint");
  if (root.length !== HASH_BYTES || ![0, HASH_BYTES].includes(liabilities.length)) {
    refuse("a root has 32 bytes");
  }
  if (!/^[0-9]{1,19}$/.test(size)) {
    refuse("a size is decimal digits");
  }
  const lines = [origin, String(BigInt(size)), toBase64(root)];
  if (liabilities.length > 0) {
    lines.push(LIABILITIES + toBase64(liabilities));
  }
  if (lines.map((line) => `${line}\n`).join("") !== text) {
    refuse("a checkpoint is written in one way");
  }
  return { origin, size: BigInt(size), root, liabilities };
}

/** Read a key as it is handed out: name+id+base64(kind || public key). */
export async function readKey(text: string): Promise<Key> {
  const [, name = "", id = "", told = ""] = /^([^+]+)\+([^+]*)\+(.*)$/.exec(text) ?? [];
  const raw = decoded(told, "signature");
  const kind = raw[0] ?? 0;
  if (!isName(name) || raw.length !== 1 + HASH_BYTES || ![OWN_KEY, WITNESS_KEY].includes(kind)) {
    throw new ProofWrong("signature", "no verifier's key: name+id+key");
  }
  const digest = await sha256(together(textBytes(`${name}\n`), raw));
  if (toHex(digest.slice(0, ID_BYTES)) !== id) {
    throw new ProofWrong("signature", "the key's id is not its own");
  }
  return { name, id, isWitness: kind === WITNESS_KEY, key: raw.slice(1) };
}

/**
 * Which of some trusted keys vouch for a note.
 *
 * @throws ProofWrong - One of them has a line that it did not write: nothing of the note holds.
 */
export async function vouched(note: Note, trusted: readonly Key[]): Promise<Key[]> {
  const found: Key[] = [];
  for (const key of trusted) {
    const lines = note.lines.filter((line) => line.name === key.name && line.id === key.id);
    for (const line of lines) {
      if (!(await hasWritten(key, line.written, note.text))) {
        throw new ProofWrong("signature", `the signature of ${key.name} is wrong`);
      }
    }
    if (lines.length > 0) {
      found.push(key);
    }
  }
  return found;
}

async function hasWritten(key: Key, written: Bytes, text: string): Promise<boolean> {
  if (!key.isWitness) {
    return isSigned(key.key, written, textBytes(text));
  }
  const at = figureOf(written.slice(0, STAMP_BYTES));
  const said = textBytes(`cosignature/v1\ntime ${String(at)}\n${text}`);
  return at <= INT64_MAX && (await isSigned(key.key, written.slice(STAMP_BYTES), said));
}
