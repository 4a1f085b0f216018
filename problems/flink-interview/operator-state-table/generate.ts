/**
 * Ten clicks in order of time, bob's on partition 1, those of ann and eve on partition 0. Steps are chosen so that the borders are hit: often a
 * click comes exactly one gap after its user's last one (which still belongs to the session), or exactly at the instant at which the watermark of its
 * partition closes another session, or a second before.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly clicks: number;
}

const GAP_MS = 1_800_000;
const BOUND_MS = 5_000;
const PAGES = ["/home", "/cart", "/search", "/help", "/pay"];

export default function generate(random: Random, { startMs, clicks: count }: Params) {
  const users = ["ann", "bob", "eve"];
  const last = new Map<string, number>();
  let at = startMs;
  const clicks = [];
  for (let number = 0; number < count; number++) {
    const user = number < 3 ? users[number] : users[random.nextInt(users.length)];
    const before = last.get(user);
    const other = last.get(users[random.nextInt(users.length)]);
    const borders = [
      before === undefined ? 0 : before + GAP_MS,
      other === undefined ? 0 : other + GAP_MS + BOUND_MS - random.nextInt(2) * 1000,
    ];
    const border = borders[random.nextInt(2)];
    const later = at + (1 + random.nextInt(25)) * 60_000;
    at = number > 2 && border > at && border - at < GAP_MS && random.next() < 0.7 ? border : later;
    last.set(user, at);
    clicks.push({
      atMs: at + 1000,
      partition: user === "bob" ? 1 : 0,
      key: user,
      value: { user, page: PAGES[random.nextInt(PAGES.length)], at },
    });
  }
  return { clicks };
}
