/** Random numbers of one event: they depend on the seed and the event's number alone, so that any event can be made again at any time. */
export class EventRandom {
  private readonly seed: number;
  private state = 0;

  constructor(seed: number) {
    this.seed = Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 0x1_0000_0000);
  }

  /** To be called first. @param event a safe integer. */
  startAt(event: number): void {
    const high = Math.floor(event / 0x1_0000_0000);
    let h = this.seed ^ Math.imul(high + 0x7f4a7c15, 0x85ebca6b) ^ (event | 0);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    this.state = h ^ (h >>> 16);
  }

  /** 32 random bits, unsigned (mulberry32). */
  nextUint32(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** An integer in [0, bound). */
  nextInt(bound: number): number {
    return Math.floor((this.nextUint32() / 0x1_0000_0000) * bound);
  }

  /** A number in [0, 1). */
  next(): number {
    return this.nextUint32() / 0x1_0000_0000;
  }
}
