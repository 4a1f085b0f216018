/**
 * Messages of some cars, two partitions, a car always on the same one and its messages in order. Each arrives less than 2.5 s after its time. Within a trip
 * neighbours lie seconds to some minutes apart, sometimes one millisecond under half an hour; a trip that falls silent is followed by the car's next message
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
    const send = (rest: Record<string, unknown>) => {
      arrivedMs = Math.max(arrivedMs, at + random.nextInt(2_500));
      messages.push({ atMs: arrivedMs, partition: number % 2, key: car, value: { car, ...rest, at } });
    };
    while (at < endMs) {
      const length = 1 + random.nextInt(7);
      for (let index = 0; index < length; index++) {
        const kind = random.next();
        if (kind < 0.5) send({ kind: "move", speed: 5 * random.nextInt(25) });
        else if (kind < 0.75) send({ kind: "fault", code: CODES[random.nextInt(CODES.length)] });
        else send({ kind: "stop", place: PLACES[random.nextInt(PLACES.length)] });
        at += random.next() < 0.12 ? SILENCE_MS - 1 : 2_000 + random.nextInt(240_000);
      }
      if (random.next() < params.silent) {
        const silence = random.nextInt(4);
        const last = messages[messages.length - 1].value.at as number;
        at = last + (silence === 0 ? SILENCE_MS : silence === 1 ? SILENCE_MS + 1 : SILENCE_MS + random.nextInt(3_000_000));
      } else {
        send({ kind: "end" });
        at += 1_000 + random.nextInt(600_000);
      }
    }
  }
  // Sorting is stable: messages of one car that arrive together stay in order.
  messages.sort((a, b) => a.atMs - b.atMs);
  return { messages };
}
