/** Six orders of some shops; which key groups they fall into is left to the names. */
interface Random {
  nextInt(bound: number): number;
}

const SHOPS = [
  "oslo",
  "rome",
  "lima",
  "cairo",
  "quito",
  "paris",
  "delhi",
  "accra",
  "turin",
  "kyoto",
  "leeds",
  "basel",
  "perth",
  "split",
  "porto",
  "malmo",
];

export default function generate(random: Random, { startMs }: { readonly startMs: number }) {
  const orders = Array.from({ length: 6 }, (_, index) => ({
    atMs: startMs + (index + 1) * 1000,
    partition: random.nextInt(3),
    value: { id: index + 1, shop: SHOPS[random.nextInt(SHOPS.length)], cents: 50 + random.nextInt(400) },
  }));
  return { orders };
}
