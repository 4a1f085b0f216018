/** Choices that come out the same for the same seed: a link brings back the same set. */

export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number;
}

/** Mulberry32: small, and good enough to choose questions by. Two seeds that differ in one bit have nothing in common. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** A new array in an order of chance. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(chance.next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
