/** A secret: two words of 32 bits. */
export type HashKey = readonly [number, number];

/** Words of 32 bits in a hash. */
export const HASH_WORDS = 3;

// Rounds before each word of the hash.
const FINAL_ROUNDS = 3;

/**
 * Writes the hash of a text to `into`: HalfSipHash-1-3 (J.-P. Aumasson and D. J. Bernstein, SipHash, 2012) of its UTF-16 code units,
 * with a third word derived like the second. Without the key, an attacker cannot construct collisions.
 */
export function sipHash(text: string, [key0, key1]: HashKey, into: Uint32Array): void {
  const { length } = text;
  const pairs = (length + 1) >> 1;
  let v0 = key0;
  let v1 = key1 ^ 0xee;
  let v2 = key0 ^ 0x6c796765;
  let v3 = key1 ^ 0x74656462;
  for (let at = 0; at <= pairs + HASH_WORDS * FINAL_ROUNDS; at += 1) {
    let word = 0;
    if (at < pairs) word = text.charCodeAt(at * 2) | (at * 2 + 1 < length ? text.charCodeAt(at * 2 + 1) << 16 : 0);
    else if (at === pairs) word = length;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    if (at === pairs) v2 ^= 0xee;
    else if (at > pairs && (at - pairs) % FINAL_ROUNDS === 0) {
      into[(at - pairs) / FINAL_ROUNDS - 1] = v1 ^ v3;
      if (at - pairs === FINAL_ROUNDS) v1 ^= 0xdd;
    }
  }
}
