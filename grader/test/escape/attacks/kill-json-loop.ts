// verdict: (time-limit|memory-limit)
// A built-in that the isolate's timeout does not interrupt, in an operator this time.
import { withEach } from "./given";
const text = JSON.stringify(Array.from({ length: 300_000 }, (_, i) => ({ i })));
withEach(() => {
  for (;;) JSON.parse(text);
});
