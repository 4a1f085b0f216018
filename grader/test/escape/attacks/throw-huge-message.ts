// verdict: (runtime-error|memory-limit|output-limit)
// Fifty megabytes of message, at each restart.
import { withEach } from "./given";
withEach(() => {
  throw new Error("x".repeat(50_000_000));
});
