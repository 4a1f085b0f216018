// verdict: runtime-error
// An exception that looks like a refusal of ours, with data that the judge would believe.
import { withEach } from "./given";
withEach(() => {
  throw Object.assign(new Error("forged"), { name: "Diagnostic", data: { code: 1, message: { toString: () => "forged" }, phase: "plan", span: "x" } });
});
