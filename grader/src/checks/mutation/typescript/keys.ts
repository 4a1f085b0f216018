/** keyBy on a neighbouring field, on less than was asked for, or on nothing at all. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { type JobText, methodCall, type Mutator, replaceNode } from "./job-text.ts";

/** `keyBy` of connected streams has a selector for each. */
export const keys: Mutator = (node, job) =>
  (methodCall(node, "keyBy")?.node.arguments ?? []).flatMap((selector) => {
    if (!ts.isArrowFunction(selector) || ts.isBlock(selector.body)) return [];
    return otherKeys(selector.body, job);
  });

function otherKeys(key: ts.Expression, job: JobText): Change[] {
  const was = `keyBy(${key.getText(job.source)})`;
  if (ts.isTemplateExpression(key)) return partsLeftOut(key, was, job);
  const changes: Change[] = [];
  const named = ts.isPropertyAccessExpression(key) ? key.name : ts.isIdentifier(key) ? key : null;
  const field = named?.text ?? null;
  const type = field === null ? undefined : job.fields.find((fields) => fields.has(field));
  const ofNumbers = field !== null && type?.get(field) === "number";
  changes.push(replaceNode(key, ofNumbers ? "0" : '"all"', job, { was, becomes: "keyBy(a constant)" }));
  if (field !== null && type !== undefined && ts.isPropertyAccessExpression(key)) {
    const names = [...type.keys()].filter((name) => name !== field);
    const neighbour = names.find((name) => type.get(name) === type.get(field));
    if (neighbour !== undefined) changes.push(replaceNode(key.name, neighbour, job, { was, becomes: `keyBy(${neighbour})` }));
  }
  return changes;
}

/** `${a}|${b}` without a, without b. */
function partsLeftOut(key: ts.TemplateExpression, was: string, job: JobText): Change[] {
  if (key.templateSpans.length < 2) return [];
  return key.templateSpans.map(({ expression }) =>
    replaceNode(expression, '""', job, { was, becomes: `without ${expression.getText(job.source)}` }),
  );
}
