/**
 * Adapters between the window operator and what users give to `reduce`, `aggregate`, `process` and `apply`. The operator knows one
 * interface: contents in, results out.
 */
import type {
  AllWindowFunction,
  AllWindowFunctionLike,
  Collector,
  ProcessAllWindowFunction,
  ProcessWindowContext,
  ProcessWindowFunction,
  WindowFunction,
  WindowFunctionLike,
} from "../../flow/functions.ts";
import type { AggregateFunction, ReduceFunction } from "../../state/folding-functions.ts";
import type { Window } from "./window.ts";

export interface InternalWindowFunction<CONTENTS = unknown> {
  /** The function of the user that is opened and closed with the operator, if it has a life. */
  readonly userFunction: unknown;
  process(key: unknown, window: Window, context: ProcessWindowContext<Window>, contents: CONTENTS, out: Collector<unknown>): void;
  clear(window: Window, context: ProcessWindowContext<Window>): void;
}

/** The result of reduce or aggregate as it is. */
export class PassThroughWindowFunction implements InternalWindowFunction<unknown> {
  readonly userFunction: unknown = undefined;

  process(_key: unknown, _window: Window, _context: ProcessWindowContext<Window>, contents: unknown, out: Collector<unknown>): void {
    out.collect(contents);
  }

  clear(): void {}
}

type AnyProcess = ProcessWindowFunction<unknown, unknown, unknown, unknown>;
type AnyProcessAll = ProcessAllWindowFunction<unknown, unknown, unknown>;

/** All elements of the window to a ProcessWindowFunction. */
export class IterableProcessWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: AnyProcess;

  constructor(userFunction: unknown) {
    this.userFunction = userFunction as AnyProcess;
  }

  process(key: unknown, _window: Window, context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    this.userFunction.process(key, context, contents, out);
  }

  clear(_window: Window, context: ProcessWindowContext<Window>): void {
    this.userFunction.clear?.(context);
  }
}

/** As above without a key. */
export class IterableProcessAllWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: AnyProcessAll;

  constructor(userFunction: unknown) {
    this.userFunction = userFunction as AnyProcessAll;
  }

  process(_key: unknown, _window: Window, context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    this.userFunction.process(context, contents, out);
  }

  clear(_window: Window, context: ProcessWindowContext<Window>): void {
    this.userFunction.clear?.(context);
  }
}

/** All elements to a WindowFunction (`apply`). */
export class IterableApplyWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: WindowFunction<unknown, unknown, unknown, Window>;

  constructor(userFunction: WindowFunctionLike<never, unknown, never, never>) {
    this.userFunction = (typeof userFunction === "function" ? { apply: userFunction } : userFunction) as WindowFunction<
      unknown,
      unknown,
      unknown,
      Window
    >;
  }

  process(key: unknown, window: Window, _context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    this.userFunction.apply(key, window, contents, out);
  }

  clear(): void {}
}

/** All elements to an AllWindowFunction. */
export class IterableApplyAllWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: AllWindowFunction<unknown, unknown, Window>;

  constructor(userFunction: AllWindowFunctionLike<never, unknown, never>) {
    this.userFunction = (typeof userFunction === "function" ? { apply: userFunction } : userFunction) as AllWindowFunction<
      unknown,
      unknown,
      Window
    >;
  }

  process(_key: unknown, window: Window, _context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    this.userFunction.apply(window, contents, out);
  }

  clear(): void {}
}

/** The one result of a preceding reduce or aggregate, given to a function that expects elements. */
export class SingleValueWindowFunction implements InternalWindowFunction<unknown> {
  readonly userFunction: unknown;
  private readonly iterable: InternalWindowFunction<unknown[]>;

  constructor(iterable: InternalWindowFunction<unknown[]>) {
    this.userFunction = iterable.userFunction;
    this.iterable = iterable;
  }

  process(key: unknown, window: Window, context: ProcessWindowContext<Window>, contents: unknown, out: Collector<unknown>): void {
    this.iterable.process(key, window, context, [contents], out);
  }

  clear(window: Window, context: ProcessWindowContext<Window>): void {
    this.iterable.clear(window, context);
  }
}

/** Reduces at firing time: evictors need the single elements until then. */
export class ReduceThenWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: unknown;
  private readonly reduceFunction: ReduceFunction<unknown>;
  private readonly next: InternalWindowFunction<unknown>;

  constructor(reduceFunction: ReduceFunction<unknown>, next: InternalWindowFunction<unknown>) {
    this.userFunction = next.userFunction;
    this.reduceFunction = reduceFunction;
    this.next = next;
  }

  process(key: unknown, window: Window, context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    let reduced: unknown = null;
    let first = true;
    for (const element of contents) {
      reduced = first ? element : this.reduceFunction.reduce(reduced, element);
      first = false;
    }
    this.next.process(key, window, context, reduced, out);
  }

  clear(window: Window, context: ProcessWindowContext<Window>): void {
    this.next.clear(window, context);
  }
}

/** Aggregates at firing time, for the same reason; an empty window gives the result of an empty accumulator, as in Flink. */
export class AggregateThenWindowFunction implements InternalWindowFunction<unknown[]> {
  readonly userFunction: unknown;
  private readonly aggregate: AggregateFunction<unknown, unknown, unknown>;
  private readonly next: InternalWindowFunction<unknown>;

  constructor(aggregate: AggregateFunction<unknown, unknown, unknown>, next: InternalWindowFunction<unknown>) {
    this.userFunction = next.userFunction;
    this.aggregate = aggregate;
    this.next = next;
  }

  process(key: unknown, window: Window, context: ProcessWindowContext<Window>, contents: unknown[], out: Collector<unknown>): void {
    let accumulator = this.aggregate.createAccumulator();
    for (const element of contents) accumulator = this.aggregate.add(element, accumulator);
    this.next.process(key, window, context, this.aggregate.getResult(accumulator), out);
  }

  clear(window: Window, context: ProcessWindowContext<Window>): void {
    this.next.clear(window, context);
  }
}
