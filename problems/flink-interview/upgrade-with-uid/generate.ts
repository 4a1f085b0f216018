/** Orders of some customers, two partitions, a customer always on the same one. A fifth of them are tests, with amounts above all others. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly customers: number;
  readonly orders: number;
  readonly seconds: number;
}

const NAMES = ["ann", "ben", "cat", "dan", "eve", "fay", "gus"];

export default function generate(random: Random, params: Params) {
  const orders = Array.from({ length: params.orders }, () => {
    const number = random.nextInt(params.customers);
    const test = random.next() < 0.2;
    const amount = test ? 200 + random.nextInt(100) : 1 + random.nextInt(99);
    const customer = NAMES[number];
    return {
      atMs: params.startMs + random.nextInt(params.seconds * 1000),
      partition: number % 2,
      key: customer,
      value: { customer, amount, test },
    };
  });
  orders.sort((a, b) => a.atMs - b.atMs || a.value.amount - b.value.amount);
  return { orders };
}
