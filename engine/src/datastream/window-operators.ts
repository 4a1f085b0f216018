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
import { AggregateFolding, type Folding, isMergeable, ReduceFolding } from "../operators/windowing/slicing/folding.ts";
import { isSliceable, SlicingWindowOperator } from "../operators/windowing/slicing/slicing-window-operator.ts";
import { EventTimeTrigger } from "../operators/windowing/triggers/event-time-trigger.ts";
import { SlidingEventTimeWindows } from "../operators/windowing/assigners/sliding-event-time-windows.ts";
import { WindowOperator, type WindowOperatorOptions } from "../operators/windowing/window-operator.ts";
import { AggregatingStateDescriptor, ListStateDescriptor, ReducingStateDescriptor } from "../state/descriptors.ts";
import type { DescribedType } from "../types/type-serializer.ts";
import { typeShownBy } from "./type-serializers.ts";
import type { WindowSettings } from "./window-settings.ts";

/** Flink's name of the state that holds what is in a window. */
const CONTENTS = "window-contents";

export function reducingWindowOperator<T, W extends Window>(
  settings: WindowSettings<T, W>,
  reducer: ReduceFunction<T>,
  then: InternalWindowFunction<unknown[]> | undefined,
  inputType?: DescribedType,
): OneInputStreamOperator {
  const reduce = reducer as ReduceFunction<unknown>;
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, new ReduceThenWindowFunction(reduce, resultFunction(then)));
  const contents = new ReducingStateDescriptor<unknown>(CONTENTS, reduce, inputType);
  return incremental({ ...common(settings), contents, windowFunction: resultFunction(then) }, new ReduceFolding(reduce));
}

export function aggregatingWindowOperator<T, ACC, V, W extends Window>(
  settings: WindowSettings<T, W>,
  aggregateFunction: AggregateFunction<T, ACC, V>,
  then: InternalWindowFunction<unknown[]> | undefined,
  accumulatorType?: DescribedType,
): OneInputStreamOperator {
  const aggregate = aggregateFunction as AggregateFunction<unknown, unknown, unknown>;
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, new AggregateThenWindowFunction(aggregate, resultFunction(then)));
  const type = accumulatorType ?? typeShownBy(() => aggregate.createAccumulator());
  const contents = new AggregatingStateDescriptor<unknown, unknown, unknown>(CONTENTS, aggregate, type);
  const options = { ...common(settings), contents, windowFunction: resultFunction(then) };
  return incremental(options, isMergeable(aggregate) ? new AggregateFolding(aggregate) : undefined);
}

export function listWindowOperator<T, W extends Window>(
  settings: WindowSettings<T, W>,
  windowFunction: InternalWindowFunction<unknown[]>,
  inputType?: DescribedType,
): OneInputStreamOperator {
  const { evictor } = settings;
  if (evictor !== undefined) return evicting(settings, evictor, windowFunction);
  const contents = new ListStateDescriptor<unknown>(CONTENTS, inputType);
  return new WindowOperator({ ...common(settings), contents, windowFunction: windowFunction as InternalWindowFunction });
}

/** By slices where that is possible and can pay. @param folding undefined when the function cannot merge. */
function incremental(options: WindowOperatorOptions, folding: Folding | undefined): OneInputStreamOperator {
  const { assigner, trigger, allowedLatenessMs = 0 } = options;
  const usual = trigger === undefined || Object.getPrototypeOf(trigger) === EventTimeTrigger.prototype;
  const sliding = Object.getPrototypeOf(assigner) === SlidingEventTimeWindows.prototype ? (assigner as SlidingAssigner) : undefined;
  if (folding === undefined || sliding === undefined || !usual || allowedLatenessMs !== 0 || !isSliceable(sliding)) {
    return new WindowOperator(options);
  }
  return new SlicingWindowOperator({ ...options, assigner: sliding, folding });
}

type SlidingAssigner = WindowOperatorOptions["assigner"] & SlidingEventTimeWindows;

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
