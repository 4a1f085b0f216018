/** Expressions. */
import type { Span } from "../span.ts";
import type { Identifier, Node } from "./node.ts";
import type { OrderItem, Query, TableRef, WindowSpec } from "./queries.ts";
import type { TypeNode } from "./type.ts";

export type TimeUnit =
  | "YEAR"
  | "QUARTER"
  | "MONTH"
  | "WEEK"
  | "DAY"
  | "HOUR"
  | "MINUTE"
  | "SECOND"
  | "MILLISECOND"
  | "MICROSECOND"
  | "NANOSECOND"
  | "DOW"
  | "DOY"
  | "DAYOFWEEK"
  | "DAYOFYEAR"
  | "ISODOW"
  | "ISOYEAR"
  | "EPOCH"
  | "DECADE"
  | "CENTURY"
  | "MILLENNIUM";

export interface LiteralExpr extends Node {
  readonly kind: "literal";
  readonly type:
    | "integer"
    | "decimal"
    | "double"
    | "string"
    | "boolean"
    | "null"
    | "date"
    | "time"
    | "timestamp"
    | "timestampLtz"
    | "datetime"
    | "bytes";
  readonly text: string;
}

/** `INTERVAL '1:30' HOUR TO MINUTE`, `INTERVAL 10 MINUTES`. */
export interface IntervalExpr extends Node {
  readonly kind: "interval";
  readonly text: string;
  readonly negative: boolean;
  /** Written in quotes: then the digits of the leading field are limited. */
  readonly quoted: boolean;
  readonly from: TimeUnit;
  readonly to: TimeUnit | null;
  /** Digits of the leading field, as in `DAY(3)`; null = not written. */
  readonly precision: number | null;
  /** Digits behind the second, as in `SECOND(3)` behind TO or `SECOND(2, 3)`; null = not written. */
  readonly fraction: number | null;
}

/** `INTERVAL n DAY`, `INTERVAL (a + b) MINUTE`: the length is computed. */
export interface IntervalOfExpr extends Node {
  readonly kind: "intervalOf";
  readonly value: Expr;
  readonly unit: TimeUnit;
}

export interface NameExpr extends Node {
  readonly kind: "name";
  readonly parts: readonly Identifier[];
}

export interface StarExpr extends Node {
  readonly kind: "star";
  readonly qualifier: readonly Identifier[];
}

/** `?`: Flink's parser takes it, nothing behind it does. */
export interface ParameterExpr extends Node {
  readonly kind: "parameter";
}

/** DEFAULT as an argument or in VALUES. */
export interface DefaultExpr extends Node {
  readonly kind: "default";
}

export interface CallExpr extends Node {
  readonly kind: "call";
  /** Upper case; of a qualified function all parts with points between. */
  readonly name: string;
  readonly nameSpan: Span;
  /** The name as written, with catalog and database. */
  readonly path: readonly Identifier[];
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly star: boolean;
  readonly filter: Expr | null;
  readonly over: WindowSpec | Identifier | null;
  readonly withinGroup: readonly OrderItem[] | null;
  readonly nullTreatment: "IGNORE NULLS" | "RESPECT NULLS" | null;
  /** Words and clauses that some calls carry inside their parentheses: JSON_… clauses, the side of TRIM, ORDER BY of ARRAY_AGG. */
  readonly options: Readonly<Record<string, string | Expr>>;
  /** ORDER BY inside the parentheses of STRING_AGG, ARRAY_AGG and JSON_ARRAYAGG. */
  readonly orderBy: readonly OrderItem[];
  /** The function itself, where a program that builds expressions has it and no name need be looked up. */
  readonly inline?: object;
}

export interface UnaryExpr extends Node {
  readonly kind: "unary";
  readonly op: "-" | "+" | "NOT";
  readonly operand: Expr;
}

export type BinaryOp = "+" | "-" | "*" | "/" | "%" | "||" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "AND" | "OR";

export interface BinaryExpr extends Node {
  readonly kind: "binary";
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}

/** An operator that Flink's parser knows and hardly anybody uses. */
export type RareOperator =
  | "ILIKE"
  | "NOT ILIKE"
  | "RLIKE"
  | "NOT RLIKE"
  | "ESCAPE"
  | "MEMBER OF"
  | "SUBMULTISET OF"
  | "NOT SUBMULTISET OF"
  | "CONTAINS"
  | "EQUALS"
  | "PRECEDES"
  | "SUCCEEDS"
  | "IMMEDIATELY PRECEDES"
  | "IMMEDIATELY SUCCEEDS"
  | "MULTISET UNION"
  | "MULTISET UNION ALL"
  | "MULTISET INTERSECT"
  | "MULTISET INTERSECT ALL"
  | "MULTISET EXCEPT"
  | "MULTISET EXCEPT ALL"
  | "IS A SET"
  | "IS NOT A SET"
  | "IS EMPTY"
  | "IS NOT EMPTY"
  | "FORMAT JSON"
  | "EXISTS"
  | "UNIQUE"
  | "CURSOR"
  | "NEW"
  | "NEXT VALUE FOR"
  | "CURRENT VALUE FOR"
  | "RUNNING"
  | "FINAL"
  | "OFFSET"
  | "ORDINAL"
  | "SAFE_OFFSET"
  | "SAFE_ORDINAL"
  | "METHOD";

export interface OperatorExpr extends Node {
  readonly kind: "operator";
  readonly op: RareOperator;
  /** One operand: before a postfix operator, behind a prefix one; two: around. */
  readonly operands: readonly Expr[];
}

export interface IsExpr extends Node {
  readonly kind: "is";
  readonly operand: Expr;
  readonly negated: boolean;
  readonly what: "NULL" | "TRUE" | "FALSE" | "UNKNOWN" | "JSON" | "JSON VALUE" | "JSON OBJECT" | "JSON ARRAY" | "JSON SCALAR";
}

export interface IsDistinctExpr extends Node {
  readonly kind: "isDistinct";
  readonly left: Expr;
  readonly right: Expr;
  readonly negated: boolean;
}

export interface BetweenExpr extends Node {
  readonly kind: "between";
  readonly operand: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly negated: boolean;
  readonly symmetric: boolean;
}

export interface InExpr extends Node {
  readonly kind: "in";
  readonly operand: Expr;
  readonly list: readonly Expr[] | null;
  readonly query: Query | null;
  readonly negated: boolean;
}

export interface QuantifiedExpr extends Node {
  readonly kind: "quantified";
  readonly operand: Expr;
  readonly op: BinaryOp;
  readonly quantifier: "ALL" | "SOME";
  /** null = a list was given. */
  readonly query: Query | null;
  readonly list: readonly Expr[] | null;
}

export interface LikeExpr extends Node {
  readonly kind: "like";
  readonly operand: Expr;
  readonly pattern: Expr;
  readonly escape: Expr | null;
  readonly negated: boolean;
  readonly similar: boolean;
}

export interface CaseExpr extends Node {
  readonly kind: "case";
  readonly operand: Expr | null;
  readonly whens: readonly { readonly when: Expr; readonly result: Expr }[];
  readonly otherwise: Expr | null;
}

export interface CastExpr extends Node {
  readonly kind: "cast";
  readonly operand: Expr;
  readonly type: TypeNode;
  readonly safe: boolean;
}

/** A unit standing as an argument: FLOOR(x TO HOUR), EXTRACT(HOUR FROM x), TIMESTAMPADD(HOUR, …). */
export interface UnitExpr extends Node {
  readonly kind: "unit";
  readonly unit: TimeUnit;
}

/** A name where a unit should stand, `FLOOR(x TO MINUTE15)`, `WEEK(MONDAY)`: Flink's parser leaves it to the validator, which knows none. */
export interface TimeFrameExpr extends Node {
  readonly kind: "timeFrame";
  readonly name: string;
}

export interface ArrayExpr extends Node {
  readonly kind: "array";
  readonly items: readonly Expr[];
}

export interface MapExpr extends Node {
  readonly kind: "map";
  readonly items: readonly Expr[];
}

export interface MultisetExpr extends Node {
  readonly kind: "multiset";
  readonly items: readonly Expr[];
}

/** `ARRAY(SELECT …)`, `MAP(SELECT …)`, `MULTISET(SELECT …)`. */
export interface CollectionQueryExpr extends Node {
  readonly kind: "collectionQuery";
  readonly collection: "ARRAY" | "MAP" | "MULTISET";
  readonly query: Query;
}

export interface RowExpr extends Node {
  readonly kind: "row";
  readonly items: readonly Expr[];
}

export interface IndexExpr extends Node {
  readonly kind: "index";
  readonly operand: Expr;
  readonly index: Expr;
}

export interface FieldExpr extends Node {
  readonly kind: "field";
  readonly operand: Expr;
  readonly field: Identifier;
}

export interface SubqueryExpr extends Node {
  readonly kind: "subquery";
  readonly query: Query;
}

export interface ExistsExpr extends Node {
  readonly kind: "exists";
  readonly query: Query;
}

/** `DESCRIPTOR(ts)`. */
export interface DescriptorExpr extends Node {
  readonly kind: "descriptor";
  readonly columns: readonly Identifier[];
}

/** `TABLE t`, `TABLE t PARTITION BY k` or `(SELECT …) PARTITION BY k` as an argument of a table function. */
export interface TableArgument extends Node {
  readonly kind: "tableArgument";
  readonly table: TableRef;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
}

/** `x PARTITION BY k` as an argument where x is no table: Flink's parser takes it, nothing behind it does. */
export interface PartitionedExpr extends Node {
  readonly kind: "partitioned";
  readonly operand: Expr;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
}

/** `MODEL m` as an argument of ML_PREDICT. */
export interface ModelArgument extends Node {
  readonly kind: "modelArgument";
  readonly path: readonly Identifier[];
}

/** `SIZE => INTERVAL …`. */
export interface NamedArgument extends Node {
  readonly kind: "namedArgument";
  readonly name: Identifier;
  readonly value: Expr;
}

/** Timestamp difference with an interval qualifier: `(a - b) DAY TO SECOND`. */
export interface IntervalDifference extends Node {
  readonly kind: "intervalDifference";
  readonly left: Expr;
  readonly right: Expr;
  readonly unit: TimeUnit;
  readonly to: TimeUnit | null;
}

export type Expr =
  | LiteralExpr
  | IntervalExpr
  | IntervalOfExpr
  | NameExpr
  | StarExpr
  | ParameterExpr
  | DefaultExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | OperatorExpr
  | IsExpr
  | IsDistinctExpr
  | BetweenExpr
  | InExpr
  | QuantifiedExpr
  | LikeExpr
  | CaseExpr
  | CastExpr
  | UnitExpr
  | TimeFrameExpr
  | ArrayExpr
  | MapExpr
  | MultisetExpr
  | CollectionQueryExpr
  | RowExpr
  | IndexExpr
  | FieldExpr
  | SubqueryExpr
  | ExistsExpr
  | DescriptorExpr
  | TableArgument
  | PartitionedExpr
  | ModelArgument
  | NamedArgument
  | IntervalDifference;
