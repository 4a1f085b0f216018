// verdict: (memory-limit|time-limit)
new Array(1e9).fill(0);
