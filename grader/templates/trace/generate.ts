interface Random {
  nextInt(bound: number): number;
}

export default function generate(random: Random) {
  return {
    events: Array.from({ length: 4 }, (_, index) => ({
      atMs: 10_000 + index * 1000,
      value: { name: "ABCD"[index], at: random.nextInt(60) * 1000 },
    })),
  };
}
