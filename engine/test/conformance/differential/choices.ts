import { Prng } from "../../../src/base/prng.ts";

/** Random choices of a case generator; one seed and label give the same case on every machine. */
export class Choices {
  /** Also what is seldom or never written: values of any form, odd keys, sizes and times at the edges. */
  readonly bold: boolean;
  private readonly prng: Prng;

  constructor(seed: number, label: string, bold = false) {
    this.bold = bold;
    this.prng = new Prng(seed).fork(label);
  }

  /** True in `percent` of 100 calls. */
  chance(percent: number): boolean {
    return this.prng.nextInt(100) < percent;
  }

  /** An integer from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + this.prng.nextInt(to - from + 1);
  }

  of<T>(options: readonly T[]): T {
    return options[this.prng.nextInt(options.length)];
  }

  /** One of the options, each as often as its weight says. */
  weighted<T>(options: readonly (readonly [weight: number, option: T])[]): T {
    let left = this.prng.nextInt(options.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, option] of options) {
      left -= weight;
      if (left < 0) return option;
    }
    return options[0][1];
  }

  list<T>(length: number, element: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => element(index));
  }
}
