/**
 * Window functions over the tagged union of two streams: they take the contents apart again. A window join is a coGroup that goes through
 * all pairs, the left side in the outer loop (Flink: `CoGroupWindowFunction`, `JoinCoGroupFunction`, `FlatJoinCoGroupFunction`).
 */
import type { CoGroupFunction, Collector, FlatJoinFunction, JoinFunction, ProcessWindowContext } from "../../flow/functions.ts";
import type { InternalWindowFunction } from "./internal-window-function.ts";
import type { TaggedUnion } from "./tagged-union.ts";
import type { Window } from "./window.ts";

type Union = TaggedUnion<unknown, unknown>;
type Context = ProcessWindowContext<Window>;

abstract class TwoSidedWindowFunction implements InternalWindowFunction<unknown[]> {
  abstract readonly userFunction: unknown;

  process(_key: unknown, _window: Window, _context: Context, contents: unknown[], out: Collector<unknown>): void {
    const first: unknown[] = [];
    const second: unknown[] = [];
    for (const element of contents as Union[]) (element.input === 1 ? first : second).push(element.value);
    this.processSides(first, second, out);
  }

  clear(): void {}

  protected abstract processSides(first: unknown[], second: unknown[], out: Collector<unknown>): void;
}

/** Both sides at once. Also called when one of them is empty. */
export class CoGroupWindowFunction extends TwoSidedWindowFunction {
  readonly userFunction: CoGroupFunction<unknown, unknown, unknown>;

  constructor(userFunction: CoGroupFunction<unknown, unknown, unknown>) {
    super();
    this.userFunction = userFunction;
  }

  protected override processSides(first: unknown[], second: unknown[], out: Collector<unknown>): void {
    this.userFunction.coGroup(first, second, out);
  }
}

/** Each pair once, one result per pair. */
export class JoinWindowFunction extends TwoSidedWindowFunction {
  readonly userFunction: JoinFunction<unknown, unknown, unknown>;

  constructor(userFunction: JoinFunction<unknown, unknown, unknown>) {
    super();
    this.userFunction = userFunction;
  }

  protected override processSides(first: unknown[], second: unknown[], out: Collector<unknown>): void {
    for (const left of first) for (const right of second) out.collect(this.userFunction.join(left, right));
  }
}

/** Each pair once, any number of results per pair. */
export class FlatJoinWindowFunction extends TwoSidedWindowFunction {
  readonly userFunction: FlatJoinFunction<unknown, unknown, unknown>;

  constructor(userFunction: FlatJoinFunction<unknown, unknown, unknown>) {
    super();
    this.userFunction = userFunction;
  }

  protected override processSides(first: unknown[], second: unknown[], out: Collector<unknown>): void {
    for (const left of first) for (const right of second) this.userFunction.join(left, right, out);
  }
}
