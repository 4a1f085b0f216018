/**
 * `{{name}}` in statement, hints, starter, given files, scenarios and submissions stands for a constant of problem.yaml. In prose and
 * YAML an undeclared name is an error; in code only declared names are replaced, since `{{` may be the author's own text there.
 */
import type { DiagnosticData } from "@millrace/engine";
import { nearest } from "./nearest.ts";

export type Constants = Readonly<Record<string, string | number | boolean>>;

export interface Substitution {
  readonly text: string;
  readonly diagnostics: readonly DiagnosticData[];
}

const PLACEHOLDER = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g;

export function substitute(file: string, text: string, constants: Constants, unknown: "error" | "keep"): Substitution {
  const diagnostics: DiagnosticData[] = [];
  const replaced = text.replace(PLACEHOLDER, (whole: string, name: string, offset: number) => {
    if (Object.hasOwn(constants, name)) return String(constants[name]);
    if (unknown === "error") {
      const before = text.slice(0, offset).split("\n");
      const guess = nearest(name, Object.keys(constants));
      diagnostics.push({
        code: "PACK_UNKNOWN_CONSTANT",
        message: `\`${whole}\` names no constant of problem.yaml.`,
        phase: "validate",
        file,
        span: { line: before.length, column: before[before.length - 1]!.length + 1 },
        ...(guess === null ? {} : { hint: `Did you mean \`{{${guess}}}\`?` }),
      });
    }
    return whole;
  });
  return { text: replaced, diagnostics };
}
