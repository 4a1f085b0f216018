/** The generator of `java.util.Random`: 48 bits, linear congruential. */
const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

export class JavaRandom {
  private state: bigint;

  constructor(seed: bigint) {
    this.state = (seed ^ MULTIPLIER) & MASK;
  }

  private next(bits: number): number {
    this.state = (this.state * MULTIPLIER + 0xbn) & MASK;
    return Number(BigInt.asIntN(32, this.state >> BigInt(48 - bits)));
  }

  /** In [0, 1). */
  nextDouble(): number {
    const high = this.next(26);
    const low = this.next(27);
    return (high * 2 ** 27 + low) * 2 ** -53;
  }

  /** From 0 up to, but not including, the bound. */
  nextInt(bound: number): number {
    let bits = this.next(31);
    if ((bound & (bound - 1)) === 0) return Math.floor((bound * bits) / 2 ** 31);
    let value = bits % bound;
    while (bits - value + (bound - 1) > 0x7fffffff) {
      bits = this.next(31);
      value = bits % bound;
    }
    return value;
  }
}
