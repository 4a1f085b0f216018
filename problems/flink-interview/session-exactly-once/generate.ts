/**
 * Clicks of some users over a morning, each user on one partition.
 *
 * Every click arrives at most four seconds after it happened, one second inside the promised bound, so no click is ever late and every
 * correct job agrees. Some neighbours within a session lie less than three seconds under the gap, and the second of them arrives behind younger
 * clicks of others on every partition, half of the time more than two and a half seconds younger than the session's end: a job that trusts the order of arrival,
 * or waits for half as long as it should, has closed the session by then. Often the user's own next
 * click overtakes it too: it has begun a session of its own, and the delayed click makes one of the two. Now and then the second click of
 * a session arrives before the first. Neighbours in different sessions are at least ten seconds over the gap.
 *
 * `silentFromMinute` / `silentToMinute`: partition 1 says nothing in between. `lastMinute`: one last click on partition 0, at least ten
 * minutes after everything else, so that it is plain which sessions have ended by then.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly users: number;
  readonly minutes: number;
  readonly startMs: number;
  readonly silentFromMinute?: number;
  readonly silentToMinute?: number;
  readonly lastMinute?: number;
}

interface Click {
  readonly user: string;
  readonly page: string;
  readonly at: number;
}

const MINUTE_MS = 60_000;
const GAP_MS = 30 * MINUTE_MS;
const MAX_DELAY_MS = 4_000;
const PARTITIONS = 2;
const PAGES = ["/home", "/search", "/cart", "/checkout", "/help", "/product/17", "/product/204", "/account"];

export default function generate(random: Random, params: Params) {
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from));
  const endMs = params.startMs + params.minutes * MINUTE_MS;
  const silentFromMs = params.startMs + (params.silentFromMinute ?? 1e6) * MINUTE_MS;
  const silentToMs = params.startMs + (params.silentToMinute ?? 1e6) * MINUTE_MS;
  const clicks: { click: Click; partition: number; atMs: number }[] = [];
  const add = (user: string, at: number, partition: number, delayMs: number) => {
    const silent = partition === 1 && at >= silentFromMs - MAX_DELAY_MS && at < silentToMs;
    if (at < endMs && !silent) {
      clicks.push({ click: { user, page: PAGES[int(0, PAGES.length)], at }, partition, atMs: at + delayMs });
    }
  };
  for (let number = 0; number < params.users; number++) {
    const user = `u_${int(10, 90)}${number}`;
    const partition = number % PARTITIONS;
    let at = params.startMs + int(0, 25 * MINUTE_MS);
    while (at < endMs) {
      const length = int(1, 7);
      for (let click = 0; click < length; click++) {
        const overtaken = click === 0 && length > 1 && random.next() < 0.4;
        add(user, at, partition, overtaken ? MAX_DELAY_MS - 1 : int(0, MAX_DELAY_MS));
        if (click === length - 1) break;
        if (overtaken) {
          at += int(1_000, 2_500);
          add(user, at, partition, int(0, 100));
        }
        if (random.next() < 0.2) {
          const previous = at;
          const far = random.next() < 0.5;
          at += GAP_MS - (far ? int(100, 900) : int(2_000, 3_000));
          add(user, at, partition, MAX_DELAY_MS - 1);
          if (random.next() < 0.6) add(user, previous + GAP_MS + int(50, 700), partition, int(0, 100));
          for (let other = 0; other < PARTITIONS; other++) {
            add(`once_${number}_${at % 100_000}_${other}`, previous + GAP_MS + (far ? 2_505 : 0) + int(1, 200), other, int(0, 100));
          }
        }
        at += random.next() < 0.3 ? int(20_000, 12 * MINUTE_MS) : int(5_000, 90_000);
      }
      at += GAP_MS + int(10_000, 15 * MINUTE_MS);
    }
  }
  if (params.lastMinute !== undefined) {
    clicks.push({
      click: { user: "u_last", page: "/home", at: params.startMs + params.lastMinute * MINUTE_MS },
      partition: 0,
      atMs: params.startMs + params.lastMinute * MINUTE_MS + 500,
    });
  }
  clicks.sort((a, b) => a.atMs - b.atMs || (a.click.user < b.click.user ? -1 : 1));
  return { clicks: clicks.map(({ click, partition, atMs }) => ({ atMs, partition, key: click.user, value: click })) };
}
