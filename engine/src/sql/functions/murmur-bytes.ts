/** Murmur over bytes as Flink hashes binary rows and texts with it: 4 bytes at a time, then one by one, from the seed 42. */
const SEED = 42;

function mix(hash: number, value: number): number {
  let word = Math.imul(value, 0xcc9e_2d51);
  word = (word << 15) | (word >>> 17);
  word = Math.imul(word, 0x1b87_3593);
  const mixed = hash ^ word;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe654_6b64) | 0;
}

/** Of the first `length` bytes (all, if not said). Single bytes count with their sign, as in Java. */
export function murmurOfBytes(bytes: Uint8Array, length: number = bytes.length): number {
  const aligned = length & ~3;
  let hash = SEED;
  for (let at = 0; at < aligned; at += 4) {
    hash = mix(hash, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  }
  for (let at = aligned; at < length; at++) hash = mix(hash, (bytes[at] << 24) >> 24);
  hash ^= length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
