/** Payments of some accounts over some minutes, two partitions, an account always on the same one. One in ten is of 0 cents, and sometimes several come at once. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly payments: number;
  readonly seconds: number;
}

export default function generate(random: Random, params: Params) {
  const payments = Array.from({ length: params.payments }, () => {
    const number = random.nextInt(6);
    const at = random.nextInt(params.seconds * 1000);
    const atMs = params.startMs + (random.next() < 0.2 ? at - (at % 10_000) : at);
    return { atMs, number, cents: random.next() < 0.1 ? 0 : 100 * (1 + random.nextInt(50)) * (random.next() < 0.4 ? -1 : 1) };
  });
  payments.sort((a, b) => a.atMs - b.atMs || a.number - b.number || a.cents - b.cents);
  return {
    payments: payments.map(({ atMs, number, cents }, index) => {
      const account = `a${number + 1}`;
      return { atMs, partition: number % 2, key: account, value: { id: `p${index + 1}`, account, cents } };
    }),
  };
}
