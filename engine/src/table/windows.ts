/** Group windows and OVER windows of the Table API. (Flink: docs/dev/table/tableapi, "Group Windows", "Over Windows") */
import { Diagnostic } from "../base/diagnostic.ts";
import { call } from "../sql/1-parse/call.ts";
import type { CallExpr, Expr, FrameBound, WindowSpec } from "../sql/1-parse/ast.ts";
import type { Expression } from "./expressions/expression.ts";
import { astOf, type ExpressionLike, NOWHERE } from "./expressions/expression-base.ts";
import { textOfName } from "./expressions/name-text.ts";

/** A window that is said in full, for `table.window`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export class GroupWindow {
  /** @internal */
  readonly alias: string;
  /** The legacy group window function that means the same. @internal */
  readonly call: CallExpr;

  /** @internal Use `Tumble`, `Slide` and `Session`. */
  constructor(alias: string, windowCall: CallExpr) {
    this.alias = alias;
    this.call = windowCall;
  }
}

/** A window that lacks its alias: `.as("w")`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export class WindowOnTime {
  readonly #windowCall: CallExpr;

  /** @internal Use `Tumble`, `Slide` and `Session`. */
  constructor(windowCall: CallExpr) {
    this.#windowCall = windowCall;
  }

  /** The name under which `groupBy` and `select` speak of the window. */
  as(alias: string | Expression): GroupWindow {
    return new GroupWindow(aliasText(alias), this.#windowCall);
  }
}

/** A window that lacks its time column: `.on($("ts"))`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export class WindowWithSize {
  readonly #name: string;
  readonly #intervals: readonly Expr[];

  /** @internal Use `Tumble`, `Slide` and `Session`. */
  constructor(name: string, intervals: readonly Expr[]) {
    this.#name = name;
    this.#intervals = intervals;
  }

  /** The time attribute that puts rows into windows. */
  on(time: ExpressionLike): WindowOnTime {
    return new WindowOnTime(call(this.#name, NOWHERE, [astOf(time), ...this.#intervals]));
  }
}

/** A sliding window that lacks its slide: `.every(lit(5).minutes())`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export class SlideWithSize {
  readonly #size: Expr;

  /** @internal Use `Slide.over`. */
  constructor(size: Expr) {
    this.#size = size;
  }

  /** How far apart windows begin, an interval. */
  every(slide: ExpressionLike): WindowWithSize {
    return new WindowWithSize("HOP", [interval(slide, "every"), this.#size]);
  }
}

/** Windows of one size, one behind the other: `Tumble.over(lit(10).minutes()).on($("ts")).as("w")`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export const Tumble = {
  /** Their size, an interval. */
  over: (size: ExpressionLike): WindowWithSize => new WindowWithSize("TUMBLE", [interval(size, "over")]),
};

/** Windows of one size that begin every so often: `Slide.over(…).every(…).on($("ts")).as("w")`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export const Slide = {
  /** Their size, an interval. */
  over: (size: ExpressionLike): SlideWithSize => new SlideWithSize(interval(size, "over")),
};

/** Windows that end when nothing comes for a while: `Session.withGap(lit(10).minutes()).on($("ts")).as("w")`. (Flink: docs/dev/table/tableapi, "Group Windows") */
export const Session = {
  /** The time without rows that ends one, an interval. */
  withGap: (gap: ExpressionLike): WindowWithSize => new WindowWithSize("SESSION", [interval(gap, "withGap")]),
};

function interval(value: ExpressionLike, method: string): Expr {
  const ast = astOf(value);
  if (ast.kind !== "call" || ast.name !== "$ROWS") return ast;
  throw new Diagnostic({
    code: "TABLE_NOT_AVAILABLE",
    phase: "plan",
    message: `Group windows over a number of rows are not available: ${method}(rowInterval(…)).`,
    expected: "an interval, such as lit(10).minutes()",
    hint: "countWindow of the DataStream API counts rows.",
  });
}

function aliasText(alias: string | Expression): string {
  return typeof alias === "string" ? alias : textOfName(alias.ast);
}

/** A window over rows around each row that is said in full, for `table.window`. (Flink: docs/dev/table/tableapi, "Over Windows") */
export class OverWindow {
  /** @internal */
  readonly alias: string;
  /** @internal */
  readonly spec: WindowSpec;

  /** @internal Use `Over`. */
  constructor(alias: string, spec: WindowSpec) {
    this.alias = alias;
    this.spec = spec;
  }
}

interface OverParts {
  readonly partition: readonly ExpressionLike[];
  readonly order: ExpressionLike;
  readonly preceding?: ExpressionLike;
  readonly following?: ExpressionLike;
}

/** An OVER window with its order; where its rows begin and end has defaults. (Flink: docs/dev/table/tableapi, "Over Windows") */
export class OverWindowOrdered {
  readonly #parts: OverParts;

  /** @internal Use `Over`. */
  constructor(parts: OverParts) {
    this.#parts = parts;
  }

  /** From where on: an interval, `rowInterval(n)`, UNBOUNDED_RANGE (default) or UNBOUNDED_ROW. */
  preceding(from: ExpressionLike): OverWindowOrdered {
    return new OverWindowOrdered({ ...this.#parts, preceding: from });
  }

  /** To where: CURRENT_ROW or CURRENT_RANGE, whichever fits `preceding`, is the default and the only one in streaming. */
  following(to: ExpressionLike): OverWindowOrdered {
    return new OverWindowOrdered({ ...this.#parts, following: to });
  }

  /** The name by which `over` speaks of it. */
  as(alias: string | Expression): OverWindow {
    const { partition, order, preceding, following } = this.#parts;
    const start = boundOf(preceding, "preceding");
    const unit = start.unit;
    const end = following === undefined ? { unit, bound: CURRENT } : boundOf(following, "following");
    return new OverWindow(aliasText(alias), {
      kind: "windowSpec",
      base: null,
      partitionBy: partition.map(astOf),
      orderBy: [{ expr: astOf(order), descending: false, nulls: null, span: NOWHERE }],
      frame: { unit, start: start.bound, end: end.bound },
      partial: null,
      span: NOWHERE,
    });
  }
}

const CURRENT: FrameBound = { kind: "currentRow", offset: null };

function boundOf(value: ExpressionLike | undefined, side: "preceding" | "following"): { unit: "ROWS" | "RANGE"; bound: FrameBound } {
  const unbounded: FrameBound = { kind: side === "preceding" ? "unboundedPreceding" : "unboundedFollowing", offset: null };
  if (value === undefined) return { unit: "RANGE", bound: unbounded };
  const ast = astOf(value);
  if (ast.kind === "call") {
    switch (ast.name) {
      case "$UNBOUNDED_ROW":
        return { unit: "ROWS", bound: unbounded };
      case "$UNBOUNDED_RANGE":
        return { unit: "RANGE", bound: unbounded };
      case "$CURRENT_ROW":
        return { unit: "ROWS", bound: CURRENT };
      case "$CURRENT_RANGE":
        return { unit: "RANGE", bound: CURRENT };
      case "$ROWS":
        return { unit: "ROWS", bound: { kind: side, offset: ast.args[0] } };
      default:
    }
  }
  return { unit: "RANGE", bound: { kind: side, offset: ast } };
}

/** An OVER window with its partition: `.orderBy($("ts"))`. (Flink: docs/dev/table/tableapi, "Over Windows") */
export class OverWindowPartitioned {
  readonly #partition: readonly ExpressionLike[];

  /** @internal Use `Over.partitionBy`. */
  constructor(partition: readonly ExpressionLike[]) {
    this.#partition = partition;
  }

  /** The time attribute by which rows follow each other. */
  orderBy(time: ExpressionLike): OverWindowOrdered {
    return new OverWindowOrdered({ partition: this.#partition, order: time });
  }
}

/**
 * Windows over the rows around each row: `Over.partitionBy($("user")).orderBy($("ts")).preceding(UNBOUNDED_RANGE).as("w")`.
 * (Flink: docs/dev/table/tableapi, "Over Windows")
 */
export const Over = {
  /** Only rows with equal values are around each other. */
  partitionBy: (...keys: readonly ExpressionLike[]): OverWindowPartitioned => new OverWindowPartitioned(keys),
  /** All rows are around each other, in the order of a time attribute. */
  orderBy: (time: ExpressionLike): OverWindowOrdered => new OverWindowOrdered({ partition: [], order: time }),
};
