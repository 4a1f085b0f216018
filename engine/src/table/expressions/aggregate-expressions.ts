/** Aggregates. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import { textOfName } from "./name-text.ts";
import type { Expression } from "./expression.ts";
import { astOf, callOfAst, type ExpressionLike, identifier } from "./expression-base.ts";
import { CollectionExpressions } from "./collection-expressions.ts";

export abstract class AggregateExpressions extends CollectionExpressions {
  /** The sum; NULL of no rows. */
  sum(): Expression {
    return this.apply("SUM");
  }

  /** The sum; 0 of no rows. */
  sum0(): Expression {
    return this.apply("$SUM0");
  }

  /** The smallest value. */
  min(): Expression {
    return this.apply("MIN");
  }

  /** The largest value. */
  max(): Expression {
    return this.apply("MAX");
  }

  /** How many values are not NULL. */
  count(): Expression {
    return this.apply("COUNT");
  }

  /** The average, in the type of the values. */
  avg(): Expression {
    return this.apply("AVG");
  }

  /** The first value. */
  firstValue(): Expression {
    return this.apply("FIRST_VALUE");
  }

  /** The last value. */
  lastValue(): Expression {
    return this.apply("LAST_VALUE");
  }

  /** The texts one behind the other, with a separator (default a comma) between. */
  listAgg(separator?: ExpressionLike): Expression {
    return this.apply("LISTAGG", separator);
  }

  /** Standard deviation of the population. */
  stddevPop(): Expression {
    return this.apply("STDDEV_POP");
  }

  /** Standard deviation of the sample. */
  stddevSamp(): Expression {
    return this.apply("STDDEV_SAMP");
  }

  /** Variance of the population. */
  varPop(): Expression {
    return this.apply("VAR_POP");
  }

  /** Variance of the sample. */
  varSamp(): Expression {
    return this.apply("VAR_SAMP");
  }

  /** The values as a multiset. */
  collect(): Expression {
    return this.apply("COLLECT");
  }

  /** The values as an array. */
  arrayAgg(): Expression {
    return this.apply("ARRAY_AGG");
  }

  /** The value below which a share (0 to 1) of the values lies. */
  percentile(percentage: ExpressionLike, frequency?: ExpressionLike): Expression {
    return this.apply("PERCENTILE", percentage, frequency);
  }

  /** The numbers as a bitmap. */
  bitmapBuildAgg(): Expression {
    return this.apply("BITMAP_BUILD_AGG");
  }

  /** How many different numbers there are. */
  bitmapBuildCardinalityAgg(): Expression {
    return this.apply("BITMAP_BUILD_CARDINALITY_AGG");
  }

  /** Numbers that are in all bitmaps. */
  bitmapAndAgg(): Expression {
    return this.apply("BITMAP_AND_AGG");
  }

  /** How many numbers are in all bitmaps. */
  bitmapAndCardinalityAgg(): Expression {
    return this.apply("BITMAP_AND_CARDINALITY_AGG");
  }

  /** Numbers that are in any bitmap. */
  bitmapOrAgg(): Expression {
    return this.apply("BITMAP_OR_AGG");
  }

  /** How many numbers are in any bitmap. */
  bitmapOrCardinalityAgg(): Expression {
    return this.apply("BITMAP_OR_CARDINALITY_AGG");
  }

  /** Numbers that are in an odd number of bitmaps. */
  bitmapXorAgg(): Expression {
    return this.apply("BITMAP_XOR_AGG");
  }

  /** How many numbers are in an odd number of bitmaps. */
  bitmapXorCardinalityAgg(): Expression {
    return this.apply("BITMAP_XOR_CARDINALITY_AGG");
  }

  /** Every different value once: `$("a").count().distinct()`. */
  distinct(): Expression {
    return this.make({ ...callOfAst(this.ast, "distinct()"), distinct: true });
  }

  /** The aggregate over rows around each row: an alias of a window of `table.window(Over…)`. */
  over(alias: ExpressionLike): Expression {
    const name = typeof alias === "string" ? alias : textOfName(astOf(alias));
    return this.make({ ...callOfAst(this.ast, "over(…)"), over: identifier(name) });
  }
}
