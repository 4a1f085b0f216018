// verdict: memory-limit
// cpuMs: 3000
// within: 4000
new Array(1e9).fill(0);
