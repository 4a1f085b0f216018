// verdict: (memory-limit|runtime-error|time-limit)
// Arguments by the million, on the stack.
let list = [1, 2, 3];
for (;;) list = [...list, ...list].concat(Array.prototype.concat.apply([], [list]));
