/**
 * MD5 and the SHA family over bytes, as lower-case hexadecimal text.
 *
 * The constants of the SHA family are the first bits of the fractions of square and cube roots of the first primes; they are computed
 * here, once, when the first digest is asked for, rather than written down.
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Message, a one bit, zeros, and the length in bits at the end of the last block. */
function padded(message: Uint8Array, blockBytes: number, lengthBytes: number, littleEndian: boolean): DataView {
  const size = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(size);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  const bits = BigInt(message.length) * 8n;
  view.setBigUint64(littleEndian ? size - lengthBytes : size - 8, bits, littleEndian);
  return view;
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

export function md5(message: Uint8Array): string {
  const view = padded(message, 64, 8, true);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed: number;
      let word: number;
      if (round === 0) {
        mixed = (b & c) | (~b & d);
        word = i;
      } else if (round === 1) {
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) % 16;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        word = (3 * i + 5) % 16;
      } else {
        mixed = c ^ (b | ~d);
        word = (7 * i) % 16;
      }
      const sum = (a + mixed + MD5_SINES[i] + view.getInt32(block + word * 4, true)) | 0;
      a = d;
      d = c;
      c = b;
      b = (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (i % 4)])) | 0;
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
  }
  return wordsToHex(state, true);
}

function wordsToHex(words: readonly number[], littleEndian: boolean): string {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setInt32(i * 4, word, littleEndian);
  });
  return hexOf(bytes);
}

export function sha1(message: Uint8Array): string {
  const view = padded(message, 64, 8, false);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const schedule = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 80; i++) {
      schedule[i] =
        i < 16 ? view.getInt32(block + i * 4) : rotateLeft(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    }
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i++) {
      const mixed = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const constant = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      const next = (rotateLeft(a, 5) + mixed + e + constant + schedule[i]) | 0;
      e = d;
      d = c;
      c = rotateLeft(b, 30);
      b = a;
      a = next;
    }
    [a, b, c, d, e].forEach((word, i) => {
      state[i] = (state[i] + word) | 0;
    });
  }
  return wordsToHex(state, false);
}

// ---- SHA-2 ----

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  return found;
}

/** Largest whole number whose power is not above the radicand. */
function wholeRoot(radicand: bigint, power: bigint): bigint {
  let low = 0n;
  let high = 1n << 128n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** power <= radicand) low = middle;
    else high = middle - 1n;
  }
  return low;
}

const LOW_64 = (1n << 64n) - 1n;
const squareFraction = (prime: bigint): bigint => wholeRoot(prime << 128n, 2n) & LOW_64;
const cubeFraction = (prime: bigint): bigint => wholeRoot(prime << 192n, 3n) & LOW_64;

interface Sha2Constants {
  readonly rounds64: readonly bigint[];
  readonly rounds32: Int32Array;
  readonly start512: readonly bigint[];
  readonly start384: readonly bigint[];
}

let constants: Sha2Constants | undefined;

function sha2Constants(): Sha2Constants {
  if (constants === undefined) {
    const eighty = primes(80);
    const rounds64 = eighty.map(cubeFraction);
    constants = {
      rounds64,
      rounds32: Int32Array.from(rounds64.slice(0, 64), (value) => Number(BigInt.asIntN(32, value >> 32n))),
      start512: eighty.slice(0, 8).map(squareFraction),
      start384: eighty.slice(8, 16).map(squareFraction),
    };
  }
  return constants;
}

function sha2With32Bits(message: Uint8Array, start: readonly number[], words: number): string {
  const { rounds32 } = sha2Constants();
  const view = padded(message, 64, 8, false);
  const state = Int32Array.from(start);
  const schedule = new Int32Array(64);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        schedule[i] = view.getInt32(block + i * 4);
        continue;
      }
      const x = schedule[i - 15];
      const y = schedule[i - 2];
      const s0 = rotateLeft(x, 25) ^ rotateLeft(x, 14) ^ (x >>> 3);
      const s1 = rotateLeft(y, 15) ^ rotateLeft(y, 13) ^ (y >>> 10);
      schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = rotateLeft(e, 26) ^ rotateLeft(e, 21) ^ rotateLeft(e, 7);
      const first = (h + s1 + ((e & f) ^ (~e & g)) + rounds32[i] + schedule[i]) | 0;
      const s0 = rotateLeft(a, 30) ^ rotateLeft(a, 19) ^ rotateLeft(a, 10);
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) | 0;
    });
  }
  return wordsToHex(Array.from(state.subarray(0, words)), false);
}

const rotate64 = (value: bigint, by: bigint): bigint => ((value >> by) | (value << (64n - by))) & LOW_64;

function sha2With64Bits(message: Uint8Array, start: readonly bigint[], words: number): string {
  const { rounds64 } = sha2Constants();
  const view = padded(message, 128, 16, false);
  const state = [...start];
  const schedule: bigint[] = [];
  for (let block = 0; block < view.byteLength; block += 128) {
    for (let i = 0; i < 80; i++) {
      if (i < 16) {
        schedule[i] = view.getBigUint64(block + i * 8);
        continue;
      }
      const x = schedule[i - 15];
      const y = schedule[i - 2];
      const s0 = rotate64(x, 1n) ^ rotate64(x, 8n) ^ (x >> 7n);
      const s1 = rotate64(y, 19n) ^ rotate64(y, 61n) ^ (y >> 6n);
      schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) & LOW_64;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const s1 = rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n);
      const first = h + s1 + ((e & f) ^ ((e ^ LOW_64) & g)) + rounds64[i] + schedule[i];
      const s0 = rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n);
      const second = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) & LOW_64;
      d = c;
      c = b;
      b = a;
      a = (first + second) & LOW_64;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) & LOW_64;
    });
  }
  return state
    .slice(0, words)
    .map((word) => word.toString(16).padStart(16, "0"))
    .join("");
}

const high32 = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n));
const low32 = (value: bigint): number => Number(BigInt.asIntN(32, value));

export const sha256 = (message: Uint8Array): string => sha2With32Bits(message, sha2Constants().start512.map(high32), 8);
export const sha224 = (message: Uint8Array): string => sha2With32Bits(message, sha2Constants().start384.map(low32), 7);
export const sha512 = (message: Uint8Array): string => sha2With64Bits(message, sha2Constants().start512, 8);
export const sha384 = (message: Uint8Array): string => sha2With64Bits(message, sha2Constants().start384, 6);
