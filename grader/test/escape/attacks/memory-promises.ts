// verdict: (memory-limit|time-limit)
// Promises that hold each other, caught by nobody.
let last: Promise<unknown> = Promise.resolve();
for (;;) last = Promise.all([last, new Promise(() => undefined)]);
