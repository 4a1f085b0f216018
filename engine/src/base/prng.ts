/**
 * The only source of randomness in a run: sfc32 seeded by splitmix32, so a seed gives the same numbers on every machine.
 *
 * `fork(label)` depends on the seed and the label alone, never on how many numbers were drawn before. Adding one draw in one place
 * therefore changes nothing anywhere else, which keeps pinned seeds meaningful while the engine grows.
 */
export class Prng {
  private readonly seed: number;
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  /** @param seed any safe integer (or float; its integer part counts); 53 bits of it are used. */
  constructor(seed: number) {
    const whole = Math.floor(Math.abs(seed));
    const low = whole >>> 0;
    const high = (Math.floor(whole / 0x1_0000_0000) ^ (seed < 0 ? 0x8000_0000 : 0)) >>> 0;
    this.seed = seed;
    const stream = new SplitMix(low ^ Math.imul(high, 0x9e37_79b1));
    this.a = stream.next() ^ low;
    this.b = stream.next() ^ high;
    this.c = stream.next();
    this.counter = 1;
    // sfc32 needs a few rounds before similar seeds look unrelated.
    for (let round = 0; round < 12; round++) this.nextUint32();
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }

  /** An integer in [0, bound). `bound` must be at least 1. */
  nextInt(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** An independent generator for one purpose, e.g. `prng.fork("network")`. */
  fork(label: string): Prng {
    const stream = new SplitMix(0x2545_f491);
    let high = stream.next();
    let low = stream.next();
    const text = `${this.seed}/${label}`;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      low = Math.imul(low ^ code, 0x0100_0193);
      high = Math.imul(high ^ (code + index), 0x85eb_ca6b);
      low ^= high >>> 15;
      high ^= low >>> 13;
    }
    return new Prng((high & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0));
  }

  private nextUint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }
}

class SplitMix {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    this.state = (this.state + 0x9e37_79b9) | 0;
    let mixed = this.state ^ (this.state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  }
}
