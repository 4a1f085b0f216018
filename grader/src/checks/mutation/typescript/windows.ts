/** Windows: the other clock, one unit too long or too short, without their offset. */
import ts from "typescript";
import { importing, methodCall, type Mutator, replaceNode } from "./job-text.ts";
import { aUnitOff } from "./spans.ts";

const ASSIGNER = /^(Tumbling|Sliding)?(EventTime|ProcessingTime|DynamicEventTime|DynamicProcessingTime)(Session)?Windows$/;
/** Arguments before the offset. */
const WITHOUT_OFFSET: Readonly<Record<string, number | undefined>> = { Tumbling: 1, Sliding: 2 };

export const windows: Mutator = (node, job) => {
  const call = methodCall(node, "of", "withGap", "withDynamicGap");
  if (call === null || !ts.isIdentifier(call.callee.expression)) return [];
  const name = call.callee.expression.text;
  const match = ASSIGNER.exec(name);
  if (match === null) return [];
  const other = name.includes("EventTime") ? name.replace("EventTime", "ProcessingTime") : name.replace("ProcessingTime", "EventTime");
  const changes = [replaceNode(call.callee.expression, other, job, undefined, importing(other, job))];
  const parameters = [...call.node.arguments];
  for (const parameter of parameters) changes.push(...aUnitOff(parameter, job));
  const offset = parameters[WITHOUT_OFFSET[match[1] ?? ""] ?? parameters.length];
  const before = parameters[parameters.indexOf(offset!) - 1];
  if (offset !== undefined && before !== undefined) {
    const at = offset.getStart(job.source);
    const was = `offset ${offset.getText(job.source)}`;
    changes.push({ at, was, becomes: "none", edits: [{ start: before.end, end: offset.end, text: "" }] });
  }
  return changes;
};
