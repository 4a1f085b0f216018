/**
 * Sales of a few categories. Revenues are close together so that places change often; `refunds` is the share of records that take money
 * back. Prices are multiples of 100, so that ties are frequent.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly sales: number;
  readonly startMs: number;
  readonly refunds: number;
}

const PRODUCTS: Record<string, string[]> = {
  books: ["atlas", "bible", "comic", "diary", "essay"],
  games: ["chess", "darts", "go", "poker"],
  tools: ["anvil", "drill", "file", "saw", "vice", "wrench"],
  toys: ["kite", "yoyo"],
};
const CATEGORIES = Object.keys(PRODUCTS);

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const sales: { atMs: number; partition: number; key: string; value: { category: string; product: string; cents: number } }[] = [];
  let atMs = params.startMs;
  for (let number = 0; number < params.sales; number++) {
    const category = CATEGORIES[int(CATEGORIES.length)];
    const products = PRODUCTS[category];
    const product = products[int(products.length)];
    const cents = (1 + int(4)) * 100 * (random.next() < params.refunds ? -1 : 1);
    atMs += 500 + int(8000);
    // One product comes by one partition: the order of its records is that of their arrival.
    sales.push({ atMs, partition: product.charCodeAt(0) % 2, key: product, value: { category, product, cents } });
  }
  return { sales };
}
