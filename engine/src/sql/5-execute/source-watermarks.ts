/** Watermarks of a table, as its WATERMARK clause and its `scan.watermark.*` options say. */
import { Duration } from "../../base/duration.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { Source } from "../../flow/connector.ts";
import type { WatermarkGenerator, WatermarkOutput } from "../../operators/watermarks/watermark-generator.ts";
import { WatermarkStrategy } from "../../operators/watermarks/watermark-strategy.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import { mapLeaves, type Rex } from "../2-analyze/rex.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import { compileExpression, type Evaluator } from "./codegen/compile-expression.ts";
import { TableOptions } from "./connectors/table-options.ts";

/** What reads a table: rows of its physical and metadata columns, with timestamps and watermarks per split. */
export interface TableSource {
  readonly source: Source<Row>;
  readonly watermarks: WatermarkStrategy<Row>;
}

export interface WatermarkSettings {
  /** `table.exec.source.idle-timeout`; 0 = never idle. */
  readonly idleTimeoutMs: number;
  /** Where no time passes, a watermark comes after so many records; null = by time alone. */
  readonly recordsPerWatermark: number | null;
}

/** The DDL's expressions over the columns that the source itself gives: computed columns are put in. */
export function overPhysicalColumns(table: CatalogTable, rex: Rex): Rex {
  return mapLeaves(rex, (leaf) => {
    const { expr } = table.columns[leaf.index];
    return leaf.kind === "input" && expr !== null ? expr : leaf;
  });
}

export function watermarksOf(table: CatalogTable, context: EvalContext, settings: WatermarkSettings): WatermarkStrategy<Row> {
  if (table.watermark === null || table.watermark.fromSource) return WatermarkStrategy.noWatermarks<Row>();
  const { column, expr } = table.watermark;
  const options = new TableOptions(table.options);
  const timeColumn = table.columns[column];
  const time: Evaluator =
    timeColumn.expr === null
      ? (row) => row[column + FIELD_OFFSET]
      : compileExpression(overPhysicalColumns(table, timeColumn.expr), context);
  const watermark = compileExpression(overPhysicalColumns(table, expr), context);
  const gap =
    options.choice("scan.watermark.emit.strategy") === "on-event"
      ? options.number("scan.watermark.emit.on-event.gap", 1)
      : settings.recordsPerWatermark;
  let strategy = WatermarkStrategy.forGenerator<Row>(() =>
    gap === null ? new PeriodicWatermarks(watermark) : new WatermarksPerEvent(watermark, gap),
  ).withTimestampAssigner((row) => (time(row) as number | null) ?? MIN_TIMESTAMP);
  const group = options.text("scan.watermark.alignment.group");
  const driftMs = options.durationMs("scan.watermark.alignment.max-drift");
  if (group !== undefined && driftMs !== undefined) {
    const intervalMs = options.durationMs("scan.watermark.alignment.update-interval");
    strategy = strategy.withWatermarkAlignment(
      group,
      Duration.ofMillis(driftMs),
      intervalMs === undefined ? undefined : Duration.ofMillis(intervalMs),
    );
  }
  const own = options.durationMs("scan.watermark.idle-timeout") ?? 0;
  const idleMs = own > 0 ? own : settings.idleTimeoutMs;
  return idleMs > 0 ? strategy.withIdleness(Duration.ofMillis(idleMs)) : strategy;
}

/** The largest value of the WATERMARK expression so far; NULLs do not count. */
class PeriodicWatermarks implements WatermarkGenerator<Row> {
  private readonly expression: Evaluator;
  protected current = MIN_TIMESTAMP;
  private emitted = MIN_TIMESTAMP;

  constructor(expression: Evaluator) {
    this.expression = expression;
  }

  onEvent(row: Row, _timestamp: number, _output: WatermarkOutput): void {
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

/** After every so many rows. */
class WatermarksPerEvent extends PeriodicWatermarks {
  private readonly gap: number;
  private rows = 0;

  constructor(expression: Evaluator, gap: number) {
    super(expression);
    this.gap = gap;
  }

  override onEvent(row: Row, timestamp: number, output: WatermarkOutput): void {
    super.onEvent(row, timestamp, output);
    if (++this.rows < this.gap) return;
    this.rows = 0;
    if (this.current !== MIN_TIMESTAMP) output.emitWatermark(this.current);
  }

  /** Never: watermarks come with rows. */
  override onPeriodicEmit(): void {}

  override settledUntilMs(): number {
    return Number.POSITIVE_INFINITY;
  }
}
