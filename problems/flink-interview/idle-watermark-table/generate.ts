/**
 * First one event for each of the six partitions, then eight more. Pauses are a few seconds or, twice, long enough to turn those idle that have said
 * nothing meanwhile. Neither an event nor
 * the moment nine seconds after it is within three seconds of a partition's turning idle.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

const IDLE_MS = 120_000;

export default function generate(random: Random) {
  const last = [0, 0, 0, 0, 0, 0];
  const events: { atMs: number; partition: number; value: { at: number } }[] = [];
  let now = 10_000;
  const silent = random.nextInt(6);
  for (let number = 0; number < 14; number++) {
    let partition = number < 6 ? number : random.nextInt(6);
    if (number >= 6 && number < 11 && partition === silent) partition = (partition + 1) % 6;
    if (number >= 12) partition = silent;
    // Often an event that is older than its partition's newest.
    const at = Math.max(0, 50_000 + number * 4_000 + (random.nextInt(9) - 5) * 3_000 - (number === 12 ? 20_000 : 0));
    events.push({ atMs: now, partition, value: { at } });
    last[partition] = now;
    const pause = number >= 6 && random.next() < 0.25 ? 60_000 : 10_000;
    now += pause;
    while (last.some((lastMs) => [now, now + 9_000].some((at) => Math.abs(at - lastMs - IDLE_MS) < 3_000))) now += 5_000;
  }
  return { events };
}
