/** What `trigger`, `evictor`, `allowedLateness` and `sideOutputLateData` set, with Flink's refusals. */
import { Diagnostic } from "../base/diagnostic.ts";
import { isRichFunction } from "../flow/functions.ts";
import type { OutputTag } from "../flow/output.ts";
import { MergingWindowAssigner, type WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import type { Evictor } from "../operators/windowing/evictors/evictor.ts";
import type { Trigger } from "../operators/windowing/triggers/trigger.ts";
import type { Window } from "../operators/windowing/window.ts";
import { currentPosition } from "./graph-builder.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";
import { requireFunction } from "./user-functions.ts";

export class WindowSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>;
  trigger: Trigger<T, W>;
  evictor: Evictor<T, W> | undefined;
  allowedLatenessMs = 0;
  lateDataTag: OutputTag<T> | undefined;

  constructor(assigner: WindowAssigner<T, W>) {
    requireFunction(assigner, "window", "assignWindows");
    this.assigner = assigner;
    this.trigger = assigner.getDefaultTrigger() as Trigger<T, W>;
  }

  /** Operator name: the assigner's class, as in Flink. */
  get operatorName(): string {
    const text = String(this.assigner);
    const end = text.indexOf("(");
    return end > 0 ? text.slice(0, end) : this.assigner.constructor.name;
  }

  /**
   * What plans show in place of the name, as Flink words it: `Window(TumblingEventTimeWindows(60000), EventTimeTrigger, CountClicks)`. Only
   * functions with a name of their own are named.
   */
  describe(...functions: readonly unknown[]): string {
    const assigner = String(this.assigner).includes("(") ? String(this.assigner) : this.operatorName;
    const parts = [assigner, this.trigger.constructor.name];
    if (this.evictor !== undefined) parts.push(this.evictor.constructor.name);
    return `Window(${[...parts, ...functions.map(nameOf).filter((name) => name !== "")].join(", ")})`;
  }

  setTrigger(trigger: Trigger<T, W>): void {
    requireFunction(trigger, "trigger", "onElement");
    if (this.assigner instanceof MergingWindowAssigner && !trigger.canMerge()) {
      throw refusal(
        "WINDOW_TRIGGER_CANNOT_MERGE",
        "A merging window assigner cannot be used with a trigger that does not support merging.",
        {
          found: trigger.constructor.name,
          expected: "a trigger whose canMerge() is true",
          hint: "Sessions become one when a record falls between them. The trigger then needs onMerge(window, ctx), to merge its state and set its timers anew.",
        },
      );
    }
    this.trigger = trigger;
  }

  /** Merging windows merge their accumulators. */
  requireMerge(aggregate: { merge?: unknown; readonly constructor: { readonly name: string } }): void {
    if (!(this.assigner instanceof MergingWindowAssigner) || typeof aggregate.merge === "function") return;
    throw refusal("WINDOW_AGGREGATE_WITHOUT_MERGE", `${this.operatorName} needs an AggregateFunction with merge(a, b).`, {
      found: aggregate.constructor.name,
      expected: "a method merge(a, b) that adds up two accumulators",
      hint: "When a record falls between two sessions they become one, and so must their accumulators.",
    });
  }

  setEvictor(evictor: Evictor<T, W>): void {
    requireFunction(evictor, "evictor", "evictBefore");
    this.evictor = evictor;
  }

  setAllowedLateness(lateness: TimeLike): void {
    this.allowedLatenessMs = timeMs(lateness, "The allowed lateness");
  }

  setLateDataTag(tag: OutputTag<T>): void {
    if (typeof tag?.id !== "string") {
      throw refusal("WINDOW_LATE_TAG_MISSING", "Side output tag must not be null.", { expected: 'new OutputTag<Click>("late")' });
    }
    this.lateDataTag = tag;
  }
}

/** Flink cannot open rich functions inside state. */
export function refuseRichFunction(fn: unknown, operation: "reduce" | "aggregate"): void {
  if (!isRichFunction(fn)) return;
  throw refusal(
    "WINDOW_RICH_FUNCTION",
    operation === "reduce"
      ? "ReduceFunction of reduce can not be a RichFunction. Please use reduce(ReduceFunction, WindowFunction) instead."
      : "This aggregation function cannot be a RichFunction.",
    { hint: "Put what needs the runtime context into a ProcessWindowFunction as the second argument." },
  );
}

function refusal(
  code: string,
  message: string,
  more: { readonly found?: string; readonly expected?: string; readonly hint?: string },
): Diagnostic {
  const span = currentPosition();
  return new Diagnostic({ code, message, phase: "graph", ...more, ...(span === undefined ? {} : { span }) });
}

function nameOf(fn: unknown): string {
  if (typeof fn === "function") return fn.name;
  const name = typeof fn === "object" && fn !== null ? fn.constructor.name : "";
  return name === "Object" ? "" : name;
}
