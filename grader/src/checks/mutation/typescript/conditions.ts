/** Conditions: `<` for `<=`, a constant one off, the opposite. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { type JobText, methodCall, type Mutator, replaceNode } from "./job-text.ts";

const OTHERS: Readonly<Record<string, string | undefined>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "&&": "||",
  "||": "&&",
};
const CONNECTIVES = ["&&", "||"];

export const conditions: Mutator = (node, job) => {
  if (ts.isBinaryExpression(node)) return comparison(node, job);
  if (ts.isIfStatement(node) && !isComparison(node.expression)) return [opposite(node.expression, job, "if")];
  const filter = methodCall(node, "filter");
  const predicate = filter?.node.arguments[0];
  if (predicate !== undefined && ts.isArrowFunction(predicate) && !ts.isBlock(predicate.body))
    return [opposite(predicate.body, job, "filter")];
  if (ts.isReturnStatement(node) && node.expression !== undefined && ts.isMethodDeclaration(node.parent.parent)) {
    return node.parent.parent.name.getText(job.source) === "filter" ? [opposite(node.expression, job, "filter")] : [];
  }
  return [];
};

function comparison(node: ts.BinaryExpression, job: JobText): Change[] {
  const operator = node.operatorToken.getText(job.source);
  const other = OTHERS[operator];
  if (other === undefined) return [];
  const [left, right] = [node.left.getText(job.source), node.right.getText(job.source)];
  const was = `${left} ${operator} ${right}`;
  const changes = [replaceNode(node.operatorToken, other, job, { was, becomes: other })];
  if (CONNECTIVES.includes(operator)) return changes;
  for (const side of [node.left, node.right]) {
    if (!ts.isNumericLiteral(side)) continue;
    const figure = Number(side.text);
    for (const off of [figure + 1, figure - 1])
      changes.push(replaceNode(side, off < 0 ? `(${off})` : String(off), job, { was, becomes: String(off) }));
  }
  return changes;
}

function opposite(expression: ts.Expression, job: JobText, keyword: string): Change {
  const text = expression.getText(job.source);
  return replaceNode(expression, `!(${text})`, job, { was: `${keyword} (${text})`, becomes: `${keyword} not` });
}

function isComparison(expression: ts.Expression): boolean {
  return ts.isBinaryExpression(expression) && OTHERS[expression.operatorToken.getText()] !== undefined;
}
