/**
 * Messages of some cars, two partitions, a car always on the same one and its messages in order. Each arrives less than 2.5 s after its time. Within a trip
 * neighbours lie seconds to some minutes apart, sometimes one millisecond under half an hour and overtaken; a trip that falls silent is followed by the car's next message
 * exactly half an hour later, a millisecond more, or long after.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly cars: number;
  readonly minutes: number;
  /** Share of trips without an `end`. */
  readonly silent: number;
  /** Last messages on both partitions, behind trips that are and that are not over by then. */
  readonly last?: boolean;
}

const SILENCE_MS = 1_800_000;
const CODES = ["E1", "E2", "E7", "E12"];
const PLACES = ["depot", "harbour", "mill", "station", "market"];

export default function generate(random: Random, params: Params) {
  const messages: { atMs: number; partition: number; key: string; value: Record<string, unknown> }[] = [];
  const endMs = params.startMs + params.minutes * 60_000;
  for (let number = 0; number < params.cars; number++) {
    const car = `c${number + 1}`;
    let at = params.startMs + random.nextInt(300_000);
    let arrivedMs = 0;
    let heardOf = 0;
    const send = (rest: Record<string, unknown>, delayMs = random.nextInt(2_500)) => {
      heardOf = at;
      arrivedMs = Math.max(arrivedMs, at + delayMs);
      messages.push({ atMs: arrivedMs, partition: number % 2, key: car, value: { car, ...rest, at } });
    };
    while (at < endMs) {
      const length = 1 + random.nextInt(7);
      for (let index = 0; index < length; index++) {
        const kind = random.next();
        if (kind < 0.5) send({ kind: "move", speed: 5 * random.nextInt(25) });
        else if (kind < 0.75) send({ kind: "fault", code: CODES[random.nextInt(CODES.length)] });
        else send({ kind: "stop", place: PLACES[random.nextInt(PLACES.length)] });
        if (random.next() < 0.12) {
          // One millisecond under half an hour, and overtaken by younger messages of others on both partitions.
          at += SILENCE_MS - 1;
          send({ kind: "stop", place: PLACES[random.nextInt(PLACES.length)] }, 2_400);
          for (let partition = 0; partition < 2; partition++) {
            const other = `x${messages.length}`;
            const value = { car: other, kind: "stop", place: "gate", at: at + 1_000 };
            messages.push({ atMs: at + 1_000, partition, key: other, value });
          }
        }
        at += 2_000 + random.nextInt(240_000);
      }
      if (random.next() < params.silent) {
        const silence = random.nextInt(4);
        const last = heardOf;
        at = last + (silence === 0 ? SILENCE_MS : silence === 1 ? SILENCE_MS + 1 : SILENCE_MS + random.nextInt(3_000_000));
      } else {
        send({ kind: "end" });
        at += 1_000 + random.nextInt(600_000);
      }
    }
  }
  if (params.last ?? false) {
    const lastMs = endMs + 7_200_000;
    for (let partition = 0; partition < 2; partition++) {
      const say = (car: string, at: number, delayMs: number) =>
        messages.push({ atMs: at + delayMs, partition, key: car, value: { car, kind: "stop", place: "gate", at } });
      say(`over${partition}`, lastMs - SILENCE_MS - 6_000, 0);
      say(`waits${partition}`, lastMs - SILENCE_MS - 4_000, 0);
      say(`last${partition}`, lastMs, 2_400);
    }
  }
  // Sorting is stable: messages of one car that arrive together stay in order.
  messages.sort((a, b) => a.atMs - b.atMs);
  return { messages };
}
