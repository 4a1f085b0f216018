// verdict: memory-limit
// within: 4000
const kept: unknown[] = [];
for (;;) {
  try {
    kept.push(new Array(100_000).fill({}));
  } catch {}
}
