/** Messages on six partitions for half a minute, a different number on each, and one on each when the job is back. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

const PARTITIONS = 6;

export default function generate(random: Random) {
  const messages: { atMs: number; partition: number; value: { n: number } }[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    messages.push({ atMs: 1_000 + 100 * partition, partition, value: { n: messages.length } });
    for (let more = random.nextInt(6); more > 0; more--) {
      messages.push({ atMs: 2_000 + random.nextInt(28_500), partition, value: { n: messages.length } });
    }
    messages.push({ atMs: 55_000 + 100 * partition, partition, value: { n: messages.length } });
  }
  messages.sort((a, b) => a.atMs - b.atMs || a.partition - b.partition);
  return { messages };
}
