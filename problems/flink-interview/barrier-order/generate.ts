/** Six records in two minutes, at least one before the second checkpoint. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

export default function generate(random: Random) {
  const times = [2_000 + random.nextInt(6_000), 33_000 + random.nextInt(8_000)];
  while (times.length < 6) times.push(12_000 + random.nextInt(100_000));
  times.sort((a, b) => a - b);
  return { in: times.map((atMs, index) => ({ atMs, value: { name: "abcdef"[index] } })) };
}
