/** A record every 65 ms, in turn to both partitions, for three seconds: a few checkpoints, and records around each of them. */
export default function generate() {
  const startMs = Date.UTC(2026, 0, 5, 10);
  const records = Array.from({ length: 48 }, (_, n) => ({ atMs: startMs + (n + 1) * 65, partition: n % 2, key: null, value: `r${n}` }));
  return { in: records };
}
