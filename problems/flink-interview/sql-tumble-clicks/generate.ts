/**
 * Clicks of a few users over an hour on two partitions. Every click arrives at most `maxDelayMs` after it happened. With the four seconds
 * of the scenarios that is inside the five of the watermark on every schedule, so no click is late. Some clicks fall exactly on the
 * border of two windows, where they belong to the later one.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly clicks: number;
  readonly minutes: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
}

const MINUTE_MS = 60_000;
const PARTITIONS = 2;
const USERS = ["u_7", "u_13", "u_42", "u_99", "u_100"];
const PAGES = ["/home", "/search", "/cart", "/checkout"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const clicks: { atMs: number; partition: number; key: string; value: { user_id: string; page: string | null; ts: number } }[] = [];
  for (let number = 0; number < params.clicks; number++) {
    // The first users click more often than the last.
    const user = Math.min(int(USERS.length), int(USERS.length));
    const border = random.next() < 0.1;
    const ts = params.startMs + (border ? int(params.minutes / 5) * 5 * MINUTE_MS : int(params.minutes * MINUTE_MS));
    const page = random.next() < 0.08 ? null : PAGES[int(PAGES.length)];
    const value = { user_id: USERS[user], page, ts };
    clicks.push({ atMs: ts + int(params.maxDelayMs + 1), partition: user % PARTITIONS, key: value.user_id, value });
  }
  clicks.sort((a, b) => a.atMs - b.atMs || a.value.ts - b.value.ts || (a.key < b.key ? -1 : 1));
  return { clicks };
}
