/** A table's source: rows of its physical and metadata columns, with timestamps and watermarks per split as its DDL says. */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import { Duration } from "../../../base/duration.ts";
import { GeneratorSource } from "../datagen-source.ts";
import { KafkaSource } from "../../../connectors/log/kafka-source.ts";
import { OffsetsInitializer } from "../../../connectors/log/offsets-initializer.ts";
import type { Source } from "../../../flow/connector.ts";
import type { WatermarkGenerator, WatermarkOutput } from "../../../operators/watermarks/watermark-generator.ts";
import { WatermarkStrategy } from "../../../operators/watermarks/watermark-strategy.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { mapLeaves, type Rex } from "../../2-analyze/rex.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import { durationMs } from "../../catalog/options.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { compileExpression, type Evaluator } from "../codegen/compile-expression.ts";
import { jsonDecoder } from "./json-format.ts";
import { type ConnectorName, optionValue } from "./table-options.ts";

export interface TableSource {
  readonly source: Source<Row>;
  readonly watermarks: WatermarkStrategy<Row>;
}

/** Metadata of a log record by key. */
const METADATA: Readonly<Record<string, (record: { topic: string; partition: number; offset: number; timestamp: number }) => unknown>> = {
  topic: (record) => record.topic,
  partition: (record) => record.partition,
  offset: (record) => record.offset,
  timestamp: (record) => record.timestamp,
  "timestamp-type": () => "CreateTime",
};

export function createSource(table: CatalogTable, connector: ConnectorName, context: EvalContext, idleTimeoutMs: number): TableSource {
  const source = connector === "datagen" ? new GeneratorSource(table) : kafkaSource(table, context, connector === "upsert-kafka");
  return { source: source as Source<Row>, watermarks: watermarksOf(table, context, idleTimeoutMs) };
}

function kafkaSource(table: CatalogTable, context: EvalContext, upsert: boolean): Source<Row> {
  const ignoreErrors = optionValue(table, "json.ignore-parse-errors", "value.json.ignore-parse-errors") === "true";
  const readers = table.columns.map((column): ((record: KafkaRecord) => unknown) => {
    if (column.kind === "computed") return () => null;
    if (column.kind === "metadata") return METADATA[column.metadataKey ?? ""] ?? (() => null);
    const decode = jsonDecoder(column.type, context);
    return (record) => decode((record.value as Record<string, unknown>)[column.name]);
  });
  const builder = KafkaSource.builder<Row>()
    .setTopics(optionValue(table, "topic") ?? "")
    .setStartingOffsets(startingOffsets(table, upsert))
    .setDeserializer({
      deserialize(record, out) {
        if (typeof record.value !== "object" || record.value === null) return;
        const row: Row = [INSERT];
        try {
          for (const read of readers) row.push(read(record));
        } catch (error) {
          if (ignoreErrors) return;
          throw error;
        }
        out.collect(row);
      },
    });
  for (const option of table.options.values()) {
    if (option.key.startsWith("properties.")) builder.setProperty(option.key.slice("properties.".length), option.value);
  }
  return builder.build() as unknown as Source<Row>;
}

interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: unknown;
}

function startingOffsets(table: CatalogTable, upsert: boolean): OffsetsInitializer {
  const mode = upsert ? "earliest-offset" : (optionValue(table, "scan.startup.mode") ?? "group-offsets");
  if (mode === "latest-offset") return OffsetsInitializer.latest();
  if (mode === "timestamp") return OffsetsInitializer.timestamp(Number(optionValue(table, "scan.startup.timestamp-millis") ?? 0));
  return OffsetsInitializer.earliest();
}

/** The DDL's expressions over the columns that the source itself gives: computed columns are put in. */
export function overPhysicalColumns(table: CatalogTable, rex: Rex): Rex {
  return mapLeaves(rex, (leaf) => {
    const { expr } = table.columns[leaf.index];
    return leaf.kind === "input" && expr !== null ? expr : leaf;
  });
}

function watermarksOf(table: CatalogTable, context: EvalContext, idleTimeoutMs: number): WatermarkStrategy<Row> {
  if (table.watermark === null) return WatermarkStrategy.noWatermarks<Row>();
  const { column, expr } = table.watermark;
  const timeColumn = table.columns[column];
  const time: Evaluator =
    timeColumn.expr === null
      ? (row) => row[column + FIELD_OFFSET]
      : compileExpression(overPhysicalColumns(table, timeColumn.expr), context);
  const watermark = compileExpression(overPhysicalColumns(table, expr), context);
  const strategy = WatermarkStrategy.forGenerator<Row>(() => new ExpressionWatermarks(watermark)).withTimestampAssigner(
    (row) => (time(row) as number | null) ?? MIN_TIMESTAMP,
  );
  const own = durationMs(optionValue(table, "scan.watermark.idle-timeout") ?? "") ?? 0;
  const idleMs = own > 0 ? own : idleTimeoutMs;
  return idleMs > 0 ? strategy.withIdleness(Duration.ofMillis(idleMs)) : strategy;
}

/** The largest value of the WATERMARK expression so far; NULLs do not count. */
class ExpressionWatermarks implements WatermarkGenerator<Row> {
  private readonly expression: Evaluator;
  private current = MIN_TIMESTAMP;
  private emitted = MIN_TIMESTAMP;

  constructor(expression: Evaluator) {
    this.expression = expression;
  }

  onEvent(row: Row): void {
    const value = this.expression(row) as number | null;
    if (value !== null && value > this.current) this.current = value;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.current === MIN_TIMESTAMP) return;
    this.emitted = this.current;
    output.emitWatermark(this.current);
  }

  settledUntilMs(): number {
    return this.emitted === this.current ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
}
