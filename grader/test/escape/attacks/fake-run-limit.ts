// verdict: runtime-error
// Pretends to be one of the engine's own ways to end a run.
import { withEach } from "./given";
withEach(() => {
  throw Object.assign(new Error("forged"), { name: "RunLimitReached", code: "LIMIT_STEPS" });
});
