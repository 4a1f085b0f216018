/** `${NAME}` in scripts, as the runners of benchmarks fill them in. */
import type { DiagnosticData } from "@millrace/engine";
import { UsageError } from "./usage-error.ts";

export interface SubstitutedScript {
  readonly text: string;
  /** Names that nobody has set, with their places. */
  readonly diagnostics: readonly DiagnosticData[];
}

/** @param variables `NAME=VALUE` */
export function substituteVariables(text: string, variables: readonly string[], file: string): SubstitutedScript {
  const values = valuesOf(variables);
  const diagnostics: DiagnosticData[] = [];
  const substituted = text.replace(VARIABLE, (whole, name: string, offset: number) => {
    const value = values.get(name);
    if (value !== undefined) return value;
    diagnostics.push(unknownVariable(name, text.slice(0, offset), file));
    return whole;
  });
  return { text: substituted, diagnostics };
}

/** The same, with names that nobody has set left as they stand. */
export function setVariables(text: string, variables: readonly string[]): string {
  const values = valuesOf(variables);
  return text.replace(VARIABLE, (whole, name: string) => values.get(name) ?? whole);
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_.]*)\}/g;

function valuesOf(variables: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const variable of variables) {
    const at = variable.indexOf("=");
    if (at < 1) throw new UsageError(`--set takes NAME=VALUE, not ${variable}.`);
    values.set(variable.slice(0, at), variable.slice(at + 1));
  }
  return values;
}

function unknownVariable(name: string, before: string, file: string): DiagnosticData {
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  return {
    code: "SQL_UNKNOWN_VARIABLE",
    message: `The script needs a value for \${${name}}.`,
    phase: "parse",
    file,
    span: { line, column, endLine: line, endColumn: column + name.length + 3 },
    hint: `Give it with --set ${name}=…`,
  };
}
