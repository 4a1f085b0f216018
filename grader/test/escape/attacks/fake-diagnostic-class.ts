// verdict: (runtime-error|compile-error)
// A real Diagnostic, of which every field is of the wrong kind.
import { Diagnostic } from "flink";
throw new Diagnostic({ code: 1, message: { x: 1 }, phase: 5, span: "x", found: 1n } as never);
