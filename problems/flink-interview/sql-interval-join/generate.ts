/**
 * Orders and payments on two partitions each. Distances between order and payment that matter come often: exactly 0, exactly the limit, a
 * millisecond more, and a little less than 0. Some orders are paid in two parts, some never. Everything arrives at most `maxDelayMs`
 * after it happened.
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
  readonly minutes: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
  /** Share of orders without a payment in time. */
  readonly unpaid: number;
}

const MINUTE_MS = 60_000;
const LIMIT_MS = 15 * MINUTE_MS;

interface Arriving {
  readonly atMs: number;
  readonly partition: number;
  readonly key: string;
  readonly value: Record<string, unknown>;
}

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const orders: Arriving[] = [];
  const payments: Arriving[] = [];
  const arrive = (into: Arriving[], ts: number, key: string, value: Record<string, unknown>) =>
    into.push({ atMs: ts + int(params.maxDelayMs + 1), partition: int(2), key, value: { ...value, ts } });
  for (let number = 0; number < params.orders; number++) {
    const order_id = `o_${100 + number}`;
    const cents = 500 + int(9500);
    const ts = params.startMs + MINUTE_MS * 3 + int(params.minutes * MINUTE_MS);
    arrive(orders, ts, order_id, { order_id, cents });
    const pay = (distanceMs: number, part: string, paid: number) =>
      arrive(payments, ts + distanceMs, order_id, { payment_id: `p_${100 + number}${part}`, order_id, cents: paid });
    if (random.next() < params.unpaid) {
      const drawn = random.next();
      if (drawn < 0.3) pay(LIMIT_MS + 1, "a", cents);
      else if (drawn < 0.6) pay(-1 - int(2 * MINUTE_MS), "a", cents);
      else if (drawn < 0.7) pay(LIMIT_MS + int(20 * MINUTE_MS) + 1, "a", cents);
    } else {
      const drawn = random.next();
      const first = drawn < 0.2 ? 0 : drawn < 0.4 ? LIMIT_MS : int(LIMIT_MS);
      pay(first, "a", cents);
      if (random.next() < 0.25) pay(int(LIMIT_MS + 1), "b", 100);
    }
  }
  // Payments for orders that nobody placed.
  for (let number = 0; number < 3; number++) {
    arrive(payments, params.startMs + int(params.minutes * MINUTE_MS), `x_${number}`, {
      payment_id: `p_x${number}`,
      order_id: `x_${number}`,
      cents: 1,
    });
  }
  const byArrival = (a: Arriving, b: Arriving) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
  return { orders: orders.sort(byArrival), payments: payments.sort(byArrival) };
}
