import { Diagnostic } from "../../base/diagnostic.ts";

/** A pattern that Flink refuses, in its words (Flink: `MalformedPatternException`). */
export function malformedPattern(
  code: string,
  message: string,
  more: { readonly found?: string; readonly expected?: string; readonly hint?: string } = {},
): Diagnostic {
  return new Diagnostic({ code, message, phase: "graph", ...more });
}
