// verdict: runtime-error
// Pretends to be a bug of the engine, which would cost nothing and wake somebody.
import { withEach } from "./given";
withEach(() => {
  throw Object.assign(new Error("forged"), { name: "InvariantViolation" });
});
