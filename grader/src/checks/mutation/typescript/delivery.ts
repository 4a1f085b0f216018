/** Guarantees: a sink that repeats itself after a crash, no transactional ids or those of another sink, no checkpoints, barriers that are not aligned. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { dropCall, dropStatement, type JobText, type MethodCall, methodCall, type Mutator, replaceNode } from "./job-text.ts";

const WEAKER: Readonly<Record<string, string | undefined>> = {
  "DeliveryGuarantee.EXACTLY_ONCE": "AT_LEAST_ONCE",
  "DeliveryGuarantee.AT_LEAST_ONCE": "NONE",
  "CheckpointingMode.EXACTLY_ONCE": "AT_LEAST_ONCE",
};

export const delivery: Mutator = (node, job) => {
  const prefix = methodCall(node, "setTransactionalIdPrefix");
  if (prefix !== null) return [dropCall(prefix, job), ...sharedPrefix(prefix, job)];
  const property = methodCall(node, "setProperty");
  if (property !== null) return [dropCall(property, job)];
  const checkpoints = methodCall(node, "enableCheckpointing");
  if (checkpoints !== null) return dropStatement(checkpoints, job);
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return [];
  const weaker = WEAKER[`${node.expression.text}.${node.name.text}`];
  return weaker === undefined ? [] : [replaceNode(node.name, weaker, job)];
};

/** The prefix of the sink before: both would then name their transactions alike. */
function sharedPrefix({ node }: MethodCall, job: JobText): Change[] {
  const own = node.arguments[0];
  if (own === undefined || !ts.isStringLiteral(own)) return [];
  const before = [...job.source.text.slice(0, own.getStart(job.source)).matchAll(/setTransactionalIdPrefix\(("[^"]*")\)/g)].at(-1)?.[1];
  if (before === undefined) return [];
  return [replaceNode(own, before, job)];
}

/** The steps of a two-phase commit that a sink of one's own takes by hand. */
export const twoPhases: Mutator = (node, job) => {
  const step = methodCall(node, "prepare", "commit", "abort");
  return step === null ? [] : dropStatement(step, job);
};
