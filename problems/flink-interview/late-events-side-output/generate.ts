/**
 * Taps at the gates of a stadium over some minutes, two partitions that are never silent.
 *
 * Ordinary taps arrive up to four seconds after they happened, so they are on time on every schedule. Late taps are placed by the *end of
 * their window*, far from every border that matters. Both partitions together hold at least one tap per second and each at least one in any
 * two, so at processing time t every partition's watermark lies between t - 12 s and t - 5 s. Hence
 *   - accepted late: window end 15 to 31 s before arrival: fired by 3 s at least, and still kept for 4 s at least;
 *   - too late: window end 50 to 120 s before arrival;
 *   - `behind`: window end at most 4.2 s before arrival, while it fires 5 s after its end at the earliest. Every other one comes when both partitions have taps from
 *     more than 2.5 s after that end.
 * `lateFromSecond`: no late tap arrives before. Crash worlds use it to keep them a minute away from the crash: a restart begins without any
 * watermark, and a tap that was late before it could count as on time after it.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly seconds: number;
  readonly startMs: number;
  readonly accepted: number;
  readonly tooLate: number;
  readonly lateFromSecond?: number;
  /** Taps 7 to 13 s old whose window has not fired: behind the watermark, on time all the same. */
  readonly behind?: number;
}

interface Tap {
  readonly id: string;
  readonly gate: string;
  readonly at: number;
}

const PARTITIONS = 2;
const GATES = ["north", "south", "east", "west"];
const WINDOW_MS = 10_000;

export default function generate(random: Random, params: Params) {
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from));
  const taps: { atMs: number; partition: number; key: string; value: Tap }[] = [];
  const add = (at: number, atMs: number, partition: number) => {
    const gate = GATES[int(0, GATES.length)];
    taps.push({ atMs, partition, key: gate, value: { id: `t${taps.length + 1}`, gate, at } });
  };
  for (let second = 0; second < params.seconds; second++) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      if (second % 2 === partition || random.next() < 0.3) {
        const at = params.startMs + second * 1000 + int(0, 1000);
        add(at, at + int(0, 4_000), partition);
      }
    }
  }
  const late = (count: number, leastSeconds: number, mostSeconds: number) => {
    const firstSecond = Math.max(params.lateFromSecond ?? 0, 20);
    for (let number = 0; number < count; number++) {
      const atMs = params.startMs + int(firstSecond * 1000, (params.seconds - 5) * 1000);
      const windowEndMs = Math.floor((atMs - int(leastSeconds, mostSeconds) * 1000) / WINDOW_MS) * WINDOW_MS;
      if (windowEndMs < atMs - mostSeconds * 1000) continue;
      add(windowEndMs - WINDOW_MS + int(0, WINDOW_MS), atMs, int(0, PARTITIONS));
    }
  };
  for (let number = 0; number < (params.behind ?? 0); number++) {
    const windowEndMs = params.startMs + int(2, Math.floor(params.seconds / 10)) * WINDOW_MS;
    const arrivedMs = windowEndMs + (number % 2 === 0 ? int(-1_000, 3_000) : int(3_400, 4_200));
    add(windowEndMs - WINDOW_MS + int(0, 2_000), arrivedMs, int(0, PARTITIONS));
    if (number % 2 === 0) continue;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const youngerMs = windowEndMs + 2_510 + int(0, 200);
      add(youngerMs, youngerMs + int(0, 100), partition);
    }
  }
  late(params.accepted, 15, 31);
  late(params.tooLate, 50, 120);
  taps.sort((a, b) => a.atMs - b.atMs || (a.value.id < b.value.id ? -1 : 1));
  return { taps };
}
