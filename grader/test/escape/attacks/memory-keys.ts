// verdict: (memory-limit|time-limit)
// One object, as many properties as there are numbers.
const object: Record<string, number> = {};
for (let i = 0; ; i++) object[`k${i}`] = i;
