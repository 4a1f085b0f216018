// verdict: (memory-limit|runtime-error|time-limit)
// Doubling strings, kept.
const kept: string[] = [];
for (let text = "x".repeat(1 << 20); ; text = `${text.slice(1)}y`) kept.push([...text].join(""));
