// verdict: (time-limit|memory-limit|runtime-error)
// New code without end.
for (let i = 0; ; i++) new Function(`return function f${i}(${Array.from({ length: 200 }, (_, n) => `a${n}`)}) { return ${i} }`)()();
