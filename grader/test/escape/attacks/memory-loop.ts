// verdict: memory-limit
// cpuMs: 3000
// within: 2000
// The program that isolated-vm's own limits do not hold (neither memory nor timeout).
const a: unknown[] = []; for(;;) a.push(new Array(1000).fill(1))
