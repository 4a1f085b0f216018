/**
 * Orders and rates. Every currency but the last has changes at random minutes; one order in five falls exactly on a change, one in ten a
 * millisecond before it. The first rates come some minutes after the start, so that the first orders have none, and the last currency never
 * has one. All rates of a currency are on one partition: a versioned view drops what comes behind a newer version of its key, and after a crash two partitions are read
 * again at their own pace. Everything arrives at most `maxDelayMs` after its time, rates often after the orders that need them.
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
  readonly changes: number;
  readonly minutes: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
}

interface Arriving {
  readonly atMs: number;
  readonly partition: number;
  readonly key: string;
  readonly value: Record<string, unknown>;
}

const MINUTE_MS = 60_000;
const CURRENCIES = ["USD", "GBP", "JPY", "XAU"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const rates: Arriving[] = [];
  const orders: Arriving[] = [];
  const changes: { currency: string; ts: number }[] = [];
  const taken = new Set<string>();
  for (let number = 0; number < params.changes; number++) {
    const currency = CURRENCIES[int(CURRENCIES.length - 1)];
    const ts = params.startMs + (5 + int(params.minutes - 5)) * MINUTE_MS;
    if (taken.has(`${currency} ${ts}`)) continue;
    taken.add(`${currency} ${ts}`);
    changes.push({ currency, ts });
    const atMs = ts + (params.maxDelayMs === 0 ? 0 : params.maxDelayMs - int(params.maxDelayMs / 2 + 1));
    const partition = CURRENCIES.indexOf(currency) % 2;
    rates.push({ atMs, partition, key: currency, value: { currency, rate: 5000 + int(10000), ts } });
  }
  for (let number = 0; number < params.orders; number++) {
    const drawn = random.next();
    const change = changes[int(changes.length)];
    const near = drawn < 0.3;
    const currency = near ? change.currency : CURRENCIES[Math.min(int(5), 3)];
    const ts = near ? change.ts - (drawn < 0.2 ? 0 : 1) : params.startMs + int(params.minutes * MINUTE_MS);
    const value = { order_id: `o_${100 + number}`, currency, amount: 1 + int(500), ts };
    orders.push({ atMs: ts + int(params.maxDelayMs + 1), partition: int(2), key: value.order_id, value });
  }
  const byArrival = (a: Arriving, b: Arriving) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
  return { orders: orders.sort(byArrival), rates: rates.sort(byArrival) };
}
