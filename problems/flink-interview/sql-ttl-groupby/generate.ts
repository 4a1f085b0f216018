/**
 * Orders that begin at random moments of a day. Each has a few lines within minutes and then perhaps corrections, each of them at most
 * `longestMinutes` after the line before; some exactly so. The keys never return.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly orders: number;
  readonly hours: number;
  readonly startMs: number;
  readonly longestMinutes: number;
}

const MINUTE_MS = 60_000;

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const order_lines: { atMs: number; partition: number; key: string; value: { order_id: string; line: number; cents: number } }[] = [];
  for (let number = 0; number < params.orders; number++) {
    const order_id = `o_${1000 + number}`;
    let atMs = params.startMs + int(params.hours * 60 * MINUTE_MS);
    const early = 1 + int(3);
    const late = random.next() < 0.5 ? 1 + int(2) : 0;
    for (let line = 1; line <= early + late; line++) {
      const credit = line > early && random.next() < 0.6;
      order_lines.push({
        atMs,
        partition: number % 2,
        key: order_id,
        value: { order_id, line: credit ? line - 1 : line, cents: credit ? -1 - int(500) : 100 + int(9900) },
      });
      if (line < early) atMs += 1000 + int(3 * MINUTE_MS);
      else atMs += random.next() < 0.3 ? params.longestMinutes * MINUTE_MS : (20 + int(params.longestMinutes - 20)) * MINUTE_MS;
    }
  }
  order_lines.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
  return { order_lines };
}
