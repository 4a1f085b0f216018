/**
 * What a connector is to SQL (Flink: `DynamicTableSourceFactory`, `DynamicTableSinkFactory`). One file per connector makes one `Connector`;
 * `registry.ts` finds it by the value of the table's `'connector'` option. Options are declared, so that unknown and missing ones are complained
 * about in the same words for all; what depends on several options at once is checked in `validate`.
 */
import type { Sink, Source } from "../../../flow/connector.ts";
import type { SystemDescription } from "../../../connectors/systems/outside-system.ts";
import type { Row } from "../../../types/row.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import type { LookupSource } from "./lookup.ts";
import type { FormatSlot } from "./formats-of.ts";
import type { OptionDeclaration, TableOptions } from "./table-options.ts";

/** What a table source emits: +I only; +I -U +U -D; or +I/+U and -D by primary key. */
export type SourceMode = "insert" | "retract" | "upsert";

/** What a table sink takes: +I only; +I +U -D by key, without -U; or all kinds. */
export type SinkMode = "insert" | "upsert" | "all";

/** A table that is about to be read or written. */
export interface ConnectorContext {
  readonly table: CatalogTable;
  readonly options: TableOptions;
  readonly evaluation: EvalContext;
}

export interface ScanSource {
  /** Rows as wide as the table: NULL stands for computed columns. */
  readonly source: Source<Row>;
  /** The source makes watermarks itself: SOURCE_WATERMARK() may be used. */
  readonly suppliesWatermarks?: boolean;
}

/** Rows come with one field per persisted column of the table. */
export interface TableSink {
  readonly sink: Sink<unknown>;
  /** The sink gets texts as `print` writes them instead of rows. */
  readonly wantsText?: boolean;
  /** Rows of one primary key must reach the same subtask, whatever the parallelism. */
  readonly byPrimaryKey?: boolean;
}

/** Type of a metadata column that a connector can give or take, by its key. */
export interface MetadataDeclaration {
  readonly type: LogicalType;
  readonly readable: boolean;
  readonly writable: boolean;
}

export interface Connector {
  readonly identifier: string;
  readonly options: readonly OptionDeclaration[];
  /** Options that depend on the table's columns. */
  optionsOfTable?(context: ConnectorContext): readonly OptionDeclaration[];
  /** It does not take `scan.watermark.…`, which all others do, sinks too. */
  readonly refusesWatermarkOptions?: boolean;
  /** Options that begin so are taken as they are, e.g. `properties.`. */
  readonly prefixes?: readonly string[];
  /** Where its tables may name formats. */
  readonly formats?: readonly FormatSlot[];
  readonly metadata?: Readonly<Record<string, MetadataDeclaration>>;
  /** The source makes watermarks from the table's expression itself. Absent = an operator behind it does. */
  readonly watermarkPushDown?: boolean;
  /** What the source emits; undefined = the connector cannot be read as a stream. */
  sourceMode?(context: ConnectorContext): SourceMode;
  /** What the sink takes; undefined = the connector cannot be written to. */
  sinkMode?(context: ConnectorContext): SinkMode;
  /** It takes upserts whatever a statement brings. Absent = it takes what it can of what the statement brings. */
  readonly alwaysUpserts?: boolean;
  /** Throws SqlError for options that do not go together. Called before `source`, `sink` and `lookup`. */
  validate?(context: ConnectorContext, use: "source" | "sink"): void;
  /** What only matters when a statement reads the table. Throws SqlError. */
  checkRead?(context: ConnectorContext): void;
  source?(context: ConnectorContext): ScanSource;
  /** Rows come for ever, by the clock. Absent = they end, or come from a system that falls silent. */
  isEndless?(context: ConnectorContext): boolean;
  sink?(context: ConnectorContext): TableSink;
  lookup?(context: ConnectorContext): LookupSource;
  /** Systems that a table of this connector needs in a world, given what other tables need: new ones, or those with more in them. */
  systems?(context: ConnectorContext, known: readonly SystemDescription[]): readonly SystemDescription[];
}
