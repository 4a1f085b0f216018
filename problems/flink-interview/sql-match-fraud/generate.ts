/**
 * Transactions of a few cards on two partitions. A card makes bouts of payments whose amounts and distances are drawn so that what decides
 * comes often: amounts of exactly the bounds, distances of a minute less a millisecond, exactly a minute and a bit more, another payment
 * between, several small ones in a row. Times of a card differ.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly transactions: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
}

const MINUTE_MS = 60_000;
const CARDS = ["c_11", "c_22", "c_33", "c_44"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const transactions: {
    atMs: number;
    partition: number;
    key: string;
    value: { id: string; card_id: string; cents: number; ts: number };
  }[] = [];
  let number = 0;
  CARDS.forEach((card_id, card) => {
    let ts = params.startMs + int(MINUTE_MS);
    for (let of = 0; of < params.transactions / CARDS.length; of++) {
      const kind = random.next();
      const cents =
        kind < 0.38
          ? int(99) + 1
          : kind < 0.44
            ? 99
            : kind < 0.5
              ? 100
              : kind < 0.58
                ? 50_000
                : kind < 0.64
                  ? 50_001
                  : kind < 0.9
                    ? 50_001 + int(90_000)
                    : 101 + int(40_000);
      const value = { id: `t_${100 + number++}`, card_id, cents, ts };
      transactions.push({ atMs: ts + int(params.maxDelayMs + 1), partition: card % 2, key: card_id, value });
      const pause = random.next();
      ts +=
        pause < 0.5
          ? 500 + int(50_000)
          : pause < 0.65
            ? MINUTE_MS - 1
            : pause < 0.8
              ? MINUTE_MS
              : pause < 0.9
                ? MINUTE_MS + 1
                : MINUTE_MS + int(5 * MINUTE_MS);
    }
  });
  transactions.sort((a, b) => a.atMs - b.atMs || a.value.ts - b.value.ts || (a.key < b.key ? -1 : 1));
  return { transactions };
}
