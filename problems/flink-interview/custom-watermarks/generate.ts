/**
 * Two stations, one per partition, each with batches of half an hour of readings in no order at all. A batch ends with a mark, mostly for the last
 * millisecond of the half hour; sometimes the mark is a millisecond short of that, and the next batch begins with a reading of exactly the missing one.
 * The last batch has no mark, so its window stays open. The mark before is repeated in the end, long after any crash: a restart forgets watermarks.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly batches: number;
  readonly readings: number;
}

const BATCH_MS = 1_800_000;

export default function generate(random: Random, { startMs, batches, readings }: Params) {
  const messages: {
    atMs: number;
    partition: number;
    key: string;
    value: { kind: string; station: string; at: number; celsius: number };
  }[] = [];
  const lastMs = startMs + (batches + 1) * 20_000;
  for (const [partition, station] of ["north", "south"].entries()) {
    const add = (atMs: number, kind: string, at: number) => {
      const celsius = kind === "reading" ? random.nextInt(40) - 10 : 0;
      messages.push({ atMs, partition, key: station, value: { kind, station, at, celsius } });
    };
    let short = false;
    for (let batch = 0; batch <= batches; batch++) {
      const from = startMs + (batch - 6) * BATCH_MS;
      let now = startMs + (batch + 1) * 20_000 - 15_000 + random.nextInt(4_000);
      // The millisecond that the mark before has left out.
      if (short) add(now, "reading", from - 1);
      for (let number = 0; number < readings; number++) {
        now += 900 + random.nextInt(500);
        const at = from + (random.next() < 0.2 ? random.nextInt(3) * 600_000 : random.nextInt(BATCH_MS - 10));
        add(now, "reading", at);
      }
      if (batch === batches) break;
      short = batch < batches - 1 && random.next() < 0.4;
      add(now + 500, "end", from + BATCH_MS - (short ? 2 : 1));
    }
    const promised = startMs + (batches - 6) * BATCH_MS - 1;
    add(lastMs + 60_000, "end", promised);
    add(lastMs + 70_000, "end", promised);
  }
  messages.sort((a, b) => a.atMs - b.atMs || a.partition - b.partition);
  return { readings: messages };
}
