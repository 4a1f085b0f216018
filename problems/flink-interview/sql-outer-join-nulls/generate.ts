/**
 * Shipments of a few depots and what couriers report about them. A report may come before its shipment, or of one that nobody sent
 * (`unknown`); `unread` is the share of reports without a shipment, `changes` that of rows that are changed or taken back later.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly shipments: number;
  readonly startMs: number;
  readonly minutes: number;
  readonly unread: number;
  readonly changes: number;
}

interface Arriving {
  readonly atMs: number;
  readonly partition: number;
  readonly key: string;
  readonly value: Record<string, unknown> | null;
}

const MINUTE_MS = 60_000;
const DEPOTS = ["Bern", "Graz", "Linz", "Lyon", "Oslo", "Wels"];
/** Sends, but nothing of it arrives. */
const REMOTE = "Nuuk";

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const spanMs = params.minutes * MINUTE_MS;
  const shipments: Arriving[] = [];
  const reports: Arriving[] = [];
  // One key comes by one partition: the order of its records is that of their arrival.
  const put = (into: Arriving[], offsetMs: number, number: number, key: string, value: Record<string, unknown> | null) =>
    into.push({ atMs: params.startMs + offsetMs, partition: number % 2, key, value });

  let reported = 0;
  const report = (shipment_id: string | null, offsetMs: number, outcome: string) => {
    const number = reported++;
    const key = `r_${100 + number}`;
    put(reports, offsetMs, number, key, { shipment_id, outcome });
    if (random.next() >= params.changes) return;
    const laterMs = offsetMs + 1000 + int(10 * MINUTE_MS);
    const drawn = random.next();
    if (drawn < 0.4) put(reports, laterMs, number, key, null);
    else if (drawn < 0.7) put(reports, laterMs, number, key, { shipment_id, outcome: outcome === "failed" ? "delivered" : "failed" });
    else put(reports, laterMs, number, key, { shipment_id: `s_${100 + int(params.shipments)}`, outcome });
  };

  for (let number = 0; number < params.shipments; number++) {
    const key = `s_${100 + number}`;
    const remote = random.next() < 0.1;
    const depot = remote ? REMOTE : DEPOTS[int(DEPOTS.length)];
    const offsetMs = 5 * MINUTE_MS + int(spanMs);
    // Some are known from reports only.
    if (random.next() >= 0.1) put(shipments, offsetMs, number, key, { depot });
    if (random.next() < params.changes) {
      const laterMs = offsetMs + 1000 + int(10 * MINUTE_MS);
      put(shipments, laterMs, number, key, random.next() < 0.5 ? null : { depot: DEPOTS[int(DEPOTS.length)] });
    }
    const tries = remote ? int(2) : int(4);
    for (let tried = 0; tried < tries; tried++) {
      const delivered = !remote && tried === tries - 1 && random.next() < 0.7;
      const beforeOrAfterMs = int(20 * MINUTE_MS) - 4 * MINUTE_MS;
      report(key, Math.max(0, offsetMs + beforeOrAfterMs), delivered ? "delivered" : "failed");
    }
    if (random.next() < params.unread) report(null, int(spanMs), random.next() < 0.5 ? "failed" : "delivered");
  }
  const byArrival = (a: Arriving, b: Arriving) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
  return { shipments: shipments.sort(byArrival), reports: reports.sort(byArrival) };
}
