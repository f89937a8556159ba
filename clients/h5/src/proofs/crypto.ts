/**
 * SHA-256 and Ed25519: the browser's own where it has them, else a small library.
 *
 * A page over plain HTTP, as when a phone looks at a demo, has no WebCrypto; older browsers have no
 * Ed25519 in it.
 */

import type { Bytes } from "./bytes";

const OWN: SubtleCrypto | undefined = (crypto as Partial<Crypto>).subtle;

/** The SHA-256 of some bytes. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  if (OWN !== undefined) {
    return new Uint8Array(await OWN.digest("SHA-256", bytes));
  }
  const library = await import("@noble/hashes/sha2.js");
  return new Uint8Array(library.sha256(bytes));
}

/** The browser's own form of a key; null where it knows no Ed25519. */
async function ownKey(key: Bytes): Promise<CryptoKey | null> {
  try {
    return (await OWN?.importKey("raw", key, "Ed25519", false, ["verify"])) ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether a key has signed some bytes.
 *
 * @param key - The Ed25519 public key, 32 bytes.
 * @param signature - 64 bytes.
 * @param said - What was signed.
 */
export async function isSigned(key: Bytes, signature: Bytes, said: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) {
    return false;
  }
  const own = await ownKey(key);
  if (OWN !== undefined && own !== null) {
    return OWN.verify("Ed25519", own, signature, said);
  }
  const { ed25519 } = await import("@noble/curves/ed25519.js");
  try {
    return ed25519.verify(signature, said, key, { zip215: false });
  } catch {
    // A key that is no point of the curve has signed nothing.
    return false;
  }
}
