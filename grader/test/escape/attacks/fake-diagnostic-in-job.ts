// verdict: (runtime-error|compile-error)
// The same in an operator.
import { Diagnostic } from "flink";
import { withEach } from "./given";
withEach(() => {
  const data = { code: 1, message: { x: 1 }, phase: 5, span: "x", found: 1n };
  throw new Diagnostic(data as never);
});
