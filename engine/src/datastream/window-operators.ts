/**
 * Which window operator serves which call: incremental functions fold into one value per window, an evictor needs every element until
 * the window fires and folds then. (Flink: `WindowOperatorBuilder`.)
 */
import type { AggregateFunction, ReduceFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { OutputTag } from "../flow/output.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import type { Evictor } from "../operators/windowing/evictors/evictor.ts";
import { EvictingWindowOperator } from "../operators/windowing/evicting-window-operator.ts";
import {
  AggregateThenWindowFunction,
  type InternalWindowFunction,
  PassThroughWindowFunction,
  ReduceThenWindowFunction,
  SingleValueWindowFunction,
} from "../operators/windowing/internal-window-function.ts";
import type { Trigger } from "../operators/windowing/triggers/trigger.ts";
import type { Window } from "../operators/windowing/window.ts";
import { WindowOperator } from "../operators/windowing/window-operator.ts";
import { AggregatingStateDescriptor, ListStateDescriptor, ReducingStateDescriptor } from "../state/descriptors.ts";
import type { WindowSettings } from "./window-settings.ts";

/** Flink's name of the state that holds what is in a window. */
const CONTENTS = "window-contents";

export function reducingWindowOperator<T, W extends Window>(
  settings: WindowSettings<T, W>,
  reducer: ReduceFunction<T>,
  then: InternalWindowFunction<unknown[]> | undefined,
): OneInputStreamOperator {
  const reduce = reducer as ReduceFunction<unknown>;
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, new ReduceThenWindowFunction(reduce, resultFunction(then)));
  const contents = new ReducingStateDescriptor<unknown>(CONTENTS, reduce);
  return new WindowOperator({ ...common(settings), contents, windowFunction: resultFunction(then) });
}

export function aggregatingWindowOperator<T, ACC, V, W extends Window>(
  settings: WindowSettings<T, W>,
  aggregateFunction: AggregateFunction<T, ACC, V>,
  then: InternalWindowFunction<unknown[]> | undefined,
): OneInputStreamOperator {
  const aggregate = aggregateFunction as AggregateFunction<unknown, unknown, unknown>;
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, new AggregateThenWindowFunction(aggregate, resultFunction(then)));
  const contents = new AggregatingStateDescriptor<unknown, unknown, unknown>(CONTENTS, aggregate);
  return new WindowOperator({ ...common(settings), contents, windowFunction: resultFunction(then) });
}

export function listWindowOperator<T, W extends Window>(
  settings: WindowSettings<T, W>,
  windowFunction: InternalWindowFunction<unknown[]>,
): OneInputStreamOperator {
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, windowFunction);
  const contents = new ListStateDescriptor<unknown>(CONTENTS);
  return new WindowOperator({ ...common(settings), contents, windowFunction: windowFunction as InternalWindowFunction });
}

function resultFunction(then: InternalWindowFunction<unknown[]> | undefined): InternalWindowFunction {
  return then === undefined ? new PassThroughWindowFunction() : new SingleValueWindowFunction(then);
}

function evicting<T, W extends Window>(
  settings: WindowSettings<T, W>,
  evictor: Evictor<T, W>,
  windowFunction: InternalWindowFunction<unknown[]>,
): OneInputStreamOperator {
  return new EvictingWindowOperator({
    ...common(settings),
    evictor: evictor as Evictor<unknown, Window>,
    windowFunction: windowFunction as InternalWindowFunction,
  });
}

function common<T, W extends Window>(settings: WindowSettings<T, W>) {
  return {
    assigner: settings.assigner as WindowAssigner<unknown, Window>,
    trigger: settings.trigger as Trigger<unknown, Window>,
    allowedLatenessMs: settings.allowedLatenessMs,
    ...(settings.lateDataTag === undefined ? {} : { lateDataOutputTag: settings.lateDataTag as OutputTag }),
  };
}
