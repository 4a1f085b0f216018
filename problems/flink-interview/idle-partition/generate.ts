/**
 * Twelve and a half minutes of six partitions. P0 to P3 speak every 25 to 45 s, each event at most four seconds old: inside the bound. P4 is fed by an
 * uploader that comes every 50 s with all that has happened since, in order: old by the clock, but never behind its own partition. Whoever takes it for
 * idle after a few seconds makes its events late. P5 says nothing from minute 2 on. With `wakes` it comes back in minute 9 with two events of minutes 2
 * to 4, whose windows closed minutes before (late on every schedule), and goes on with new ones. Some events lie exactly at the beginning of a minute.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly wakes?: boolean;
}

const MINUTE_MS = 60_000;
const END_MS = 12.5 * MINUTE_MS;
/** At which disorder within the bound shows. The uploader comes a second time then. */
const BORDER_MS = 6 * MINUTE_MS;
const KINDS = ["view", "buy"];

export default function generate(random: Random, { startMs, wakes = false }: Params) {
  const events: { atMs: number; partition: number; value: { id: string; kind: string; at: number } }[] = [];
  let number = 0;
  const add = (partition: number, atMs: number, happenedMs: number) => {
    events.push({
      atMs: startMs + atMs,
      partition,
      value: { id: `e${++number}`, kind: KINDS[random.nextInt(KINDS.length)], at: startMs + happenedMs },
    });
  };
  const steady = (partition: number, fromMs: number, toMs: number) => {
    for (let at = fromMs; at < toMs; at += 25_000 + random.nextInt(20_000)) {
      const exact = Math.floor(at / MINUTE_MS) * MINUTE_MS;
      const happened = at - exact < 20_000 && random.next() < 0.5 ? exact : at;
      add(partition, happened + random.nextInt(4_000), happened);
    }
  };
  for (let partition = 0; partition < 4; partition++) steady(partition, 2_000 + random.nextInt(20_000), END_MS - 10_000);
  for (let flush = 50_000; flush <= END_MS; flush += 50_000) {
    const fromMs = flush - 48_000 + random.nextInt(15_000);
    for (
      let at = flush === 400_000 ? Math.max(fromMs, BORDER_MS + 3_000) : fromMs;
      at < flush - 1000;
      at += 10_000 + random.nextInt(20_000)
    )
      add(4, flush, at);
  }
  steady(5, 3_000, 2 * MINUTE_MS);
  // Everybody who is awake has passed minute 6 when an event of minute 5 comes on P0: late for those who allow no disorder.
  for (let partition = 0; partition < 4; partition++) add(partition, BORDER_MS + 600, BORDER_MS + 500);
  add(4, BORDER_MS + 700, BORDER_MS + 600);
  add(0, BORDER_MS + 2_400, BORDER_MS - 1_000);
  // And by two and a half seconds when another one comes: late for those who allow half the disorder.
  for (let partition = 0; partition < 4; partition++) add(partition, BORDER_MS + 2_700, BORDER_MS + 2_600);
  add(4, BORDER_MS + 2_750, BORDER_MS + 2_650);
  add(0, BORDER_MS + 3_600, BORDER_MS - 300);
  if (wakes) {
    const wakeMs = 9 * MINUTE_MS + random.nextInt(20_000);
    add(5, wakeMs, 2 * MINUTE_MS + random.nextInt(MINUTE_MS));
    add(5, wakeMs + 1000, 3 * MINUTE_MS + random.nextInt(MINUTE_MS));
    steady(5, wakeMs + 5_000, END_MS - 10_000);
  }
  // Everybody but P5 in its sleep has the last word at the same time, so that it is plain which windows are closed.
  for (let partition = 0; partition < (wakes ? 6 : 5); partition++) add(partition, END_MS + 1000, END_MS);
  events.sort((a, b) => a.atMs - b.atMs || a.partition - b.partition || a.value.at - b.value.at);
  return { events };
}
