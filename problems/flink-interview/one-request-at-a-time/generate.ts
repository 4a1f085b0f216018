/**
 * Orders at a steady rate, each of another customer, so that remembering answers would not help. One customer in ten is unknown. The customers are in
 * a topic that the service reads; they are there long before the orders.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly orders: number;
  readonly everyMs: number;
}

const COUNTRIES = ["NO", "IT", "PE", "EG", "EC"];

export default function generate(random: Random, { startMs, orders: count, everyMs }: Params) {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const customers = numbers
    .filter((number) => number % 10 !== 0)
    .map((number) => ({ atMs: startMs, key: `c${number}`, value: { country: COUNTRIES[random.nextInt(COUNTRIES.length)] } }));
  const orders = numbers.map((number) => {
    const atMs = startMs + 2000 + number * everyMs + random.nextInt(everyMs);
    return { atMs, value: { id: number, customer: `c${number}`, cents: 100 + random.nextInt(900), at: atMs } };
  });
  return { orders, people: customers };
}
