/**
 * Customers that move, leave and come back, and orders around these moments. A change and an order of the same customer are either at the same
 * millisecond (the new city holds), a millisecond apart, or anywhere. Some orders are of customers that never existed. The database's own
 * commit comes some milliseconds after the first statement, so the distances that matter are kept away from it: nothing is ordered within
 * half a second **after** a change began.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly customers: number;
  readonly changes: number;
  readonly orders: number;
  readonly minutes: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
}

const MINUTE_MS = 60_000;
const CITIES = ["Austin", "Seattle", "Boston", "Denver", "Tampa"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const rows = Array.from({ length: params.customers }, (_, index) => ({
    customer_id: index + 1,
    name: `c${index + 1}`,
    city: CITIES[int(CITIES.length)],
  }));
  const changedAt: number[] = [];
  const application: { atMs: number; changes: unknown[] }[] = [];
  for (let number = 0; number < params.changes; number++) {
    const atMs = params.startMs + 2 * MINUTE_MS + int(params.minutes * 60) * 1000;
    if (changedAt.includes(atMs)) continue;
    changedAt.push(atMs);
    const customer_id = 1 + int(params.customers);
    const city = CITIES[int(CITIES.length)];
    const leaves = random.next() < 0.15;
    const change = leaves
      ? { op: "delete", table: "customers", where: { customer_id } }
      : { op: "upsert", table: "customers", row: { customer_id, name: `c${customer_id}`, city } };
    application.push({ atMs, changes: [change] });
  }
  application.sort((a, b) => a.atMs - b.atMs);
  const orders: { atMs: number; partition: number; key: string; value: Record<string, unknown> }[] = [];
  for (let number = 0; number < params.orders; number++) {
    const drawn = random.next();
    const near = changedAt[int(changedAt.length)];
    let ts = drawn < 0.25 ? near - 1 : drawn < 0.4 ? near + 500 : params.startMs + MINUTE_MS + int(params.minutes * MINUTE_MS);
    if (changedAt.some((at) => ts >= at && ts < at + 500)) ts -= 600;
    if (changedAt.some((at) => ts >= at && ts < at + 500)) continue;
    const customer_id = 1 + int(params.customers + 1);
    const value = { order_id: 7000 + number, customer_id, amount: (100 + int(90_000)) / 100, ts };
    orders.push({ atMs: ts + int(params.maxDelayMs + 1), partition: 0, key: String(customer_id), value });
  }
  // What was ordered in the hour before the job began is read first.
  for (let number = 0; number < 6; number++) {
    const ts = params.startMs - (60 - number * 10) * MINUTE_MS + int(MINUTE_MS);
    const customer_id = 1 + int(params.customers);
    orders.push({
      atMs: params.startMs + 1000 + number,
      partition: 0,
      key: String(customer_id),
      value: { order_id: 6000 + number, customer_id, amount: 1 + int(99), ts },
    });
  }
  orders.sort((a, b) => a.atMs - b.atMs || (a.value.order_id as number) - (b.value.order_id as number));
  const tables = [
    {
      name: "customers",
      columns: { customer_id: "bigint not null", name: "text", city: "text" },
      primaryKey: ["customer_id"],
      replicaIdentity: "full",
      rows,
    },
  ];
  return { orders, production: { kind: "postgres", name: "production", settings: { walLevel: "logical" }, tables, application } };
}
