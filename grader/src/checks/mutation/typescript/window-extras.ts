/** What is hung onto a window and easily forgotten: lateness, the late side output, a trigger, an evictor. */
import { dropCall, methodCall, type Mutator } from "./job-text.ts";

export const windowExtras: Mutator = (node, job) => {
  const call = methodCall(node, "allowedLateness", "sideOutputLateData", "trigger", "evictor");
  return call === null ? [] : [dropCall(call, job)];
};
