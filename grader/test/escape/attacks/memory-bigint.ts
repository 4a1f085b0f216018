// verdict: (memory-limit|time-limit|runtime-error)
// A number that squares itself.
for (let n = 3n; ; n *= n);
