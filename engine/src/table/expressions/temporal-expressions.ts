/** Times and intervals. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import type { TimeUnit } from "../../sql/1-parse/ast.ts";
import { call } from "../../sql/1-parse/call.ts";
import type { Expression } from "./expression.ts";
import { NOWHERE, typeNode } from "./expression-base.ts";
import { StringExpressions } from "./string-expressions.ts";

export abstract class TemporalExpressions extends StringExpressions {
  private interval(unit: TimeUnit): Expression {
    const { ast } = this;
    const operand = ast.kind === "unary" && ast.op === "-" ? ast.operand : ast;
    if (operand.kind !== "literal" || operand.type !== "integer") return this.make({ kind: "intervalOf", value: ast, unit, span: NOWHERE });
    const common = { negative: operand !== ast, quoted: false, to: null, precision: null, fraction: null, span: NOWHERE };
    return this.make({ kind: "interval", text: operand.text, from: unit, ...common });
  }

  private unitCall(name: string, unit: TimeUnit): Expression {
    return this.make(call(name, NOWHERE, [this.ast, { kind: "unit", unit, span: NOWHERE }]));
  }

  private castTo(type: string): Expression {
    return this.make({ kind: "cast", operand: this.ast, type: typeNode(type), safe: false, span: NOWHERE });
  }

  /** A text `yyyy-MM-dd` as DATE. */
  toDate(): Expression {
    return this.castTo("DATE");
  }

  /** A text `HH:mm:ss` as TIME. */
  toTime(): Expression {
    return this.castTo("TIME");
  }

  /** A text `yyyy-MM-dd HH:mm:ss.SSS` as TIMESTAMP(3). */
  toTimestamp(): Expression {
    return this.castTo("TIMESTAMP(3)");
  }

  /** A part of a time, such as `"HOUR"`, as BIGINT. */
  extract(unit: TimeUnit): Expression {
    return this.make(call("EXTRACT", NOWHERE, [{ kind: "unit", unit, span: NOWHERE }, this.ast]));
  }

  /** The next whole number below, or of a time the beginning of its hour, day … */
  floor(unit?: TimeUnit): Expression {
    return unit === undefined ? this.apply("FLOOR") : this.unitCall("FLOOR", unit);
  }

  /** The next whole number above, or of a time the end of its hour, day … */
  ceil(unit?: TimeUnit): Expression {
    return unit === undefined ? this.apply("CEIL") : this.unitCall("CEIL", unit);
  }

  /** An interval: `lit(1).year()`. */
  year(): Expression {
    return this.interval("YEAR");
  }

  /** An interval of so many years: `lit(5).years()`. */
  years(): Expression {
    return this.interval("YEAR");
  }

  /** An interval: `lit(1).quarter()`. */
  quarter(): Expression {
    return this.interval("QUARTER");
  }

  /** An interval of so many quarters: `lit(5).quarters()`. */
  quarters(): Expression {
    return this.interval("QUARTER");
  }

  /** An interval: `lit(1).month()`. */
  month(): Expression {
    return this.interval("MONTH");
  }

  /** An interval of so many months: `lit(5).months()`. */
  months(): Expression {
    return this.interval("MONTH");
  }

  /** An interval: `lit(1).week()`. */
  week(): Expression {
    return this.interval("WEEK");
  }

  /** An interval of so many weeks: `lit(5).weeks()`. */
  weeks(): Expression {
    return this.interval("WEEK");
  }

  /** An interval: `lit(1).day()`. */
  day(): Expression {
    return this.interval("DAY");
  }

  /** An interval of so many days: `lit(5).days()`. */
  days(): Expression {
    return this.interval("DAY");
  }

  /** An interval: `lit(1).hour()`. */
  hour(): Expression {
    return this.interval("HOUR");
  }

  /** An interval of so many hours: `lit(5).hours()`. */
  hours(): Expression {
    return this.interval("HOUR");
  }

  /** An interval: `lit(1).minute()`. */
  minute(): Expression {
    return this.interval("MINUTE");
  }

  /** An interval of so many minutes: `lit(5).minutes()`. */
  minutes(): Expression {
    return this.interval("MINUTE");
  }

  /** An interval: `lit(1).second()`. */
  second(): Expression {
    return this.interval("SECOND");
  }

  /** An interval of so many seconds: `lit(5).seconds()`. */
  seconds(): Expression {
    return this.interval("SECOND");
  }

  /** An interval: `lit(1).milli()`. */
  milli(): Expression {
    return this.interval("MILLISECOND");
  }

  /** An interval of so many millis (milliseconds): `lit(5).millis()`. */
  millis(): Expression {
    return this.interval("MILLISECOND");
  }
}
