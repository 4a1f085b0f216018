/**
 * Ten clicks. Steps: short; exactly the gap (windows that touch); just under or over it; a click behind that lies between two sessions; one that is older than
 * the watermark but belongs to a session that is still open; one whose session is over.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

const GAP_S = 1800;
const PAGES = ["/home", "/cart", "/checkout", "/help", "/search", "/login"];

export default function generate(random: Random) {
  const times: number[] = [];
  let now = 1000 + 100 * random.nextInt(10);
  while (times.length < 10) {
    times.push(now);
    const step = random.nextInt(8);
    if (step < 2) now += 100 * (1 + random.nextInt(12));
    else if (step === 2) now += GAP_S;
    else if (step === 3) now += GAP_S - 100;
    else if (step === 4) now += GAP_S + 100;
    else if (step === 5) {
      // Opens a session just over the gap, then one between the two arrives.
      times.push(now + GAP_S + 50 + 50 * random.nextInt(3), now + GAP_S - 50);
      now += GAP_S + 200 + 100 * random.nextInt(5);
    } else if (step === 6) {
      times.push(now + 1000, now + 400);
      now += 1200;
    } else {
      times.push(now + GAP_S + 600, now - 100 * random.nextInt(8));
      now += GAP_S + 700 + 100 * random.nextInt(20);
    }
  }
  return {
    clicks: times.slice(0, 10).map((seconds, index) => ({
      atMs: 10_000 + index * 1000,
      value: { name: "ABCDEFGHIJ"[index], page: PAGES[random.nextInt(PAGES.length)], at: seconds * 1000 },
    })),
  };
}
