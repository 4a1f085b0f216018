/**
 * Readings of a few meters on two partitions. A third of the events is sent again, once or twice, up to three minutes later, with a new time
 * and reading. Records of one key may overtake each other by up to `maxDelayMs`. All times are different.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly events: number;
  readonly minutes: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
}

const METERS = ["m_1", "m_2", "m_3", "m_4", "m_5"];

interface Reading {
  readonly event_id: string;
  readonly meter: string;
  readonly reading: number;
  readonly ts: number;
}

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const readings: { atMs: number; partition: number; key: string; value: Reading }[] = [];
  const taken = new Set<number>();
  for (let number = 0; number < params.events; number++) {
    const meter = METERS[int(METERS.length)];
    const copies = 1 + (random.next() < 0.35 ? 1 + int(2) : 0);
    let ts = params.startMs + int(params.minutes * 60_000);
    for (let copy = 0; copy < copies; copy++) {
      while (taken.has(ts)) ts++;
      taken.add(ts);
      const value = { event_id: `e_${100 + number}`, meter, reading: int(1000), ts };
      // Each record by whichever partition is up, as the meters do it.
      readings.push({ atMs: ts + int(params.maxDelayMs + 1), partition: int(2), key: meter, value });
      // Some copies follow so closely that they may arrive before the first.
      ts += random.next() < 0.5 ? 1 + int(3000) : 1 + int(180_000);
    }
  }
  readings.sort((a, b) => a.atMs - b.atMs || a.value.ts - b.value.ts);
  return { readings };
}
