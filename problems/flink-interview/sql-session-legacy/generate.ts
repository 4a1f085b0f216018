/**
 * Clicks on two partitions, by users that come in bouts. The silence between two clicks of a bout is short; between two bouts it is, one
 * time in three each, exactly the gap (same visit), the gap and a millisecond (two visits), or anything longer. Some clicks fall exactly on
 * the border of two quarters, where they belong to the later one. Every click arrives at most `maxDelayMs` after it happened, which is
 * inside the watermark's bound, so none is late.
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
const GAP_MS = 10 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
const USERS = ["u_7", "u_13", "u_42", "u_99", "u_100"];
const PAGES = ["/home", "/search", "/cart"];

export default function generate(random: Random, params: Params) {
  const int = (bound: number) => random.nextInt(bound);
  const clicks: { atMs: number; partition: number; key: string; value: { user_id: string; page: string; ts: number } }[] = [];
  const endMs = params.startMs + params.minutes * MINUTE_MS;
  for (let user = 0; user < USERS.length; user++) {
    let ts = params.startMs + int(GAP_MS);
    for (let number = 0; number < params.clicks / USERS.length && ts < endMs; number++) {
      const value = { user_id: USERS[user], page: PAGES[int(PAGES.length)], ts };
      clicks.push({ atMs: ts + int(params.maxDelayMs + 1), partition: user % 2, key: value.user_id, value });
      const drawn = random.next();
      if (drawn < 0.55) ts += 1 + int(5 * MINUTE_MS);
      else if (drawn < 0.65) ts += GAP_MS;
      else if (drawn < 0.75) ts += GAP_MS + 1;
      else if (drawn < 0.9) ts = Math.floor(ts / QUARTER_MS) * QUARTER_MS + QUARTER_MS;
      else ts += GAP_MS + int(GAP_MS);
    }
  }
  clicks.sort((a, b) => a.atMs - b.atMs || a.value.ts - b.value.ts || (a.key < b.key ? -1 : 1));
  return { clicks };
}
