// verdict: (time-limit|memory-limit)
// A built-in that the isolate's timeout does not interrupt.
let text = "[" + "1,".repeat(1_000_000) + "1]";
for (;;) JSON.parse(text);
