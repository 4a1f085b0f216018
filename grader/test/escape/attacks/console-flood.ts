// verdict: time-limit
for (;;) console.log("x".repeat(10_000), { a: [1, 2, 3] });
