/** Arithmetic. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import { call } from "../../sql/1-parse/call.ts";
import type { Expression } from "./expression.ts";
import { astOf, type ExpressionLike, NOWHERE } from "./expression-base.ts";
import { ComparisonExpressions } from "./comparison-expressions.ts";

export abstract class ArithmeticExpressions extends ComparisonExpressions {
  /** The rest of a division. */
  mod(other: ExpressionLike): Expression {
    return this.apply("MOD", other);
  }

  /** e to the power of this. */
  exp(): Expression {
    return this.apply("EXP");
  }

  /** Logarithm to base 10. */
  log10(): Expression {
    return this.apply("LOG10");
  }

  /** Logarithm to base 2. */
  log2(): Expression {
    return this.apply("LOG2");
  }

  /** Natural logarithm. */
  ln(): Expression {
    return this.apply("LN");
  }

  /** This to the power of the exponent. */
  power(exponent: ExpressionLike): Expression {
    return this.apply("POWER", exponent);
  }

  /** Square root. */
  sqrt(): Expression {
    return this.apply("SQRT");
  }

  /** Without its sign. */
  abs(): Expression {
    return this.apply("ABS");
  }

  /** Sine. */
  sin(): Expression {
    return this.apply("SIN");
  }

  /** Hyperbolic sine. */
  sinh(): Expression {
    return this.apply("SINH");
  }

  /** Cosine. */
  cos(): Expression {
    return this.apply("COS");
  }

  /** Hyperbolic cosine. */
  cosh(): Expression {
    return this.apply("COSH");
  }

  /** Tangent. */
  tan(): Expression {
    return this.apply("TAN");
  }

  /** Hyperbolic tangent. */
  tanh(): Expression {
    return this.apply("TANH");
  }

  /** Cotangent. */
  cot(): Expression {
    return this.apply("COT");
  }

  /** Arc sine. */
  asin(): Expression {
    return this.apply("ASIN");
  }

  /** Arc cosine. */
  acos(): Expression {
    return this.apply("ACOS");
  }

  /** Arc tangent. */
  atan(): Expression {
    return this.apply("ATAN");
  }

  /** Radians as degrees. */
  degrees(): Expression {
    return this.apply("DEGREES");
  }

  /** Degrees as radians. */
  radians(): Expression {
    return this.apply("RADIANS");
  }

  /** -1, 0 or 1. */
  sign(): Expression {
    return this.apply("SIGN");
  }

  /** Rounded to so many digits behind the point. */
  round(digits: ExpressionLike): Expression {
    return this.apply("ROUND", digits);
  }

  /** Cut off behind so many digits behind the point, default 0. */
  truncate(digits?: ExpressionLike): Expression {
    return this.apply("TRUNCATE", digits);
  }

  /** A whole number in binary digits, as text. */
  bin(): Expression {
    return this.apply("BIN");
  }

  /** A number or text in hexadecimal digits. */
  hex(): Expression {
    return this.apply("HEX");
  }

  /** The bytes of a text of hexadecimal digits. */
  unhex(): Expression {
    return this.apply("UNHEX");
  }

  /** Logarithm to a base, default e. */
  log(base?: ExpressionLike): Expression {
    return base === undefined ? this.apply("LOG") : this.make(call("LOG", NOWHERE, [astOf(base), this.ast]));
  }
}
