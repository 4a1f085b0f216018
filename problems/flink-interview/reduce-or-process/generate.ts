/**
 * Readings of some meters, a meter always on the same of two partitions. Each arrives less than 30 s after its time, so none is late; some lie exactly on
 * the hour or in its last milliseconds. Some meters only ever feed into the grid, so that their highest value is negative. At the end of each hour a reading
 * of its last seconds comes when both partitions have readings from a quarter of a minute after it: late for who waits for half as long as he should. Half a minute
 * after the hour both have a reading again, so that it ends then and not minutes later.
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
  const add = (number: number, at: number, delayMs: number) => {
    const meter = `m${number + 1}`;
    const watts = number === 0 ? -1 - random.nextInt(500) : number === 1 ? 1 + random.nextInt(900) : random.nextInt(800) - 400;
    readings.push({ atMs: at + delayMs, partition: number % 2, key: meter, value: { meter, watts, at } });
  };
  for (let index = 0; index < params.readings; index++) {
    const number = index % params.meters;
    let at = params.startMs + random.nextInt(params.hours * HOUR_MS);
    const border = random.next();
    if (border < 0.04) at += HOUR_MS - (at % HOUR_MS);
    else if (border < 0.08) at += HOUR_MS - (at % HOUR_MS) - 1 - random.nextInt(50);
    add(number, at, random.nextInt(29_900));
  }
  for (let hour = 1; hour < params.hours; hour++) {
    const endMs = params.startMs + hour * HOUR_MS;
    add(random.nextInt(params.meters), endMs - 1 - random.nextInt(2_000), 29_000);
    for (let number = 0; number < 2; number++) add(number, endMs + 15_500 + random.nextInt(1_000), random.nextInt(500));
    for (let number = 0; number < 2; number++) add(number, endMs + 31_000 + random.nextInt(1_000), 0);
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
