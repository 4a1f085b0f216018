// verdict: (memory-limit|runtime-error|time-limit)
// Memory outside of V8's heap.
const kept: Uint8Array[] = [];
for (;;) kept.push(new Uint8Array(8 << 20).fill(1));
