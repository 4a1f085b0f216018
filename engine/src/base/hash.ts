/**
 * A streaming 64-bit hash of text and numbers, for telling runs apart (same seed, same bytes). Two FNV-like lanes with different
 * primes; not cryptographic. `add("ab")` then `add("c")` differs from `add("a")` then `add("bc")`: each part's length counts.
 */
export class Fingerprint {
  private low = 0x811c_9dc5 | 0;
  private high = 0x6c62_272e | 0;

  add(text: string): void {
    let low = this.low;
    let high = this.high;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      low = Math.imul(low ^ code, 0x0100_0193);
      high = Math.imul(high ^ code, 0x0085_ebca) ^ (low >>> 13);
    }
    this.low = low;
    this.high = high;
    this.addWord(text.length);
  }

  addNumber(value: number): void {
    scratch.setFloat64(0, value);
    this.addWord(scratch.getInt32(0));
    this.addWord(scratch.getInt32(4));
  }

  /** 16 lower-case hexadecimal digits of everything added so far. More may be added afterwards. */
  hex(): string {
    return (finish(this.high) >>> 0).toString(16).padStart(8, "0") + (finish(this.low ^ this.high) >>> 0).toString(16).padStart(8, "0");
  }

  private addWord(word: number): void {
    this.low = Math.imul(this.low ^ word, 0x0100_0193) ^ (this.low >>> 17);
    this.high = Math.imul(this.high ^ word, 0x9e37_79b1) ^ (this.low >>> 13);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

function finish(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
