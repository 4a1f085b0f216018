/** State that lives too long or not long enough, and timers that are not set, not deleted, or set on the other clock. */
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
  const call = methodCall(node, "clear", "update");
  return call === null ? [] : dropStatement(call, job);
};

const OTHER_CLOCK: Readonly<Record<string, string>> = {
  registerEventTimeTimer: "registerProcessingTimeTimer",
  registerProcessingTimeTimer: "registerEventTimeTimer",
};

export const timers: Mutator = (node, job) => {
  const deleted = methodCall(node, "deleteEventTimeTimer", "deleteProcessingTimeTimer");
  if (deleted !== null) return dropStatement(deleted, job);
  const registered = methodCall(node, ...Object.keys(OTHER_CLOCK));
  if (registered === null) return [];
  return [...dropStatement(registered, job), replaceNode(registered.callee.name, OTHER_CLOCK[registered.callee.name.text]!, job)];
};

/** Names under which a savepoint's state is found again; only an upgrade tells. */
export const uids: Mutator = (node, job) => {
  if (job.kind !== "upgrade") return [];
  const call = methodCall(node, "uid");
  return call === null ? [] : [dropCall(call, job)];
};
