interface Random {
  nextInt(bound: number): number;
}

/** A click a second by one of three. */
export default function generate(random: Random, params: { clicks: number }) {
  const clicks = Array.from({ length: params.clicks }, (_, index) => {
    const user = ["ann", "bob", "cid"][random.nextInt(3)]!;
    return {
      atMs: Date.UTC(2026, 0, 5, 10) + 1000 * (index + 1),
      partition: user === "bob" ? 1 : 0,
      key: null,
      value: { user, at: index + 1 },
    };
  });
  return { clicks };
}
