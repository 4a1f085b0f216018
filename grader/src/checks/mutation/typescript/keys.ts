/** keyBy on a neighbouring field, or on nothing at all. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { methodCall, type Mutator, replaceNode } from "./job-text.ts";

export const keys: Mutator = (node, job) => {
  const selector = methodCall(node, "keyBy")?.node.arguments[0];
  if (selector === undefined || !ts.isArrowFunction(selector) || ts.isBlock(selector.body)) return [];
  const was = `keyBy(${selector.body.getText(job.source)})`;
  const changes: Change[] = [];
  const key = selector.body;
  const field = ts.isPropertyAccessExpression(key) ? key.name.text : null;
  const type = field === null ? undefined : job.fields.find((fields) => fields.has(field));
  const ofNumbers = field !== null && type?.get(field) === "number";
  changes.push(replaceNode(key, ofNumbers ? "0" : '"all"', job, { was, becomes: "keyBy(a constant)" }));
  if (field !== null && type !== undefined && ts.isPropertyAccessExpression(key)) {
    const names = [...type.keys()].filter((name) => name !== field);
    const neighbour = names.find((name) => type.get(name) === type.get(field));
    if (neighbour !== undefined) changes.push(replaceNode(key.name, neighbour, job, { was, becomes: `keyBy(${neighbour})` }));
  }
  return changes;
};
