/** Conditions of the Table API: `isGreater` for `isGreaterOrEqual`, one forgotten. */
import { dropCall, methodCall, type Mutator, replaceNode } from "./job-text.ts";

const OTHERS: Readonly<Record<string, string>> = {
  isGreater: "isGreaterOrEqual",
  isGreaterOrEqual: "isGreater",
  isLess: "isLessOrEqual",
  isLessOrEqual: "isLess",
  isEqual: "isNotEqual",
  isNotEqual: "isEqual",
};

export const tableApi: Mutator = (node, job) => {
  const comparison = methodCall(node, ...Object.keys(OTHERS));
  if (comparison !== null) return [replaceNode(comparison.callee.name, OTHERS[comparison.callee.name.text]!, job)];
  const where = methodCall(node, "where");
  return where === null ? [] : [dropCall(where, job)];
};
