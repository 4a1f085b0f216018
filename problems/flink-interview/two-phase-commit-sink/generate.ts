/** Entries of six accounts over some minutes, two partitions, an account always on the same one; sometimes several at once, sometimes none for a while. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly entries: number;
  readonly seconds: number;
}

export default function generate(random: Random, params: Params) {
  const entries = Array.from({ length: params.entries }, () => {
    const at = random.nextInt(params.seconds * 1000);
    return {
      atMs: params.startMs + (random.next() < 0.3 ? at - (at % 10_000) : at),
      number: random.nextInt(6),
      cents: 100 * (random.nextInt(80) - 30),
    };
  });
  entries.sort((a, b) => a.atMs - b.atMs || a.number - b.number || a.cents - b.cents);
  return {
    entries: entries.map(({ atMs, number, cents }, index) => {
      const account = `a${number + 1}`;
      return { atMs, partition: number % 2, key: account, value: { id: `e${index + 1}`, account, cents } };
    }),
  };
}
