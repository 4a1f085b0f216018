/** Guarantees: a sink that repeats itself after a crash, no transactional ids, no checkpoints, barriers that are not aligned. */
import ts from "typescript";
import { dropCall, dropStatement, methodCall, type Mutator, replaceNode } from "./job-text.ts";

const WEAKER: Readonly<Record<string, string | undefined>> = {
  "DeliveryGuarantee.EXACTLY_ONCE": "AT_LEAST_ONCE",
  "DeliveryGuarantee.AT_LEAST_ONCE": "NONE",
  "CheckpointingMode.EXACTLY_ONCE": "AT_LEAST_ONCE",
};

export const delivery: Mutator = (node, job) => {
  const prefix = methodCall(node, "setTransactionalIdPrefix");
  if (prefix !== null) return [dropCall(prefix, job)];
  const checkpoints = methodCall(node, "enableCheckpointing");
  if (checkpoints !== null) return dropStatement(checkpoints, job);
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return [];
  const weaker = WEAKER[`${node.expression.text}.${node.name.text}`];
  return weaker === undefined ? [] : [replaceNode(node.name, weaker, job)];
};
