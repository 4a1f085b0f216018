/** What is hung onto a window and easily forgotten: lateness (or the wrong one), the late side output, a trigger, an evictor. */
import { dropCall, methodCall, type Mutator } from "./job-text.ts";
import { doubled, halved } from "./spans.ts";

export const windowExtras: Mutator = (node, job) => {
  const lateness = methodCall(node, "allowedLateness");
  if (lateness !== null) {
    const off = lateness.node.arguments.flatMap((span) => [...halved(span, job), ...doubled(span, job)]);
    return [dropCall(lateness, job), ...off.map((change) => ({ ...change, was: `allowedLateness(${change.was})` }))];
  }
  const call = methodCall(node, "sideOutputLateData", "trigger", "evictor");
  return call === null ? [] : [dropCall(call, job)];
};
