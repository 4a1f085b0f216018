/** Between the grader and its compile process. Lines of JSON. */
import type { DiagnosticData } from "@millrace/engine";
import type { Script } from "./script.ts";

export type CompileRequest =
  | {
      readonly kind: "typescript";
      readonly file: string;
      readonly text: string;
      readonly given: string | null;
      readonly checkTypes: boolean;
    }
  /** Author's module (given.ts, generate.ts, trace.ts): stripped only. */
  | { readonly kind: "strip"; readonly file: string; readonly text: string }
  | { readonly kind: "sql"; readonly text: string; readonly given: string; readonly topics: readonly string[] };

export interface CompileAnswer {
  readonly diagnostics: readonly DiagnosticData[];
  /** TypeScript without mistakes only. */
  readonly script: Script | null;
}
