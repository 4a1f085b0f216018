/** Requests to other systems: in the order of the records, one at a time. */
import ts from "typescript";
import { methodCall, type Mutator, replaceNode } from "./job-text.ts";

const OTHER_ORDER: Readonly<Record<string, string>> = { unorderedWait: "orderedWait", orderedWait: "unorderedWait" };
/** `…Wait(stream, function, timeout, unit, capacity)`. */
const CAPACITY = 4;

export const requests: Mutator = (node, job) => {
  const call = methodCall(node, ...Object.keys(OTHER_ORDER));
  if (call === null) return [];
  const other = replaceNode(call.callee.name, OTHER_ORDER[call.callee.name.text]!, job);
  const capacity = call.node.arguments[CAPACITY];
  if (capacity === undefined || !ts.isNumericLiteral(capacity)) return [other];
  return [other, replaceNode(capacity, "1", job, { was: `capacity ${capacity.text}`, becomes: "1" })];
};
