/** Bounds that a problem sets to figures of a run. */
import { z } from "zod";
import { METRICS, type MetricName } from "../metrics.ts";
import { text } from "./common.ts";

const metricNames = Object.keys(METRICS) as [MetricName, ...MetricName[]];

/** One bound. A world breaks it when the figure lies beyond; the submission then gets `verdict`. */
export const measure = z
  .strictObject({
    metric: z.enum(metricNames),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
    /** Instead of `atMost`: this many times what the reference has in the same world. */
    timesReference: z.number().positive().optional(),
    verdict: z.enum(["state-too-large", "too-slow", "wrong-output"]).default("too-slow"),
    /** How the bound is called in reports; absent = the metric's own title. */
    title: text.optional(),
    /** For the latencies: the output concerned, and its column with the instant at which a result could have been known at the earliest. */
    output: text.optional(),
    since: text.optional(),
    /** Groups of worlds in which it holds; absent = all. */
    groups: z.array(text).min(1).optional(),
  })
  .refine(({ atMost, atLeast, timesReference }) => [atMost, atLeast, timesReference].some((bound) => bound !== undefined), {
    message: "needs `atMost`, `atLeast` or `timesReference`",
  });

export type MeasureYaml = z.infer<typeof measure>;
