import names from "./names.json";

interface Random {
  next(): number;
  nextInt(bound: number): number;
}

/** A click every two seconds by somebody, to a partition per name. */
export default function generate(random: Random, params: { clicks: number; also?: string }) {
  const clicks = Array.from({ length: params.clicks }, (_, index) => {
    const atMs = Date.UTC(2026, 0, 5, 10) + 2000 * (index + 1);
    const user = index === 20 && params.also !== undefined ? params.also : names[random.nextInt(names.length)];
    return { atMs, partition: params.clicks > 100 ? user.length % 2 : 0, key: null, value: { user, at: atMs - random.nextInt(3000) } };
  });
  return { clicks };
}
