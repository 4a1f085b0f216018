/**
 * Orders of a few cities on one partition, names in several spellings, some tests. Amounts are multiples of 100, so that sums meet the
 * threshold of 1,000 exactly; one city comes to 999 and then has the last cent; `refunds` is the share of negative ones, with which cities fall below it and come back.
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
  readonly startMs: number;
  readonly refunds: number;
}

const CITIES = ["berlin", "oslo", "rome", "lima"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const orders: { atMs: number; key: string; value: { kind: string; city: string; cents: number } }[] = [];
  let atMs = params.startMs;
  for (let number = 0; number < params.orders; number++) {
    const name = CITIES[Math.min(int(CITIES.length), int(CITIES.length))];
    const spellings = [name, ` ${name}`, `${name} `, name.toUpperCase(), name[0].toUpperCase() + name.slice(1)];
    const city = spellings[int(spellings.length)];
    const cents = (random.next() < 0.1 ? 10 + int(3) : 1 + int(6)) * 100 * (random.next() < params.refunds ? -1 : 1);
    atMs += 200 + int(4000);
    orders.push({ atMs, key: name, value: { kind: random.next() < 0.1 ? "test" : "sale", city, cents } });
    const short = number === 20 ? 999 : number === 60 ? 1 : 0;
    if (short > 0) orders.push({ atMs: atMs + 50, key: "cork", value: { kind: "sale", city: "Cork", cents: short } });
  }
  return { orders };
}
