/**
 * Readings of some devices and one limit for each, delivered once or twice. Which limit holds never depends on which topic was read first: a device
 * has one, and readings wait for it. `wait`: share of devices whose limit comes in the middle of their readings. Many readings lie exactly at the
 * limit or one degree above it; limits of 0 and below are frequent, and some devices are switched off by null.
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly devices: number;
  readonly readings: number;
  readonly seconds: number;
  readonly wait: number;
}

export default function generate(random: Random, params: Params) {
  const between = (from: number, to: number) => params.startMs + Math.floor((from + random.next() * (to - from)) * params.seconds * 1000);
  const LIMITS = [20, 0, null, -5, 35, 0, null, 20];
  const limits: { atMs: number; key: string; value: { device: string; limit: number | null } }[] = [];
  const readings: { atMs: number; partition: number; key: string; value: { id: string; device: string; celsius: number } }[] = [];
  for (let number = 0; number < params.devices; number++) {
    const device = `d${number + 1}`;
    const limit = LIMITS[number % LIMITS.length];
    const atMs = random.next() < params.wait ? between(0.3, 0.9) : params.startMs + 1000 + random.nextInt(2000);
    const message = { key: device, value: { device, limit } };
    // The last device hears of its limit never: its readings wait for ever.
    if (params.wait === 0 || number < params.devices - 1) limits.push({ atMs, ...message });
    if (number % 2 === 0) limits.push({ atMs: Math.max(atMs, between(0.9, 0.97)), ...message });
    for (let index = 0; index < params.readings; index++) {
      const celsius = random.next() < 0.4 ? (limit ?? 20) + random.nextInt(2) : (limit ?? 20) - 6 + random.nextInt(13);
      readings.push({
        atMs: between(0.05, 1),
        partition: number % 2,
        key: device,
        value: { id: `${device}-${index + 1}`, device, celsius },
      });
    }
  }
  const byTime = (a: { atMs: number; key: string }, b: { atMs: number; key: string }) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
  return { readings: readings.sort(byTime), limits: limits.sort(byTime) };
}
