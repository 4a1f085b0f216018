/** Arrays, maps, JSON and bitmaps. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import { call } from "../../sql/1-parse/call.ts";
import type { TypeLike } from "../../sql/user-functions/data-types.ts";
import type { Expression } from "./expression.ts";
import { astOf, type ExpressionLike, identifier, NOWHERE, typeNode } from "./expression-base.ts";
import { TemporalExpressions } from "./temporal-expressions.ts";

export abstract class CollectionExpressions extends TemporalExpressions {
  /** Number of elements or entries. */
  cardinality(): Expression {
    return this.apply("CARDINALITY");
  }

  /** The only element of an array; NULL when it is empty. */
  element(): Expression {
    return this.apply("ELEMENT");
  }

  /** The array with an element more at its end. */
  arrayAppend(element: ExpressionLike): Expression {
    return this.apply("ARRAY_APPEND", element);
  }

  /** The array with an element more at its beginning. */
  arrayPrepend(element: ExpressionLike): Expression {
    return this.apply("ARRAY_PREPEND", element);
  }

  /** Whether the element is in the array. */
  arrayContains(element: ExpressionLike): Expression {
    return this.apply("ARRAY_CONTAINS", element);
  }

  /** Every element once. */
  arrayDistinct(): Expression {
    return this.apply("ARRAY_DISTINCT");
  }

  /** Position of the element, counted from 1; 0 = it is not there. */
  arrayPosition(element: ExpressionLike): Expression {
    return this.apply("ARRAY_POSITION", element);
  }

  /** The array without an element. */
  arrayRemove(element: ExpressionLike): Expression {
    return this.apply("ARRAY_REMOVE", element);
  }

  /** Backwards. */
  arrayReverse(): Expression {
    return this.apply("ARRAY_REVERSE");
  }

  /** The elements from one position to another, counted from 1. */
  arraySlice(begin: ExpressionLike, end?: ExpressionLike): Expression {
    return this.apply("ARRAY_SLICE", begin, end);
  }

  /** The elements of both, each once. */
  arrayUnion(other: ExpressionLike): Expression {
    return this.apply("ARRAY_UNION", other);
  }

  /** The elements that the other has not. */
  arrayExcept(other: ExpressionLike): Expression {
    return this.apply("ARRAY_EXCEPT", other);
  }

  /** The elements that both have. */
  arrayIntersect(other: ExpressionLike): Expression {
    return this.apply("ARRAY_INTERSECT", other);
  }

  /** The largest element. */
  arrayMax(): Expression {
    return this.apply("ARRAY_MAX");
  }

  /** The smallest element. */
  arrayMin(): Expression {
    return this.apply("ARRAY_MIN");
  }

  /** The keys, as an array. */
  mapKeys(): Expression {
    return this.apply("MAP_KEYS");
  }

  /** The values, as an array. */
  mapValues(): Expression {
    return this.apply("MAP_VALUES");
  }

  /** The entries, as an array of rows. */
  mapEntries(): Expression {
    return this.apply("MAP_ENTRIES");
  }

  /** A bitmap of an array of INT. */
  bitmapBuild(): Expression {
    return this.apply("BITMAP_BUILD");
  }

  /** A bitmap from its bytes. */
  bitmapFromBytes(): Expression {
    return this.apply("BITMAP_FROM_BYTES");
  }

  /** The bitmap's bytes. */
  bitmapToBytes(): Expression {
    return this.apply("BITMAP_TO_BYTES");
  }

  /** The bitmap's numbers. */
  bitmapToArray(): Expression {
    return this.apply("BITMAP_TO_ARRAY");
  }

  /** The bitmap as text. */
  bitmapToString(): Expression {
    return this.apply("BITMAP_TO_STRING");
  }

  /** How many numbers are in the bitmap. */
  bitmapCardinality(): Expression {
    return this.apply("BITMAP_CARDINALITY");
  }

  /** Numbers that are in both bitmaps. */
  bitmapAnd(other: ExpressionLike): Expression {
    return this.apply("BITMAP_AND", other);
  }

  /** Numbers that are not in the other bitmap. */
  bitmapAndnot(other: ExpressionLike): Expression {
    return this.apply("BITMAP_ANDNOT", other);
  }

  /** Numbers that are in either bitmap. */
  bitmapOr(other: ExpressionLike): Expression {
    return this.apply("BITMAP_OR", other);
  }

  /** Numbers that are in one of the two bitmaps. */
  bitmapXor(other: ExpressionLike): Expression {
    return this.apply("BITMAP_XOR", other);
  }

  /** The element at an index (from 1) of an array, or the value of a key of a map. */
  at(index: ExpressionLike): Expression {
    return this.make({ kind: "index", operand: this.ast, index: astOf(index), span: NOWHERE });
  }

  /** A field of a row. */
  get(name: string): Expression {
    return this.make({ kind: "field", operand: this.ast, field: identifier(name), span: NOWHERE });
  }

  /** All arrays one behind the other. */
  arrayConcat(...arrays: readonly ExpressionLike[]): Expression {
    return this.apply("ARRAY_CONCAT", ...arrays);
  }

  /** The entries of all maps; of a key that occurs twice the later one. */
  mapUnion(...maps: readonly ExpressionLike[]): Expression {
    return this.apply("MAP_UNION", ...maps);
  }

  /** A structured value with fields replaced: name, value, name, value … */
  objectUpdate(...namesAndValues: readonly ExpressionLike[]): Expression {
    return this.apply("OBJECT_UPDATE", ...namesAndValues);
  }

  /** Whether a text is JSON, of any kind or of one. */
  isJson(kind: "VALUE" | "SCALAR" | "ARRAY" | "OBJECT" = "VALUE"): Expression {
    return this.make({ kind: "is", operand: this.ast, what: `JSON ${kind}`, negated: false, span: NOWHERE });
  }

  /** Whether a JSON text has something at a path such as `$.a`. */
  jsonExists(path: string): Expression {
    return this.apply("JSON_EXISTS", path);
  }

  /** The scalar at a path of a JSON text, as STRING or a type of choice; NULL when there is none, or the default. */
  jsonValue(path: string, type?: TypeLike, defaultOnEmptyOrError?: ExpressionLike): Expression {
    const value = this.make(this.apply("JSON_VALUE", path).ast);
    const given =
      defaultOnEmptyOrError === undefined ? value : this.make(call("IFNULL", NOWHERE, [value.ast, astOf(defaultOnEmptyOrError)]));
    return type === undefined ? given : this.make({ kind: "cast", operand: given.ast, type: typeNode(type), safe: true, span: NOWHERE });
  }

  /** The object or array at a path of a JSON text, as JSON. */
  jsonQuery(path: string): Expression {
    return this.apply("JSON_QUERY", path);
  }
}
