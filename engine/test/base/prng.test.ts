import { describe, expect, it } from "vitest";
import { BinaryHeap } from "../../src/base/binary-heap.ts";
import { Duration } from "../../src/base/duration.ts";
import { Fingerprint } from "../../src/base/hash.ts";
import { Prng } from "../../src/base/prng.ts";
import { RingBuffer } from "../../src/base/ring-buffer.ts";

describe("Prng", () => {
  it("gives the same numbers for the same seed, others for another", () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (prng) => () =>
            prng.next()
        )(new Prng(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("forks independently of how many numbers were drawn", () => {
    const drawn = new Prng(1);
    for (let index = 0; index < 100; index++) drawn.next();
    expect(drawn.fork("network").next()).toBe(new Prng(1).fork("network").next());
    expect(new Prng(1).fork("network").next()).not.toBe(new Prng(1).fork("disk").next());
  });

  it("spreads evenly", () => {
    const prng = new Prng(42);
    const buckets = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++) buckets[prng.nextInt(10)]++;
    for (const size of buckets) expect(Math.abs(size - 1000)).toBeLessThan(150);
  });
});

describe("collections and values", () => {
  it("BinaryHeap gives elements in order, also after retain", () => {
    const heap = new BinaryHeap<number>((left, right) => left - right);
    for (const item of [5, 3, 9, 1, 7, 3]) heap.push(item);
    heap.retain((item) => item !== 9);
    const order: (number | undefined)[] = [];
    while (heap.size > 0) order.push(heap.pop());
    expect(order).toEqual([1, 3, 3, 5, 7]);
  });

  it("RingBuffer keeps the order while it grows and wraps around", () => {
    const ring = new RingBuffer<number>(2);
    for (let item = 0; item < 5; item++) ring.push(item);
    expect([ring.shift(), ring.shift()]).toEqual([0, 1]);
    for (let item = 5; item < 12; item++) ring.push(item);
    ring.unshift(1);
    expect(ring.toArray()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(ring.at(2)).toBe(3);
  });

  it("Fingerprint tells parts apart", () => {
    const hex = (...parts: string[]) => {
      const fingerprint = new Fingerprint();
      for (const part of parts) fingerprint.add(part);
      return fingerprint.hex();
    };
    expect(hex("ab", "c")).toBe(hex("ab", "c"));
    expect(hex("ab", "c")).not.toBe(hex("a", "bc"));
    expect(hex("x")).toMatch(/^[0-9a-f]{16}$/);
  });

  it("Duration prints and reads as in Java", () => {
    expect(Duration.ofMinutes(90).toString()).toBe("PT1H30M");
    expect(Duration.parse("PT1H30M").toMillis()).toBe(5_400_000);
    expect(Duration.parse("P1DT0.5S").toMillis()).toBe(86_400_500);
    expect(() => Duration.parse("5 minutes")).toThrow(/ISO-8601/);
  });
});
