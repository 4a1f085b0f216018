// verdict: (runtime-error|memory-limit|time-limit)
// Sizes at the edges of what V8 can hold.
const ends: string[] = [];
for (const size of [2 ** 31 - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 33, 2 ** 53]) {
  for (const make of [() => new ArrayBuffer(size), () => new (ArrayBuffer as any)(8, { maxByteLength: size }), () => new Float64Array(size), () => "x".repeat(size), () => new Array(size).join("x")]) {
    try {
      make();
      ends.push("worked");
    } catch (error) {
      ends.push((error as Error).name);
    }
  }
}
throw new Error(ends.join(" "));
