/**
 * Expressions as JavaScript text. Each gives statements, which come first, and the text of its value: a variable, a field of `row` or a literal.
 *
 * NULL is checked where it is used: a strict function is called when no argument is NULL, and arguments behind one that is are not evaluated. What
 * JavaScript's own operators do as SQL wants it (integers up to INT, points in time, texts) becomes such an operator; everything else is a call of the function's
 * implementation, each under a name of its own, so that V8 can inline it.
 *
 * `a + 1 > b`, with INTs, becomes
 *
 * ```js
 * let v0 = null; if (row[1] !== null) v0 = (row[1] + 1) | 0;
 * let v1 = null; if (v0 !== null && row[2] !== null) v1 = v0 > row[2];
 * ```
 */
import { invariant } from "../../../base/invariant.ts";
import type { CodeWriter } from "../../../base/generated-code.ts";
import { FIELD_OFFSET } from "../../../types/row.ts";
import type { Rex, RexCall } from "../../2-analyze/rex.ts";
import { isPlain } from "../../functions/operators.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";

export interface ExpressionCode {
  /** Statements that must have run. */
  readonly before: string;
  readonly value: string;
}

/** V8 does not optimise very long functions, and its parser is recursive. */
const MAX_NODES = 600;
const MAX_DEPTH = 120;

/** False for expressions that are better interpreted. */
export function fitsIntoCode(expressions: readonly Rex[]): boolean {
  let nodes = 0;
  const visit = (rex: Rex, depth: number): boolean => {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return false;
    return rex.kind !== "call" || rex.args.every((arg) => visit(arg, depth + 1));
  };
  return expressions.every((rex) => visit(rex, 0));
}

export class ExpressionCoder {
  private readonly writer: CodeWriter;
  private readonly context: EvalContext;

  constructor(writer: CodeWriter, context: EvalContext) {
    this.writer = writer;
    this.context = context;
  }

  codeOf(rex: Rex): ExpressionCode {
    switch (rex.kind) {
      case "input":
        return { before: "", value: `row[${rex.index + FIELD_OFFSET}]` };
      case "literal":
        return { before: "", value: this.writer.constant(rex.value) };
      case "correl":
      case "over":
      case "subquery":
        invariant(false, "what planning takes away is still there");
        break;
      case "call":
        return this.call(rex);
    }
  }

  private call(rex: RexCall): ExpressionCode {
    switch (rex.fn.name) {
      case "AND":
        return this.logical(rex, "false");
      case "OR":
        return this.logical(rex, "true");
      case "CASE":
        return this.branches(rex.args);
      case "IF":
        return this.branches(rex.args);
      case "COALESCE":
        return this.coalesce(rex);
      case "IS NULL":
        return this.test(rex, "=== null");
      case "IS NOT NULL":
        return this.test(rex, "!== null");
      case "IS TRUE":
        return this.test(rex, "=== true");
      case "IS FALSE":
        return this.test(rex, "=== false");
      default:
        return rex.fn.nullAware === true ? this.nullAwareCall(rex) : this.strictCall(rex);
    }
  }

  /** AND ends at FALSE, OR at TRUE. */
  private logical(rex: RexCall, end: "true" | "false"): ExpressionCode {
    const [left, right] = rex.args.map((arg) => this.codeOf(arg));
    const result = this.writer.variable();
    const neither = end === "true" ? "false" : "true";
    return {
      before: `${left.before}let ${result} = ${left.value};
if (${result} !== ${end}) {
${right.before}if (${right.value} === ${end}) ${result} = ${end};
else ${result} = ${result} === null || ${right.value} === null ? null : ${neither};
}
`,
      value: result,
    };
  }

  private test(rex: RexCall, test: string): ExpressionCode {
    const { before, value } = this.codeOf(rex.args[0]);
    return { before, value: `(${value} ${test})` };
  }

  /** Condition, value, condition, value, …, value otherwise. */
  private branches(args: readonly Rex[]): ExpressionCode {
    const result = this.writer.variable();
    let code = `let ${result};
`;
    let closing = "";
    let i = 0;
    for (; i + 1 < args.length; i += 2) {
      const condition = this.codeOf(args[i]);
      const value = this.codeOf(args[i + 1]);
      code += `${condition.before}if (${condition.value} === true) {
${value.before}${result} = ${value.value};
} else {
`;
      closing += "}\n";
    }
    const otherwise = this.codeOf(args[i]);
    return { before: `${code}${otherwise.before}${result} = ${otherwise.value};\n${closing}`, value: result };
  }

  private coalesce(rex: RexCall): ExpressionCode {
    const result = this.writer.variable();
    let code = `let ${result} = null;
`;
    for (const arg of rex.args) {
      const { before, value } = this.codeOf(arg);
      code += `if (${result} === null) {
${before}${result} = ${value};
}
`;
    }
    return { before: code, value: result };
  }

  private nullAwareCall(rex: RexCall): ExpressionCode {
    const args = rex.args.map((arg) => this.codeOf(arg));
    const result = this.writer.variable();
    return {
      before: `${args.map(({ before }) => before).join("")}const ${result} = ${this.implementationOf(rex)}(${args.map(({ value }) => value).join(", ")});
`,
      value: result,
    };
  }

  private strictCall(rex: RexCall): ExpressionCode {
    const args = rex.args.map((arg) => this.codeOf(arg));
    const values = args.map(({ value }) => value);
    const result = this.writer.variable();
    const call = operatorCode(rex, values) ?? `${this.implementationOf(rex)}(${values.join(", ")})`;
    let code = `let ${result} = null;
`;
    let open = 0;
    let conditions: string[] = [];
    const openBlock = (): void => {
      if (conditions.length === 0) return;
      code += `if (${conditions.join(" && ")}) {
`;
      conditions = [];
      open++;
    };
    args.forEach(({ before, value }, i) => {
      if (before !== "") openBlock();
      code += before;
      if (rex.args[i].kind !== "literal" || value === "null") conditions.push(`${value} !== null`);
    });
    openBlock();
    return { before: `${code}${result} = ${call};\n${"}\n".repeat(open)}`, value: result };
  }

  private implementationOf(rex: RexCall): string {
    const types = rex.args.map((arg) => arg.type);
    const { context } = this;
    return this.writer.constant(rex.fn.implement({ types, result: rex.type, context, options: rex.options, args: rex.args }));
  }
}

const COMPARISONS: Readonly<Record<string, string>> = { "=": "===", "<>": "!==", "<": "<", "<=": "<=", ">": ">", ">=": ">=" };

/** Where JavaScript's own operators do it right. */
function operatorCode({ fn, args, type }: RexCall, values: readonly string[]): string | null {
  const comparison = COMPARISONS[fn.name];
  if (comparison !== undefined) return args.every((arg) => isPlain(arg.type)) ? `(${values[0]} ${comparison} ${values[1]})` : null;
  if (fn.name === "NOT") return `!${values[0]}`;
  if (type.root === "INT" && args.every((arg) => arg.type.root === "INT")) {
    switch (fn.name) {
      case "+":
      case "-":
        return `(${values[0]} ${fn.name} ${values[1]}) | 0`;
      default:
        return null;
    }
  }
  return null;
}
