/**
 * Functions written at run time for what is known only then (the shape of a record, a query's expressions), as Flink generates Java.
 *
 * Code comes from text, so a host may forbid it (a page with a strict content security policy): whoever generates needs a slower way beside it. Values
 * from outside get into the text through `constant` only, never by themselves.
 */

/** Captured at load time: a sandbox may take `Function` away from the programs that run later. */
const CompiledFunction = Function;

/** Evaluates `body` with the values under their names. null = the host forbids code from strings, or the text is too deep for its parser. */
export function evaluateCode(values: ReadonlyMap<string, unknown>, body: string): unknown {
  try {
    return new CompiledFunction(...values.keys(), `"use strict";\n${body}`)(...values.values());
  } catch (error) {
    if (error instanceof EvalError || error instanceof RangeError) return null;
    throw error;
  }
}

/** The text of a function under construction: names for values from outside, and for variables. */
export class CodeWriter {
  readonly constants = new Map<string, unknown>();
  private variables = 0;

  /** How the code refers to a value: as a literal where it has one, else by a name. */
  constant(value: unknown): string {
    switch (typeof value) {
      case "boolean":
        return String(value);
      case "string":
        return JSON.stringify(value);
      case "number":
        if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
        break;
      case "bigint":
        return value < 0n ? `(${value}n)` : `${value}n`;
      default:
        if (value === null) return "null";
    }
    const name = `c${this.constants.size}`;
    this.constants.set(name, value);
    return name;
  }

  variable(): string {
    return `v${this.variables++}`;
  }

  /** Evaluates the code; null as of `evaluateCode`. */
  evaluate(body: string): unknown {
    return evaluateCode(this.constants, body);
  }
}
