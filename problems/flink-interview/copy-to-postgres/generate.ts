/** Payments of some accounts, all of an account on one partition, in order. Several accounts move at once; some payments are of 0 cents. */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly payments: number;
}

const ACCOUNTS = ["a1", "a2", "a3", "a4", "a5", "a6"];

export default function generate(random: Random, { startMs, payments: count }: Params) {
  const payments = Array.from({ length: count }, (_, index) => {
    const number = random.nextInt(ACCOUNTS.length);
    const cents = random.next() < 0.1 ? 0 : random.nextInt(2000) - 700;
    return {
      atMs: startMs + 1000 + index * 700,
      partition: number % 2,
      key: ACCOUNTS[number],
      value: { id: index + 1, account: ACCOUNTS[number], cents },
    };
  });
  return { payments };
}
