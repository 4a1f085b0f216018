// verdict: memory-limit
// within: 4000
new Array(1e9).fill(0);
