/**
 * Readings of some meters, a meter always on the same of two partitions. Each arrives less than 30 s after its time, so none is late; some lie exactly on
 * the hour or in its last milliseconds. Some meters only ever feed into the grid, so that their highest value is negative.
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
  readonly meters: number;
  readonly readings: number;
  readonly hours: number;
  /** A last reading on each partition, half an hour after everything else. */
  readonly last?: boolean;
}

const HOUR_MS = 3_600_000;

export default function generate(random: Random, params: Params) {
  const readings: { atMs: number; partition: number; key: string; value: { meter: string; watts: number; at: number } }[] = [];
  for (let index = 0; index < params.readings; index++) {
    const number = index % params.meters;
    const meter = `m${number + 1}`;
    let at = params.startMs + random.nextInt(params.hours * HOUR_MS);
    const border = random.next();
    if (border < 0.04) at += HOUR_MS - (at % HOUR_MS);
    else if (border < 0.08) at += HOUR_MS - (at % HOUR_MS) - 1 - random.nextInt(50);
    const watts = number === 0 ? -1 - random.nextInt(500) : number === 1 ? 1 + random.nextInt(900) : random.nextInt(800) - 400;
    readings.push({ atMs: at + random.nextInt(29_900), partition: number % 2, key: meter, value: { meter, watts, at } });
  }
  if (params.last ?? false) {
    const at = params.startMs + params.hours * HOUR_MS + 1_800_000;
    for (let partition = 0; partition < 2; partition++) {
      const meter = `m${partition + 1}`;
      readings.push({ atMs: at + 500, partition, key: meter, value: { meter, watts: 1, at } });
    }
  }
  readings.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1) || a.value.watts - b.value.watts);
  return { readings };
}
