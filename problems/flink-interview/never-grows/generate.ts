/**
 * Visits over some days, two partitions, a visitor always on the same one. `regulars` come back after less than 5 hours or after 9.5 to 13; nothing lies within
 * two hours of the border, so that a restart decides nothing. The `crowd` comes once each, spread evenly over the time.
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
  readonly regulars: number;
  readonly crowd: number;
  readonly hours: number;
}

const HOUR_MS = 3_600_000;

export default function generate(random: Random, params: Params) {
  const visits: { atMs: number; visitor: string; partition: number }[] = [];
  const endMs = params.startMs + params.hours * HOUR_MS;
  const hours = (from: number, to: number) => Math.floor((from + random.next() * (to - from)) * HOUR_MS);
  for (let number = 0; number < params.regulars; number++) {
    for (let atMs = params.startMs + hours(0, 4); atMs < endMs; atMs += random.next() < 0.75 ? hours(0.1, 4.9) : hours(9.5, 13)) {
      visits.push({ atMs, visitor: `r${number + 1}`, partition: number % 2 });
    }
  }
  for (let number = 0; number < params.crowd; number++) {
    visits.push({
      atMs: params.startMs + Math.floor(((number + random.next()) / params.crowd) * params.hours * HOUR_MS),
      visitor: `c${number + 1}`,
      partition: number % 2,
    });
  }
  visits.sort((a, b) => a.atMs - b.atMs || (a.visitor < b.visitor ? -1 : 1));
  return {
    visits: visits.map(({ atMs, visitor, partition }, index) => ({
      atMs,
      partition,
      key: visitor,
      value: { id: `v${index + 1}`, visitor },
    })),
  };
}
