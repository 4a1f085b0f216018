/** State that lives too long or not long enough, that is not written, not merged or not found again, and timers that are not set, not deleted, or set on the other clock. */
import ts from "typescript";
import { dropCall, dropStatement, methodCall, type Mutator, replaceNode } from "./job-text.ts";

const OTHER_CHOICES: Readonly<Record<string, string | undefined>> = {
  "UpdateType.OnCreateAndWrite": "OnReadAndWrite",
  "UpdateType.OnReadAndWrite": "OnCreateAndWrite",
  "StateVisibility.NeverReturnExpired": "ReturnExpiredIfNotCleanedUp",
  "StateVisibility.ReturnExpiredIfNotCleanedUp": "NeverReturnExpired",
};

export const timeToLive: Mutator = (node, job) => {
  const ttl = methodCall(node, "enableTimeToLive");
  if (ttl !== null) return dropStatement(ttl, job);
  if (!ts.isPropertyAccessExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const other = OTHER_CHOICES[`${node.expression.name.text}.${node.name.text}`];
  return other === undefined ? [] : [replaceNode(node.name, other, job)];
};

export const stateUpdates: Mutator = (node, job) => {
  const call = methodCall(node, "clear", "update", "add", "addAll", "put", "putAll", "remove");
  return call === null ? [] : dropStatement(call, job);
};

/** An accumulator or a trigger's state whose halves are not put together when windows merge. */
export const merges: Mutator = (node, job) => {
  if (!ts.isMethodDeclaration(node) || !MERGING.test(job.source.text)) return [];
  const name = node.name.getText(job.source);
  const [first] = node.parameters;
  const last = node.body?.statements.at(-1);
  if (name !== "merge" || first === undefined || !ts.isIdentifier(first.name) || last === undefined) return [];
  if (!ts.isReturnStatement(last) || last.expression === undefined) return [];
  return [replaceNode(last.expression, first.name.text, job, { was: `merge: ${last.getText(job.source)}`, becomes: first.name.text })];
};

/** Only where windows merge is `merge` ever called. */
const MERGING = /SessionWindows\b/;

/** What a writer of a sink, or a source, keeps for itself and has after a crash. */
export const operatorState: Mutator = (node, job) => {
  if (!ts.isReturnStatement(node) || node.expression === undefined || !ts.isArrayLiteralExpression(node.expression)) return [];
  const method = node.parent.parent;
  if (!ts.isMethodDeclaration(method) || method.name.getText(job.source) !== "snapshotState" || node.expression.elements.length === 0)
    return [];
  return [replaceNode(node.expression, "[]", job, { was: `snapshotState: ${node.getText(job.source)}`, becomes: "[]" })];
};

const OTHER_CLOCK: Readonly<Record<string, string>> = {
  registerEventTimeTimer: "registerProcessingTimeTimer",
  registerProcessingTimeTimer: "registerEventTimeTimer",
};

export const timers: Mutator = (node, job) => {
  const clock = methodCall(node, "currentWatermark");
  if (clock !== null) return [replaceNode(clock.callee.name, "currentProcessingTime", job)];
  const deleted = methodCall(node, "deleteEventTimeTimer", "deleteProcessingTimeTimer");
  if (deleted !== null) return dropStatement(deleted, job);
  const registered = methodCall(node, ...Object.keys(OTHER_CLOCK));
  if (registered === null) return [];
  return [...dropStatement(registered, job), replaceNode(registered.callee.name, OTHER_CLOCK[registered.callee.name.text]!, job)];
};

/** Names under which a savepoint's state is found again; only an upgrade tells. */
export const uids: Mutator = (node, job) => {
  if (job.kind !== "upgrade") return [];
  if (ts.isNewExpression(node) && /StateDescriptor$/.test(node.expression.getText(job.source))) {
    const [name] = node.arguments ?? [];
    return name !== undefined && ts.isStringLiteral(name) ? [replaceNode(name, JSON.stringify(`${name.text}-2`), job)] : [];
  }
  const call = methodCall(node, "uid");
  return call === null ? [] : [dropCall(call, job)];
};
