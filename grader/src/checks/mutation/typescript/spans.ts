/**
 * Spans of time that are written down: one unit longer, one shorter. As literals (`Duration.ofMinutes(5)`, `const GAP_MS = 1_800_000`) and as products
 * (`5 * 60 * 1000`, `Duration.ofMillis(24 * 3_600_000)`). Not those that decide when something is shown, only: how often a checkpoint is made, when a partition
 * counts as idle.
 */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { isCallOf, type JobText, methodCall, type Mutator, replaceNode } from "./job-text.ts";

/** Calls whose spans other mutators change, or where a unit more or less is nobody's mistake. */
const NOT_IN = [
  "forBoundedOutOfOrderness",
  "withIdleness",
  "withWatermarkAlignment",
  "allowedLateness",
  "enableCheckpointing",
  "setAutoWatermarkInterval",
  "orderedWait",
  "unorderedWait",
  "fixedDelayRestart",
];

export const spans: Mutator = (node, job) => {
  if (isPartOf(node, NOT_IN)) return [];
  const timeToLive = methodCall(node, "newBuilder");
  if (timeToLive?.callee.expression.getText(job.source) === "StateTtlConfig")
    return timeToLive.node.arguments.flatMap((span) => aUnitOff(span, job));
  if (ts.isBinaryExpression(node)) return isOutermostProduct(node) ? productsOff(node, job) : [];
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return [];
  if (ts.isNumericLiteral(node.initializer) && /(_MS|Ms|Millis)$/.test(node.name.getText(job.source)))
    return millisOff(node.initializer, job);
  return aUnitOff(node.initializer, job);
};

const SMALLER: Readonly<Record<string, readonly [string, number] | undefined>> = {
  Days: ["Hours", 24],
  Hours: ["Minutes", 60],
  Minutes: ["Seconds", 60],
  Seconds: ["Millis", 1000],
};

/** A duration written as a literal, one unit longer and one shorter. */
export function aUnitOff(node: ts.Node, job: JobText): Change[] {
  const written = node.getText(job.source);
  const match = /^Duration\.of(Days|Hours|Minutes|Seconds|Millis)\(([\d_]+)\)$/.exec(written);
  if (match === null) return [];
  const [, unit = "", digits = ""] = match;
  const figure = Number(digits.replaceAll("_", ""));
  const smaller = SMALLER[unit];
  const changes = [replaceNode(node, `Duration.of${unit}(${figure + 1})`, job)];
  if (figure > 1) changes.push(replaceNode(node, `Duration.of${unit}(${figure - 1})`, job));
  else if (figure === 1 && smaller !== undefined) changes.push(replaceNode(node, `Duration.of${smaller[0]}(${smaller[1] - 1})`, job));
  return changes;
}

const MILLIS: Readonly<Record<string, number>> = { Days: 86_400_000, Hours: 3_600_000, Minutes: 60_000, Seconds: 1000, Millis: 1 };

/** A duration written as a literal, half as long. */
export function halved(node: ts.Node, job: JobText): Change[] {
  return times(node, 0.5, job);
}

/** A duration written as a literal, twice as long. */
export function doubled(node: ts.Node, job: JobText): Change[] {
  return times(node, 2, job);
}

function times(node: ts.Node, factor: number, job: JobText): Change[] {
  const match = /^Duration\.of(Days|Hours|Minutes|Seconds|Millis)\(([\d_]+)\)$/.exec(node.getText(job.source));
  if (match === null) return [];
  const [, unit = "", digits = ""] = match;
  const figure = Number(digits.replaceAll("_", "")) * factor;
  if (Number.isInteger(figure)) return [replaceNode(node, `Duration.of${unit}(${figure})`, job)];
  return [replaceNode(node, `Duration.ofMillis(${Math.floor(figure * MILLIS[unit]!)})`, job)];
}

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/** `1_800_000` is half an hour: a minute more, a minute less. */
function millisOff(literal: ts.NumericLiteral, job: JobText): Change[] {
  const figure = Number(literal.text);
  const unit = UNITS_MS.find((candidate) => figure % candidate === 0) ?? 1;
  return [figure + unit, figure - unit].filter((off) => off > 0).map((off) => replaceNode(literal, String(off), job));
}

/** What makes a product of numbers a span: one of its factors turns a unit of time into a smaller one. */
const UNIT_FACTORS = [24, 60, 1000, 3600, 60_000, 3_600_000, 86_400, 86_400_000];

function isOutermostProduct(node: ts.BinaryExpression): boolean {
  return isProduct(node) && !isProduct(node.parent);
}

function isProduct(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken;
}

/** The first factor says how many, the others are units. */
function productsOff(product: ts.BinaryExpression, job: JobText): Change[] {
  const factors = factorsOf(product);
  const figures = factors.map((factor) => (ts.isNumericLiteral(factor) ? Number(factor.text) : Number.NaN));
  if (figures.some(Number.isNaN) || !figures.slice(1).some((figure) => UNIT_FACTORS.includes(figure))) return [];
  const was = product.getText(job.source);
  return [figures[0]! + 1, figures[0]! - 1]
    .filter((off) => off > 0)
    .map((off) => {
      const becomes = [String(off), ...factors.slice(1).map((factor) => factor.getText(job.source))].join(" * ");
      return replaceNode(factors[0]!, String(off), job, { was, becomes });
    });
}

function factorsOf(node: ts.Expression): ts.Expression[] {
  return isProduct(node) ? [...factorsOf(node.left), node.right] : [node];
}

function isPartOf(node: ts.Node, calls: readonly string[]): boolean {
  for (let outer: ts.Node | undefined = node.parent; outer !== undefined; outer = outer.parent) {
    if (isCallOf(outer, calls)) return true;
    if (ts.isStatement(outer)) return false;
  }
  return false;
}
