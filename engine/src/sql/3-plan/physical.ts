/**
 * Physical algebra: the nodes of Flink's optimized plan under Flink's names (`StreamPhysical…`), with what their operators need to know.
 * EXPLAIN prints them, the changelog passes walk over them, 5-execute makes operators of them. Fields are numbers of columns of the
 * input; of joins, right fields count from 0 too unless a condition is meant, which reads left fields, then right ones.
 */
import type {
  AggregateCall,
  Frame,
  Hints,
  OverCall,
  Process,
  RankRange,
  RelColumn,
  RelJoinType,
  RowPattern,
  SortKey,
  WindowSpecification,
} from "../2-analyze/rel.ts";
import type { LookupHint } from "../2-analyze/lookup-hint.ts";
import type { KeyPair } from "../2-analyze/multi-join-keys.ts";
import type { Rex } from "../2-analyze/rex.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { Span } from "../1-parse/span.ts";

/** Kinds of rows on an edge; +I always. */
export interface ChangelogKinds {
  readonly updateBefore: boolean;
  readonly updateAfter: boolean;
  readonly delete: boolean;
}

interface PhysicalBase {
  readonly columns: readonly RelColumn[];
  /** What the node emits; a pass over the finished tree says so. */
  changelog: ChangelogKinds;
}

export interface TableSourceScan extends PhysicalBase {
  readonly kind: "TableSourceScan";
  readonly table: CatalogTable;
  /** Per column its number in the table. */
  readonly fields: readonly number[];
  /** Rowtime column among `columns` whose watermarks the source makes, -1 = none. */
  readonly watermark: number;
  readonly hints: Hints;
}

export interface Values extends PhysicalBase {
  readonly kind: "Values";
  readonly rows: readonly (readonly Rex[])[];
}

export interface Calc extends PhysicalBase {
  readonly kind: "Calc";
  /** One of the projections is a call of an asynchronous function, all others are fields; there is no condition. Absent = false. */
  readonly isAsync?: boolean;
  readonly input: PhysicalNode;
  readonly projection: readonly Rex[];
  readonly condition: Rex | null;
}

/** Rows meet by key, or all in one place. */
export type Distribution = { readonly kind: "hash"; readonly keys: readonly number[] } | { readonly kind: "single" };

export interface Exchange extends PhysicalBase {
  readonly kind: "Exchange";
  readonly input: PhysicalNode;
  readonly distribution: Distribution;
}

export interface WatermarkAssigner extends PhysicalBase {
  readonly kind: "WatermarkAssigner";
  readonly input: PhysicalNode;
  readonly field: number;
  readonly expr: Rex | null;
}

/** Gives the beat of mini-batches, by processing time or by watermarks. */
export interface MiniBatchAssigner extends PhysicalBase {
  readonly kind: "MiniBatchAssigner";
  readonly input: PhysicalNode;
  readonly intervalMs: number;
  readonly mode: "ProcTime" | "RowTime";
}

/** Upserts to a full changelog, by key. */
export interface ChangelogNormalize extends PhysicalBase {
  readonly kind: "ChangelogNormalize";
  readonly input: PhysicalNode;
  readonly keys: readonly number[];
  readonly condition: Rex | null;
}

export interface DropUpdateBefore extends PhysicalBase {
  readonly kind: "DropUpdateBefore";
  readonly input: PhysicalNode;
}

export interface Expand extends PhysicalBase {
  readonly kind: "Expand";
  readonly input: PhysicalNode;
  readonly projects: readonly (readonly Rex[])[];
}

/** UNNEST, or the repetition of rows in INTERSECT ALL and EXCEPT ALL. */
export interface Correlate extends PhysicalBase {
  readonly kind: "Correlate";
  readonly input: PhysicalNode;
  readonly call:
    | {
        readonly kind: "unnest";
        readonly collection: Rex;
        readonly withOrdinality: boolean;
        /** Fields per element; 0 = the element itself is the one field. */
        readonly elementFields: number;
        readonly id: number;
      }
    | { readonly kind: "replicateRows" };
  readonly outer: boolean;
  /** Over the appended fields. */
  readonly condition: Rex | null;
}

/** Which of the two halves of an aggregation this is. LOCAL and GLOBAL come in pairs with an Exchange between. */
export type AggregatePhase = "SINGLE" | "LOCAL" | "GLOBAL" | "INCREMENTAL";

export interface GroupAggregate extends PhysicalBase {
  readonly kind: "GroupAggregate";
  readonly input: PhysicalNode;
  readonly phase: AggregatePhase;
  readonly keys: readonly number[];
  /** Over the input of the LOCAL half, when there are two. */
  readonly calls: readonly AggregateCall[];
  /** The input takes rows back. */
  readonly retract: boolean;
  /** Of a split distinct aggregation. */
  readonly partialFinal: "NONE" | "PARTIAL" | "FINAL";
  /** Of the INCREMENTAL step: those of `keys` that are the groups' own, without the buckets. */
  readonly finalKeys?: readonly number[];
  /** STATE_TTL hint, ms; null = as the session says. */
  readonly stateTtlMs: number | null;
}

/** Where the rows' windows come from: their time, or columns they carry. */
export type WindowOrigin =
  | { readonly kind: "time"; readonly field: number; readonly attribute: "ROWTIME" | "PROCTIME" }
  | { readonly kind: "attached"; readonly start: number; readonly end: number };

export interface Windowing {
  readonly spec: WindowSpecification;
  readonly origin: WindowOrigin;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
  readonly attribute: "ROWTIME" | "PROCTIME";
}

export type WindowProperty = "start" | "end" | "time";

/** Aggregation over the windows of a table function. Output: keys, calls, properties. */
export interface WindowAggregate extends PhysicalBase {
  readonly kind: "WindowAggregate";
  readonly input: PhysicalNode;
  readonly phase: AggregatePhase;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly windowing: Windowing;
  readonly properties: readonly { readonly property: WindowProperty; readonly name: string }[];
}

/** Legacy TUMBLE, HOP, SESSION in GROUP BY. Output: keys, calls, with `properties` start, end, rowtime, proctime. */
export interface GroupWindowAggregate extends PhysicalBase {
  readonly kind: "GroupWindowAggregate";
  readonly input: PhysicalNode;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
  readonly localTime: boolean;
  readonly properties: boolean;
  /** `table.exec.emit.*`: updates before and after the window's end. */
  readonly emit: { readonly earlyMs: number | null; readonly lateMs: number | null; readonly allowedLatenessMs: number } | null;
}

export interface WindowTableFunction extends PhysicalBase {
  readonly kind: "WindowTableFunction";
  readonly input: PhysicalNode;
  readonly windowing: Windowing;
}

/** Appends one field per call. */
export interface OverAggregate extends PhysicalBase {
  readonly kind: "OverAggregate";
  readonly input: PhysicalNode;
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly frame: Frame;
  readonly calls: readonly OverCall[];
  /** What the rows are ordered by: only NONTIME takes and makes updates. */
  readonly orderedBy: "ROWTIME" | "PROCTIME" | "NONTIME";
}

/** How a Top-N keeps its rows: inserts only; updates of known rows that only rise; anything. */
export type RankStrategy =
  | { readonly kind: "AppendFast" }
  | { readonly kind: "UpdateFast"; readonly keys: readonly number[] }
  | { readonly kind: "Retract" };

export interface Rank extends PhysicalBase {
  readonly kind: "Rank";
  readonly input: PhysicalNode;
  readonly rankType: "ROW_NUMBER" | "RANK" | "DENSE_RANK";
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly range: RankRange;
  readonly outputRank: boolean;
  /** Set by the changelog passes. */
  strategy: RankStrategy;
  /** First or last row by time: runs as a deduplication. null = a Top-N. */
  readonly deduplicate: { readonly keepLast: boolean; readonly timeAttribute: "ROWTIME" | "PROCTIME" } | null;
  /** Over batches the first row by time is given out at once and may be replaced by an earlier one. */
  readonly miniBatch: boolean;
}

export interface WindowRank extends PhysicalBase {
  readonly kind: "WindowRank";
  readonly input: PhysicalNode;
  readonly windowing: Windowing & { readonly origin: { readonly kind: "attached" } };
  /** Without the window's columns. */
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly start: number;
  readonly end: number;
  readonly outputRank: boolean;
}

export interface WindowDeduplicate extends PhysicalBase {
  readonly kind: "WindowDeduplicate";
  readonly input: PhysicalNode;
  readonly windowing: Windowing & { readonly origin: { readonly kind: "attached" } };
  readonly partition: readonly number[];
  readonly timeField: number;
  readonly keepLast: boolean;
}

export interface SortLimit extends PhysicalBase {
  readonly kind: "SortLimit";
  readonly input: PhysicalNode;
  readonly order: readonly SortKey[];
  readonly offset: number;
  readonly fetch: number;
  strategy: RankStrategy;
}

export interface Limit extends PhysicalBase {
  readonly kind: "Limit";
  readonly input: PhysicalNode;
  readonly offset: number;
  readonly fetch: number;
}

export interface TemporalSort extends PhysicalBase {
  readonly kind: "TemporalSort";
  readonly input: PhysicalNode;
  readonly order: readonly SortKey[];
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
}

/** What a join knows about the uniqueness of an input's rows: it decides how the rows are kept. */
export type JoinInputSpec =
  | { readonly kind: "NoUniqueKey" }
  | { readonly kind: "HasUniqueKey"; readonly keys: readonly number[] }
  | { readonly kind: "JoinKeyContainsUniqueKey"; readonly keys: readonly number[] };

interface JoinBase extends PhysicalBase {
  readonly left: PhysicalNode;
  readonly right: PhysicalNode;
  readonly joinType: RelJoinType;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** Per key: NULL equals nothing (`=`); false = IS NOT DISTINCT FROM. */
  readonly filterNulls: readonly boolean[];
  /** What the keys do not say, over left fields then right fields; null = nothing. */
  readonly nonEqui: Rex | null;
  /** The whole condition, for EXPLAIN. */
  readonly condition: Rex;
}

export interface Join extends JoinBase {
  readonly kind: "Join";
  readonly leftSpec: JoinInputSpec;
  readonly rightSpec: JoinInputSpec;
  /** Rows of a batch are folded before they meet. */
  readonly miniBatch: boolean;
  readonly leftTtlMs: number | null;
  readonly rightTtlMs: number | null;
}

/** A join of many inputs by a key that all of them share. */
export interface MultiJoin extends PhysicalBase {
  readonly kind: "MultiJoin";
  readonly inputs: readonly PhysicalNode[];
  /** How input i + 1 is joined with those before it. */
  readonly types: readonly ("inner" | "left")[];
  /** Of input i + 1, over the fields of it and those before it. */
  readonly conditions: readonly Rex[];
  /** Per input its columns of the common key; empty = there is none. */
  readonly commonKeys: readonly (readonly number[])[];
  /** Of input i + 1: columns that are equal to columns of inputs before. */
  readonly keyPairs: readonly (readonly KeyPair[])[];
  readonly specs: readonly JoinInputSpec[];
  /** STATE_TTL hints per input, as written; null = as the session says. */
  readonly ttlTexts: readonly (string | null)[];
  readonly ttlsMs: readonly (number | null)[];
}

export interface IntervalJoin extends JoinBase {
  readonly kind: "IntervalJoin";
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
  readonly leftTime: number;
  readonly rightTime: number;
  /** left time − right time lies within. */
  readonly lowerMs: number;
  readonly upperMs: number;
}

export interface WindowJoin extends JoinBase {
  readonly kind: "WindowJoin";
  /** Keys without the windows' columns. */
  readonly leftWindowing: Windowing & { readonly origin: { readonly kind: "attached" } };
  readonly rightWindowing: Windowing & { readonly origin: { readonly kind: "attached" } };
}

/** FOR SYSTEM_TIME AS OF over a versioned table. Inner or left; `nonEqui` leaves the versions' times out. */
export interface TemporalJoin extends JoinBase {
  readonly kind: "TemporalJoin";
  readonly joinType: "inner" | "left";
  /** Left field that asks for a version; ROWTIME unless `rightTime` is -1. */
  readonly leftTime: number;
  /** Right field from which on a version is valid; -1 = by processing time. */
  readonly rightTime: number;
  /** Right fields of the versioned table's primary key, all of them among `rightKeys`. */
  readonly rightPrimaryKey: readonly number[];
}

/** FOR SYSTEM_TIME AS OF proctime over a table whose connector answers by key. */
export interface LookupJoin extends PhysicalBase {
  readonly kind: "LookupJoin";
  readonly input: PhysicalNode;
  readonly table: CatalogTable;
  readonly joinType: "inner" | "left";
  /** Per table column that is looked up by: a field of the input or a constant. */
  readonly keys: readonly {
    readonly column: number;
    readonly from: { readonly kind: "field"; readonly field: number } | { readonly kind: "constant"; readonly rex: Rex };
  }[];
  /** What the join gives of the table's rows, behind the input's columns; over the table's columns. */
  readonly projection: readonly Rex[];
  /** What the table's rows must meet, over the table's columns. */
  readonly tableCondition: Rex | null;
  /** Further condition over input fields, then those of `projection`. */
  readonly condition: Rex | null;
  /** LOOKUP hint; null = none. */
  readonly hint: LookupHint | null;
  /** null = the task waits for each answer. Settled when changelogs are known, as is the key. */
  readonly async: AsyncLookupOptions | null;
  /** Fields that tell the rows of an input apart which updates; null = none do, or it only inserts. */
  readonly upsertKey: readonly number[] | null;
}

/** Flink: `AsyncOptions`. */
export interface AsyncLookupOptions {
  readonly ordered: boolean;
  /** Rows of one upsert key keep their order, others do not. */
  readonly keyOrdered: boolean;
  readonly timeoutMs: number;
  readonly capacity: number;
}

export interface Union extends PhysicalBase {
  readonly kind: "Union";
  readonly inputs: readonly PhysicalNode[];
}

/** MATCH_RECOGNIZE. Conditions and measures: `2-analyze/match-expressions.ts`. */
export interface Match extends PhysicalBase {
  readonly kind: "Match";
  readonly input: PhysicalNode;
  readonly partition: readonly number[];
  /** First by time, then by further fields. */
  readonly order: readonly SortKey[];
  /** null = none, which is refused before there is an operator. */
  readonly timeAttribute: "ROWTIME" | "PROCTIME" | null;
  readonly measures: readonly { readonly name: string; readonly rex: Rex }[];
  readonly pattern: RowPattern;
  readonly defines: readonly { readonly variable: string; readonly rex: Rex }[];
  readonly subsets: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly after: { readonly kind: "pastLastRow" | "toNextRow" } | { readonly kind: "toFirst" | "toLast"; readonly variable: string };
  readonly withinMs: number | null;
  readonly span: Span;
}

export interface Sink extends PhysicalBase {
  readonly kind: "Sink";
  readonly input: PhysicalNode;
  readonly table: CatalogTable;
  /** Fields of the primary key among `columns`. */
  readonly primaryKey: readonly number[];
  /** The rows' own key differs from the primary key: changes are put back into order per primary key. */
  readonly upsertMaterialize: boolean;
  /** Key of the rows that come in, when there is one. */
  readonly inputUpsertKey: readonly number[] | null;
  readonly onConflict: "ERROR" | "NOTHING" | "DEDUPLICATE" | null;
  /** Numbers of the columns that INSERT INTO names; null = it names none. */
  readonly targets: readonly number[] | null;
  readonly span: Span;
}

/** See `Process`. */
export interface ProcessTableFunction extends PhysicalBase {
  readonly kind: "ProcessTableFunction";
  /** One per table; without tables one row without fields. */
  readonly inputs: readonly PhysicalNode[];
  readonly fn: Process["fn"];
  readonly args: Process["args"];
  readonly onTime: Process["onTime"];
  readonly uidArgument: string | null;
  readonly uid: string | null;
  readonly through: Process["through"];
  readonly rowtime: boolean;
  readonly span: Span;
}

export type PhysicalNode =
  | TableSourceScan
  | Values
  | Calc
  | Exchange
  | WatermarkAssigner
  | MiniBatchAssigner
  | ChangelogNormalize
  | DropUpdateBefore
  | Expand
  | Correlate
  | GroupAggregate
  | WindowAggregate
  | GroupWindowAggregate
  | WindowTableFunction
  | OverAggregate
  | Rank
  | WindowRank
  | WindowDeduplicate
  | SortLimit
  | Limit
  | TemporalSort
  | Join
  | IntervalJoin
  | MultiJoin
  | WindowJoin
  | TemporalJoin
  | LookupJoin
  | Union
  | Match
  | ProcessTableFunction
  | Sink;

/** The node's inputs, left before right. */
export function physicalInputs(node: PhysicalNode): readonly PhysicalNode[] {
  switch (node.kind) {
    case "TableSourceScan":
    case "Values":
      return [];
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return [node.left, node.right];
    case "Union":
    case "MultiJoin":
    case "ProcessTableFunction":
      return node.inputs;
    default:
      return [node.input];
  }
}
