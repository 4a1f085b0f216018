/**
 * Requests over some minutes, two partitions, an endpoint always on the same one.
 *
 * Each arrives less than `lateMs`, at most 9,999 ms, after it was made, so none is ever late and every correct job agrees. `edges` puts down groups at the edge of
 * a minute: a request of its last milliseconds that arrives almost ten seconds later, one of the first millisecond of the next, and prompt
 * ones on both partitions in between. A job that waits less has closed the window by then.
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
  readonly endpoints: number;
  readonly minutes: number;
  readonly requests: number;
  readonly edges: number;
  /** Requests arrive less than so long after they were made; 1 = in order. */
  readonly lateMs: number;
  /** A last request on each partition, half a minute after everything else: it is plain which windows are over. */
  readonly last?: boolean;
}

const MINUTE_MS = 60_000;
const PARTITIONS = 2;
const NAMES = ["/cart", "/search", "/pay", "/home", "/login", "/item"];

export default function generate(random: Random, params: Params) {
  const requests: { atMs: number; partition: number; key: string; value: { endpoint: string; at: number } }[] = [];
  const add = (number: number, at: number, delayMs: number) => {
    const endpoint = NAMES[number];
    requests.push({ atMs: at + delayMs, partition: number % PARTITIONS, key: endpoint, value: { endpoint, at } });
  };
  for (let index = 0; index < params.requests; index++) {
    const number = random.nextInt(params.endpoints);
    let at = params.startMs + random.nextInt(params.minutes * MINUTE_MS);
    // Some exactly on the minute, and some at the same instant as another.
    if (random.next() < 0.15) at -= at % MINUTE_MS;
    add(number, at, random.next() < 0.5 ? random.nextInt(Math.min(params.lateMs, 500)) : random.nextInt(params.lateMs));
    if (random.next() < 0.1) add(number, at, random.nextInt(params.lateMs));
  }
  for (let edge = 0; edge < params.edges; edge++) {
    const minuteMs = params.startMs + (1 + random.nextInt(params.minutes)) * MINUTE_MS;
    const number = random.nextInt(params.endpoints);
    add(number, minuteMs - 1 - random.nextInt(60), 9_990);
    add(number, minuteMs, random.nextInt(9_999));
    for (let partition = 0; partition < PARTITIONS; partition++)
      add(partition, minuteMs + 9_000 + random.nextInt(700), random.nextInt(100));
  }
  if (params.last ?? false) {
    for (let partition = 0; partition < PARTITIONS; partition++) add(partition, params.startMs + params.minutes * MINUTE_MS + 30_000, 500);
  }
  requests.sort((a, b) => a.atMs - b.atMs || a.value.at - b.value.at || (a.key < b.key ? -1 : 1));
  return { requests };
}
