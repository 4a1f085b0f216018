/**
 * MurmurHash3 with 128 bits and seed 0, as Guava's `Hashing.murmur3_128()`: what Flink makes operator ids with. Only used while a graph is
 * built, on a few bytes at a time.
 */
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

const low64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotateLeft = (value: bigint, bits: bigint): bigint => low64(value << bits) | (value >> (64n - bits));
const mixK1 = (k1: bigint): bigint => low64(rotateLeft(low64(k1 * C1), 31n) * C2);
const mixK2 = (k2: bigint): bigint => low64(rotateLeft(low64(k2 * C2), 33n) * C1);

function finalMix(value: bigint): bigint {
  let hash = value ^ (value >> 33n);
  hash = low64(hash * 0xff51afd7ed558ccdn);
  hash ^= hash >> 33n;
  hash = low64(hash * 0xc4ceb9fe1a85ec53n);
  return hash ^ (hash >> 33n);
}

/** Up to eight bytes from `start`, the lowest first; bytes beyond the end are 0. */
function littleEndian(bytes: Uint8Array, start: number): bigint {
  let word = 0n;
  for (let index = Math.min(start + 8, bytes.length) - 1; index >= start; index--) word = (word << 8n) | BigInt(bytes[index]);
  return word;
}

/** 16 bytes. */
export function murmur128(bytes: Uint8Array): Uint8Array {
  let h1 = 0n;
  let h2 = 0n;
  const blocksEnd = bytes.length - (bytes.length % 16);
  for (let start = 0; start < blocksEnd; start += 16) {
    h1 ^= mixK1(littleEndian(bytes, start));
    h1 = low64(low64(rotateLeft(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixK2(littleEndian(bytes, start + 8));
    h2 = low64(low64(rotateLeft(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  h1 ^= mixK1(littleEndian(bytes, blocksEnd));
  h2 ^= mixK2(littleEndian(bytes, blocksEnd + 8));
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = low64(h1 + h2);
  h2 = low64(h2 + h1);
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h1 = low64(h1 + h2);
  h2 = low64(h2 + h1);
  const hash = new Uint8Array(16);
  for (let index = 0; index < 8; index++) {
    hash[index] = Number((h1 >> BigInt(8 * index)) & 0xffn);
    hash[index + 8] = Number((h2 >> BigInt(8 * index)) & 0xffn);
  }
  return hash;
}
