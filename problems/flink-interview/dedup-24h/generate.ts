/**
 * Events with retries, two partitions, all deliveries of an id on the same one.
 *
 * Deliveries of an id, in hours after the first that counts: retries lie between a few seconds and 23.5 h, inside the day; a delivery
 * that counts as new again lies 24.5 to 34 h after the last one that counted, outside. Nothing is within half an hour of the border, so
 * that neither a restart nor the moment of clean-up decides; but an hour more or less than a day does. With `crashes` nothing is within four hours of it:
 * what is read again after a crash counts from then, up to the time between two checkpoints later. `createdAt` is the event's own clock. With `backfill` it
 * is days old and jumps about, which must not matter: the 24 hours are hours of processing time.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly ids: number;
  readonly hours: number;
  readonly startMs: number;
  /** Share of ids that come again after the day. */
  readonly again: number;
  readonly backfill?: boolean;
  readonly crashes?: boolean;
}

interface Event {
  readonly id: string;
  readonly delivery: number;
  readonly createdAt: number;
  readonly payload: string;
}

const HOUR_MS = 3_600_000;
const PARTITIONS = 2;
const PAYLOADS = ["signup", "login", "purchase", "refund", "logout"];

export default function generate(random: Random, params: Params) {
  const crashes = params.crashes ?? false;
  const endMs = params.startMs + params.hours * HOUR_MS;
  const between = (fromHours: number, toHours: number) => Math.floor((fromHours + random.next() * (toHours - fromHours)) * HOUR_MS);
  const events: { atMs: number; partition: number; key: string; value: Event }[] = [];
  for (let number = 0; number < params.ids; number++) {
    const id = `e_${String(number + 1).padStart(3, "0")}`;
    const payload = PAYLOADS[random.nextInt(PAYLOADS.length)];
    let delivery = 0;
    let countedMs = params.startMs + between(0, 18);
    let rounds = random.next() < params.again ? 2 : 1;
    for (; rounds > 0 && countedMs < endMs; rounds--) {
      const at = [countedMs];
      while (random.next() < 0.55) at.push(countedMs + (random.next() < 0.4 ? 1_000 + random.nextInt(60_000) : between(0.1, 20)));
      if (!crashes && random.next() < 0.2) at.push(countedMs + between(23.3, 23.5));
      at.sort((a, b) => a - b);
      for (const atMs of at) {
        if (atMs >= endMs) continue;
        const createdAt = (params.backfill ?? false) ? atMs - between(1, 240) : countedMs - 2_000;
        events.push({ atMs, partition: number % PARTITIONS, key: id, value: { id, delivery: ++delivery, createdAt, payload } });
      }
      countedMs += !crashes && random.next() < 0.3 ? between(24.5, 24.7) : between(28, 34);
    }
  }
  events.sort((a, b) => a.atMs - b.atMs || (a.value.id < b.value.id ? -1 : 1) || a.value.delivery - b.value.delivery);
  return { events };
}
