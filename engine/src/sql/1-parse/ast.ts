/** Syntax tree of the Flink dialect: readonly data, a literal `kind` and a span on every node. */
import type { Span } from "./span.ts";

interface Node {
  readonly span: Span;
}

export interface Identifier extends Node {
  readonly name: string;
}

// ---- types ----

export interface TypeNode extends Node {
  readonly kind: "type";
  /** Upper case, e.g. `TIMESTAMP_LTZ`; `STRING`, `BYTES`, `DEC`, `INTEGER` as written. */
  readonly name: string;
  readonly parameters: readonly number[];
  readonly nullable: boolean;
  /** Element, or key and value. */
  readonly children: readonly TypeNode[];
  readonly fields: readonly { readonly name: string; readonly type: TypeNode }[];
}

// ---- expressions ----

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
  | "ISODOW"
  | "ISOYEAR"
  | "EPOCH"
  | "DECADE"
  | "CENTURY"
  | "MILLENNIUM";

export interface LiteralExpr extends Node {
  readonly kind: "literal";
  readonly type: "integer" | "decimal" | "double" | "string" | "boolean" | "null" | "date" | "time" | "timestamp" | "bytes";
  readonly text: string;
}

export interface IntervalExpr extends Node {
  readonly kind: "interval";
  readonly text: string;
  readonly negative: boolean;
  /** Written in quotes: then the digits of the leading field are limited. */
  readonly quoted: boolean;
  /** Digits of the leading field, as in `DAY(3)`; null when not given. */
  readonly precision: number | null;
  readonly from: TimeUnit;
  readonly to: TimeUnit | null;
}

export interface NameExpr extends Node {
  readonly kind: "name";
  readonly parts: readonly Identifier[];
}

export interface StarExpr extends Node {
  readonly kind: "star";
  readonly qualifier: readonly Identifier[];
}

export interface CallExpr extends Node {
  readonly kind: "call";
  /** Upper case. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly star: boolean;
  readonly filter: Expr | null;
  readonly over: WindowSpec | Identifier | null;
  readonly withinGroup: readonly OrderItem[] | null;
  /** Words that some calls carry inside their parentheses, e.g. ABSENT ON NULL, RETURNING and so on. */
  readonly options: Readonly<Record<string, string | Expr>>;
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
  readonly query: Query;
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

export interface ArrayExpr extends Node {
  readonly kind: "array";
  readonly items: readonly Expr[];
}

export interface MapExpr extends Node {
  readonly kind: "map";
  readonly items: readonly Expr[];
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

/** `TABLE t`, `TABLE t PARTITION BY k` or `(SELECT …)` as an argument of a table function. */
export interface TableArgument extends Node {
  readonly kind: "tableArgument";
  readonly table: TableRef;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
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
}

export type Expr =
  | LiteralExpr
  | IntervalExpr
  | NameExpr
  | StarExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | IsExpr
  | IsDistinctExpr
  | BetweenExpr
  | InExpr
  | QuantifiedExpr
  | LikeExpr
  | CaseExpr
  | CastExpr
  | UnitExpr
  | ArrayExpr
  | MapExpr
  | RowExpr
  | IndexExpr
  | FieldExpr
  | SubqueryExpr
  | ExistsExpr
  | DescriptorExpr
  | TableArgument
  | NamedArgument
  | IntervalDifference;

// ---- windows and ordering ----

export interface OrderItem extends Node {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nulls: "FIRST" | "LAST" | null;
}

export interface FrameBound {
  readonly kind: "unboundedPreceding" | "preceding" | "currentRow" | "following" | "unboundedFollowing";
  readonly offset: Expr | null;
}

export interface WindowSpec extends Node {
  readonly kind: "windowSpec";
  readonly base: Identifier | null;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: { readonly unit: "ROWS" | "RANGE"; readonly start: FrameBound; readonly end: FrameBound } | null;
}

// ---- queries ----

export interface SelectItem extends Node {
  readonly expr: Expr;
  readonly alias: Identifier | null;
}

export type GroupItem =
  | { readonly kind: "expr"; readonly expr: Expr; readonly span: Span }
  | { readonly kind: "sets" | "rollup" | "cube"; readonly sets: readonly (readonly Expr[])[]; readonly span: Span };

export interface SelectQuery extends Node {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly hints: readonly string[];
  readonly items: readonly SelectItem[];
  readonly from: TableRef | null;
  readonly where: Expr | null;
  /** null = no GROUP BY; empty = GROUP BY (). */
  readonly groupBy: readonly GroupItem[] | null;
  readonly having: Expr | null;
  readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
  readonly qualify: Expr | null;
}

export interface ValuesQuery extends Node {
  readonly kind: "values";
  readonly rows: readonly (readonly Expr[])[];
}

export interface SetQuery extends Node {
  readonly kind: "set";
  readonly op: "UNION" | "INTERSECT" | "EXCEPT";
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export type QueryBody = SelectQuery | ValuesQuery | SetQuery | Query;

export interface CommonTable extends Node {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface Query extends Node {
  readonly kind: "query";
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}

export interface Alias {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
}

export type JoinType = "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS";

export type TableRef =
  | {
      readonly kind: "table";
      readonly span: Span;
      readonly path: readonly Identifier[];
      readonly alias: Alias | null;
      /** FOR SYSTEM_TIME AS OF. */
      readonly asOf: Expr | null;
      readonly hints: readonly string[];
    }
  | { readonly kind: "derived"; readonly span: Span; readonly query: Query; readonly alias: Alias | null; readonly lateral: boolean }
  | { readonly kind: "function"; readonly span: Span; readonly call: CallExpr; readonly alias: Alias | null }
  | {
      readonly kind: "unnest";
      readonly span: Span;
      readonly expr: Expr;
      readonly withOrdinality: boolean;
      readonly alias: Alias | null;
    }
  | {
      readonly kind: "join";
      readonly span: Span;
      readonly type: JoinType;
      readonly natural: boolean;
      readonly left: TableRef;
      readonly right: TableRef;
      readonly on: Expr | null;
      readonly using: readonly Identifier[];
    }
  | { readonly kind: "matchRecognize"; readonly span: Span; readonly input: TableRef };

// ---- statements ----

export type ColumnNode = Node & { readonly name: Identifier } & (
    | { readonly kind: "physical"; readonly type: TypeNode; readonly primaryKey: boolean }
    | { readonly kind: "computed"; readonly expr: Expr }
    | { readonly kind: "metadata"; readonly type: TypeNode; readonly from: string | null; readonly virtual: boolean }
  );

export interface WatermarkNode extends Node {
  readonly column: Identifier;
  readonly expr: Expr;
}

export interface TableOption extends Node {
  readonly key: string;
  readonly value: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
}

export interface CreateTable extends Node {
  readonly kind: "createTable";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly columns: readonly ColumnNode[];
  readonly watermark: WatermarkNode | null;
  readonly primaryKey: readonly Identifier[];
  readonly options: readonly TableOption[];
}

export interface CreateView extends Node {
  readonly kind: "createView";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface InsertInto extends Node {
  readonly kind: "insert";
  readonly path: readonly Identifier[];
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface StatementSet extends Node {
  readonly kind: "statementSet";
  readonly inserts: readonly InsertInto[];
}

export interface SetOption extends Node {
  readonly kind: "setOption";
  readonly key: string;
  readonly value: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
}

export interface QueryStatement extends Node {
  readonly kind: "queryStatement";
  readonly query: Query;
}

export interface DropStatement extends Node {
  readonly kind: "drop";
  readonly what: "TABLE" | "VIEW";
  readonly ifExists: boolean;
  readonly path: readonly Identifier[];
}

export type Statement = CreateTable | CreateView | InsertInto | StatementSet | SetOption | QueryStatement | DropStatement;
