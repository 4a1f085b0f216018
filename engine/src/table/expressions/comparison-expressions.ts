/** Comparisons, logic, casts. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import type { BinaryOp, IsExpr } from "../../sql/1-parse/ast.ts";
import type { TypeLike } from "../../sql/user-functions/data-types.ts";
import type { Expression } from "./expression.ts";
import { astOf, ExpressionBase, type ExpressionLike, NOWHERE, typeNode } from "./expression-base.ts";

export abstract class ComparisonExpressions extends ExpressionBase {
  private binary(op: BinaryOp, other: ExpressionLike): Expression {
    return this.make({ kind: "binary", op, left: this.ast, right: astOf(other), span: NOWHERE });
  }

  private is(what: IsExpr["what"], negated: boolean): Expression {
    return this.make({ kind: "is", operand: this.ast, what, negated, span: NOWHERE });
  }

  /** Both are true. */
  and(other: ExpressionLike): Expression {
    return this.binary("AND", other);
  }

  /** At least one is true. */
  or(other: ExpressionLike): Expression {
    return this.binary("OR", other);
  }

  /** The reverse; of UNKNOWN it is UNKNOWN. */
  not(): Expression {
    return this.make({ kind: "unary", op: "NOT", operand: this.ast, span: NOWHERE });
  }

  /** This is larger. */
  isGreater(other: ExpressionLike): Expression {
    return this.binary(">", other);
  }

  /** This is larger or equal. */
  isGreaterOrEqual(other: ExpressionLike): Expression {
    return this.binary(">=", other);
  }

  /** This is smaller. */
  isLess(other: ExpressionLike): Expression {
    return this.binary("<", other);
  }

  /** This is smaller or equal. */
  isLessOrEqual(other: ExpressionLike): Expression {
    return this.binary("<=", other);
  }

  /** Both are equal; with NULL it is UNKNOWN. */
  isEqual(other: ExpressionLike): Expression {
    return this.binary("=", other);
  }

  /** They differ; with NULL it is UNKNOWN. */
  isNotEqual(other: ExpressionLike): Expression {
    return this.binary("<>", other);
  }

  /** The sum. Of a time and an interval it is a time. */
  plus(other: ExpressionLike): Expression {
    return this.binary("+", other);
  }

  /** The difference. */
  minus(other: ExpressionLike): Expression {
    return this.binary("-", other);
  }

  /** The product. */
  times(other: ExpressionLike): Expression {
    return this.binary("*", other);
  }

  /** The quotient; of whole numbers a whole number. */
  dividedBy(other: ExpressionLike): Expression {
    return this.binary("/", other);
  }

  /** From the one to the other, both included. */
  between(low: ExpressionLike, high: ExpressionLike): Expression {
    return this.range(low, high, false);
  }

  /** Outside of the range from the one to the other. */
  notBetween(low: ExpressionLike, high: ExpressionLike): Expression {
    return this.range(low, high, true);
  }

  private range(low: ExpressionLike, high: ExpressionLike, negated: boolean): Expression {
    return this.make({ kind: "between", operand: this.ast, low: astOf(low), high: astOf(high), negated, symmetric: false, span: NOWHERE });
  }

  /** If this is true the one, else the other. */
  // biome-ignore lint/suspicious/noThenProperty: Flink's name; nothing awaits expressions
  then(ifTrue: ExpressionLike, ifFalse: ExpressionLike): Expression {
    const whens = [{ when: this.ast, result: astOf(ifTrue) }];
    return this.make({ kind: "case", operand: null, whens, otherwise: astOf(ifFalse), span: NOWHERE });
  }

  /** This, or the other where this is NULL. */
  ifNull(other: ExpressionLike): Expression {
    return this.apply("IFNULL", other);
  }

  /** True of NULL. */
  isNull(): Expression {
    return this.is("NULL", false);
  }

  /** False of NULL. */
  isNotNull(): Expression {
    return this.is("NULL", true);
  }

  /** Neither FALSE nor UNKNOWN. */
  isTrue(): Expression {
    return this.is("TRUE", false);
  }

  /** Neither TRUE nor UNKNOWN. */
  isFalse(): Expression {
    return this.is("FALSE", false);
  }

  /** FALSE or UNKNOWN. */
  isNotTrue(): Expression {
    return this.is("TRUE", true);
  }

  /** TRUE or UNKNOWN. */
  isNotFalse(): Expression {
    return this.is("FALSE", true);
  }

  /** The value as another type; a value that cannot be is an error at runtime. @throws Diagnostic TABLE_TYPE */
  cast(type: TypeLike): Expression {
    return this.make({ kind: "cast", operand: this.ast, type: typeNode(type), safe: false, span: NOWHERE });
  }

  /** The value as another type, NULL when it cannot be. @throws Diagnostic TABLE_TYPE */
  tryCast(type: TypeLike): Expression {
    return this.make({ kind: "cast", operand: this.ast, type: typeNode(type), safe: true, span: NOWHERE });
  }
}
