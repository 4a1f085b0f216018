/**
 * Readings of six sensors, in order per sensor, each sensor on one partition. Steps of a few seconds to two minutes; `breaks`: share of steps that are
 * exactly ten minutes, a millisecond more or less, five minutes, or half an hour. `bunch`: share of readings that are held back until the sensor's next
 * one is sent, so that the time of arrival tells nothing about age.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly sensors: number;
  readonly readings: number;
  readonly breaks: number;
  readonly bunch: number;
}

interface Reading {
  readonly id: string;
  readonly sensor: string;
  readonly celsius: number;
  readonly at: number;
}

const PARTITIONS = 2;
const NAMES = ["attic", "cellar", "hall", "porch", "shed", "roof"];
const AGE_MS = 600_000;
const BREAKS_MS = [AGE_MS, AGE_MS - 1, AGE_MS + 1, AGE_MS / 2, AGE_MS / 2, 3 * AGE_MS];

export default function generate(random: Random, params: Params) {
  const readings: { atMs: number; partition: number; key: string; value: Reading }[] = [];
  for (let number = 0; number < params.sensors; number++) {
    const sensor = NAMES[number];
    const count = Math.floor(params.readings / params.sensors);
    let at = params.startMs + random.nextInt(60_000);
    const own: { at: number; atMs: number }[] = [];
    for (let index = 0; index < count; index++) {
      own.push({ at, atMs: at + random.nextInt(500) });
      at +=
        random.next() < params.breaks
          ? BREAKS_MS[random.nextInt(BREAKS_MS.length)]
          : random.next() < 0.08
            ? 0
            : 2_000 + random.nextInt(120_000);
    }
    // From the last to the first: a reading leaves no later than the one behind it.
    for (let index = count - 2; index >= 0; index--) {
      const next = own[index + 1].atMs;
      if (own[index].atMs > next || random.next() < params.bunch) own[index].atMs = next;
    }
    own.forEach((reading, index) => {
      const value = { id: `${sensor}-${index + 1}`, sensor, celsius: 5 + random.nextInt(30), at: reading.at };
      readings.push({ atMs: reading.atMs, partition: number % PARTITIONS, key: sensor, value });
    });
  }
  // Sorting is stable: readings of one sensor that leave together stay in order.
  readings.sort((a, b) => a.atMs - b.atMs);
  return { readings };
}
