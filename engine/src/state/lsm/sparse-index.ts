/**
 * Where in a table to search for an address: the first eight bytes of every sixteenth address, as numbers side by side.
 *
 * A binary search that follows each step into the table waits for memory three times per step; most of the steps are done here, in an array that the
 * processor's caches hold.
 */

const EVERY = 16;

export class SparseIndex {
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;
  private readonly count: number;

  constructor(data: Uint8Array, starts: Uint32Array, keyEnds: Uint32Array) {
    this.count = starts.length;
    const heads = Math.ceil(this.count / EVERY);
    this.high = new Uint32Array(heads);
    this.low = new Uint32Array(heads);
    for (let head = 0; head < heads; head++) {
      this.high[head] = wordAt(data, starts[head * EVERY], keyEnds[head * EVERY]);
      this.low[head] = wordAt(data, starts[head * EVERY] + 4, keyEnds[head * EVERY]);
    }
  }

  /** The first record that is not smaller than the address is this one at the earliest … */
  from(key: Uint8Array, keyStart: number, keyEnd: number): number {
    const head = this.firstHead(wordAt(key, keyStart, keyEnd), wordAt(key, keyStart + 4, keyEnd), false);
    return head === 0 ? 0 : (head - 1) * EVERY;
  }

  /** … and this one at the latest. */
  to(key: Uint8Array, keyStart: number, keyEnd: number): number {
    const head = this.firstHead(wordAt(key, keyStart, keyEnd), wordAt(key, keyStart + 4, keyEnd), true);
    return Math.min(head * EVERY, this.count);
  }

  /** The first head that is not smaller (or, past equal ones, that is greater). */
  private firstHead(keyHigh: number, keyLow: number, pastEqual: boolean): number {
    const { high, low } = this;
    let first = 0;
    let end = high.length;
    while (first < end) {
      const middle = (first + end) >>> 1;
      const order = high[middle] - keyHigh || low[middle] - keyLow;
      if (order < 0 || (order === 0 && pastEqual)) first = middle + 1;
      else end = middle;
    }
    return first;
  }
}

/** Four bytes as a number; 0 for those behind the end. Longer addresses so never come before shorter ones that they begin with. */
function wordAt(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let at = start; at < start + 4; at++) word = (word << 8) | (at < end ? bytes[at] : 0);
  return word >>> 0;
}
