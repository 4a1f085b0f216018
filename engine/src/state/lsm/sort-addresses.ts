/**
 * Puts the entries of a write buffer in the order of their addresses.
 *
 * Comparing byte by byte, a million entries would take seconds. So the first eight bytes of each address are taken as two numbers and sorted by
 * their digits (radix sort, 16 bits at a time, digits that are all alike left out); only entries equal in all eight are compared as a whole.
 */
import { compareBytes } from "./key-codec.ts";

const DIGIT = 0x1_0000;
const FEW = 64;

/** Where the address of an entry lies in `bytes`. */
export interface Addresses {
  readonly bytes: Uint8Array;
  keyStart(entry: number): number;
  keyEnd(entry: number): number;
}

export function sortAddresses(entries: Int32Array, addresses: Addresses): Int32Array {
  const compare = (a: number, b: number) =>
    compareBytes(addresses.bytes, addresses.keyStart(a), addresses.keyEnd(a), addresses.bytes, addresses.keyStart(b), addresses.keyEnd(b));
  if (entries.length <= FEW) return entries.sort(compare);
  const heads = headsOf(entries, addresses);
  const order = radixOrder(heads);
  const sorted = new Int32Array(entries.length);
  for (let index = 0; index < order.length; index++) sorted[index] = entries[order[index]];
  sortTies(sorted, order, heads, compare);
  return sorted;
}

interface Heads {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** The first eight bytes of each address, 0 where it is shorter. */
function headsOf(entries: Int32Array, addresses: Addresses): Heads {
  const { bytes } = addresses;
  const high = new Uint32Array(entries.length);
  const low = new Uint32Array(entries.length);
  for (let index = 0; index < entries.length; index++) {
    const start = addresses.keyStart(entries[index]);
    const end = addresses.keyEnd(entries[index]);
    let a = 0;
    let b = 0;
    for (let at = 0; at < 4; at++) a = (a << 8) | (start + at < end ? bytes[start + at] : 0);
    for (let at = 4; at < 8; at++) b = (b << 8) | (start + at < end ? bytes[start + at] : 0);
    high[index] = a >>> 0;
    low[index] = b >>> 0;
  }
  return { high, low };
}

function radixOrder({ high, low }: Heads): Uint32Array {
  const count = high.length;
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  let other = new Uint32Array(count);
  const places = new Uint32Array(DIGIT);
  for (const [words, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    places.fill(0);
    for (let index = 0; index < count; index++) places[(words[index] >>> shift) & 0xffff]++;
    if (places[(words[0] >>> shift) & 0xffff] === count) continue;
    let place = 0;
    for (let digit = 0; digit < DIGIT; digit++) {
      const here = places[digit];
      places[digit] = place;
      place += here;
    }
    for (let index = 0; index < count; index++) {
      const from = order[index];
      other[places[(words[from] >>> shift) & 0xffff]++] = from;
    }
    [order, other] = [other, order];
  }
  return order;
}

function sortTies(sorted: Int32Array, order: Uint32Array, { high, low }: Heads, compare: (a: number, b: number) => number): void {
  let start = 0;
  for (let index = 1; index <= order.length; index++) {
    if (index < order.length && high[order[index]] === high[order[start]] && low[order[index]] === low[order[start]]) continue;
    if (index - start > 1) sorted.subarray(start, index).sort(compare);
    start = index;
  }
}
