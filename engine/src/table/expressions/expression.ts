import { isTable } from "../table-internals.ts";
import { queryOfTable } from "../table-space.ts";
import { call } from "../../sql/1-parse/call.ts";
import { AggregateExpressions } from "./aggregate-expressions.ts";
import { astOf, type ExpressionLike, NOWHERE } from "./expression-base.ts";
import type { Table } from "../table.ts";

/** How `orderBy` sorts by an expression. */
export interface SortOrder {
  readonly descending: boolean;
}

/**
 * An expression over the columns of a table, made with `$("column")`, `lit(5)`, `call(…)` and methods that can be chained:
 * `$("amount").sum().plus(1).as("total")`. Values that are no expressions become literals. Whether names and types are right shows when a table uses it.
 * (Flink: docs/dev/table/tableapi, "Expression Syntax"; docs/dev/table/functions/systemfunctions)
 */
export class Expression extends AggregateExpressions {
  /** Names given by `as`, in order. @internal */
  aliases: readonly string[] = [];
  /** Given by `asc` and `desc`. @internal */
  order: SortOrder | null = null;

  /** Given by `asArgument`. @internal */
  argument: string | null = null;

  /** The value under the name of a process table function's argument: `lit(100).asArgument("threshold")`. */
  asArgument(name: string): Expression {
    const named = new Expression(this.ast);
    named.argument = name;
    return named;
  }

  /** Names the column that it becomes; of a table function all its columns. */
  as(name: string, ...more: readonly string[]): Expression {
    const named = new Expression(this.ast);
    named.aliases = [name, ...more];
    return named;
  }

  /** Smallest first, in `orderBy`. */
  asc(): Expression {
    return this.ordered(false);
  }

  /** Largest first, in `orderBy`. */
  desc(): Expression {
    return this.ordered(true);
  }

  private ordered(descending: boolean): Expression {
    const made = new Expression(this.ast);
    made.order = { descending };
    return made;
  }

  /** Whether it is one of these values, or a value of a table of one column. */
  in(first: ExpressionLike | Table, ...others: readonly ExpressionLike[]): Expression {
    const { ast: operand } = this;
    const query = isTable(first) ? queryOfTable(String(first)) : null;
    const list = query !== null ? null : [first as ExpressionLike, ...others].map(astOf);
    return new Expression({ kind: "in", operand, list, query, negated: false, span: NOWHERE });
  }

  /** The fields of a row, each a column of its own. Only in `select`. */
  flatten(): Expression {
    return new Expression(call("$FLATTEN", NOWHERE, [this.ast]));
  }

  /** Begin of a window that `groupBy` was given by its alias: `$("w").start()`. */
  start(): Expression {
    return new Expression(call("$START", NOWHERE, [this.ast]));
  }

  /** End of a window, excluded: `$("w").end()`. */
  end(): Expression {
    return new Expression(call("$END", NOWHERE, [this.ast]));
  }

  /** The last millisecond of a window as a rowtime attribute, for windows over the result. */
  rowtime(): Expression {
    return new Expression(call("$ROWTIME", NOWHERE, [this.ast]));
  }

  /** A processing time attribute: of a window, or the column of a stream. */
  proctime(): Expression {
    return new Expression(call("$PROCTIME", NOWHERE, [this.ast]));
  }
}
