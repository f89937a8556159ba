/** Byte strings: put together, written as figures, read from hexadecimal and base64. */

/** Bytes with a memory of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const BYTE = 256n;

/** Some byte strings one after another. */
export function together(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A whole number in so many bytes, the most significant first. */
export function figure(value: bigint, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest % BYTE);
    rest /= BYTE;
  }
  return bytes;
}

/** The whole number that some bytes are, the most significant first. */
export const figureOf = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => value * BYTE + BigInt(byte), 0n);

export const textBytes = (text: string): Bytes => together(new TextEncoder().encode(text));

export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Bytes of lower-case hexadecimal, which the text is known to be. */
export const fromHex = (text: string): Bytes =>
  Uint8Array.from({ length: text.length / 2 }, (_byte, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Bytes of base64 in its only form; null for anything else. */
export function fromBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    return null;
  }
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}
