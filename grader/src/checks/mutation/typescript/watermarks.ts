/** Watermarks: no patience, half of it, none at all, the log's timestamps, a silent partition that holds all others back. */
import { dropCall, methodCall, type Mutator, replaceNode } from "./job-text.ts";
import { halved } from "./spans.ts";

export const watermarks: Mutator = (node, job) => {
  const dropped = methodCall(node, "withIdleness", "withTimestampAssigner", "withWatermarkAlignment");
  if (dropped !== null) return [dropCall(dropped, job)];
  const strategy = methodCall(node, "forBoundedOutOfOrderness", "forMonotonousTimestamps");
  if (strategy === null) return [];
  const types = node.getText(job.source).match(/^[^(]*?(<.*?>)?\(/s)?.[1] ?? "";
  const none = replaceNode(node, `WatermarkStrategy.noWatermarks${types}()`, job, {
    was: strategy.callee.name.text,
    becomes: "noWatermarks",
  });
  const bound = strategy.node.arguments[0];
  if (bound === undefined) return [none];
  const zero = replaceNode(bound, "Duration.ofMillis(0)", job, { was: `bound ${bound.getText(job.source)}`, becomes: "0" });
  return [none, zero, ...halved(bound, job).map((change) => ({ ...change, was: zero.was }))];
};
