/** Purchases of many shops, of which one sells more than all the others together: `perSecond` in all, of which `share` are its own. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly share: number;
  readonly shops: number;
}

const GREAT = "market";

export default function generate(random: Random, params: Params) {
  const purchases: { atMs: number; partition: number; key: null; value: { shop: string; cents: number; ts: number } }[] = [];
  const count = params.seconds * params.perSecond;
  const stepMs = 1000 / params.perSecond;
  for (let number = 0; number < count; number++) {
    const atMs = params.startMs + 1000 + Math.floor(number * stepMs) + random.nextInt(Math.ceil(stepMs));
    const shop = random.next() < params.share ? GREAT : `shop_${10 + random.nextInt(params.shops)}`;
    // Tills send to whichever partition has room: the topic is not partitioned by shop.
    purchases.push({ atMs, partition: random.nextInt(4), key: null, value: { shop, cents: 100 + random.nextInt(4900), ts: atMs } });
  }
  return { purchases: purchases.sort((a, b) => a.atMs - b.atMs) };
}
