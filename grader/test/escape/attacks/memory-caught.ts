// verdict: (time-limit|memory-limit)
const kept: unknown[] = [];
for (;;) {
  try {
    kept.push(new Array(100_000).fill({}));
  } catch {}
}
