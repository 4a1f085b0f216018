/**
 * MATCH_RECOGNIZE (Flink: `StreamExecMatch` on the `CepOperator`): the automaton of the DataStream API's patterns with conditions from DEFINE, and a row of
 * partition columns and measures for every match. Rows get their event time as timestamp here, since that is what the automaton goes by.
 */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import type { Collector } from "../../../flow/element-functions.ts";
import { StreamRecord } from "../../../flow/stream-record.ts";
import { CepOperator } from "../../../operators/cep/cep-operator.ts";
import type { IterativeConditionContext } from "../../../operators/cep/conditions.ts";
import { type PatternProcessContext, PatternProcessFunction } from "../../../operators/cep/pattern-process-function.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { RowPattern, SortKey } from "../../2-analyze/rel.ts";
import { compileMatch, skipStrategy } from "../../3-plan/match-stages.ts";
import type { Match } from "../../3-plan/physical.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { compileDefinition, compileMeasure, type MatchedRows, type MatchEvaluator } from "../match/match-expression.ts";
import type { SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./row-order.ts";

export type MatchOptions = Pick<Match, "partition" | "order" | "timeAttribute" | "measures" | "pattern" | "defines" | "after" | "withinMs">;

export class MatchOperator extends CepOperator<Row, Row> {
  private readonly program: MatchProgram;
  private readonly session: SessionSettings;
  /** -1 = by processing time. */
  private readonly timeAt: number;
  private readonly record = new StreamRecord<Row>([]);
  private watermarkMs = MIN_TIMESTAMP;

  constructor(session: SessionSettings, options: MatchOptions) {
    const program = new MatchProgram(options);
    const graph = compileMatch(options, (variable) => program.conditionOf(variable));
    super(new MeasuresFunction(program), {
      graph,
      skipStrategy: skipStrategy(options.after),
      isProcessingTime: options.timeAttribute === "PROCTIME",
      comparator: eventOrder(options.order),
      lateDataOutputTag: null,
    });
    this.program = program;
    this.session = session;
    this.timeAt = options.timeAttribute === "PROCTIME" ? -1 : options.order[0].field + FIELD_OFFSET;
  }

  override open(): void {
    this.program.open({
      currentMs: () => this.context.processingTime.currentMs(),
      currentWatermark: () => (this.watermarkMs === MIN_TIMESTAMP ? null : this.watermarkMs),
      random: () => this.context.random(),
      zoneOffsetMs: (epochMs) => this.session.zoneOffsetMs(epochMs),
    });
    super.open();
  }

  override processElement(record: StreamRecord): void {
    if (this.timeAt < 0) {
      super.processElement(record);
      return;
    }
    const row = record.value as Row;
    const time = row[this.timeAt] as number | null;
    if (time === null)
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    this.record.value = row;
    this.record.setTimestamp(time);
    super.processElement(this.record);
  }

  override processWatermark(timestampMs: number): void {
    this.watermarkMs = timestampMs;
    super.processWatermark(timestampMs);
  }
}

/** Rows of one time: by the further columns of ORDER BY. */
function eventOrder(order: readonly SortKey[]): ((left: unknown, right: unknown) => number) | null {
  if (order.length < 2) return null;
  const compare = rowOrder(order);
  return (left, right) => compare(left as Row, right as Row);
}

/** Conditions and measures; compiled in `open`, since they read the operator's clock. */
class MatchProgram {
  private readonly options: MatchOptions;
  private readonly variables: readonly string[];
  private readonly conditions = new Map<string, (rows: MatchedRows, current: Row) => boolean>();
  private measures: readonly MatchEvaluator[] = [];
  private readonly run = new RunRows();

  constructor(options: MatchOptions) {
    this.options = options;
    this.variables = variablesOf(options.pattern);
  }

  open(evaluation: EvalContext): void {
    const { variables } = this;
    for (const { variable, rex } of this.options.defines)
      this.conditions.set(variable, compileDefinition(rex, { variables, defined: variable, evaluation }));
    this.measures = this.options.measures.map(({ rex }) => compileMeasure(rex, { variables, defined: null, evaluation }));
  }

  conditionOf(variable: string): ((event: unknown, context: IterativeConditionContext<unknown>) => boolean) | null {
    if (!this.options.defines.some((define) => define.variable === variable)) return null;
    return (event, context) => {
      this.run.context = context;
      return this.conditions.get(variable)!(this.run, event as Row);
    };
  }

  result(match: ReadonlyMap<string, readonly Row[]>, context: PatternProcessContext): Row {
    const rows = new MatchRows(match, context);
    const made: Row = [INSERT];
    const { partition } = this.options;
    if (partition.length > 0) {
      const [[first]] = match.values();
      for (const field of partition) made.push(first[field + FIELD_OFFSET]);
    }
    for (const measure of this.measures) made.push(measure(rows, null));
    return made;
  }
}

function variablesOf(pattern: RowPattern): readonly string[] {
  switch (pattern.kind) {
    case "variable":
      return [pattern.name];
    case "concat":
      return [...variablesOf(pattern.left), ...variablesOf(pattern.right)];
    case "quantified":
      return variablesOf(pattern.pattern);
    case "other":
      return pattern.parts.flatMap(variablesOf);
  }
}

const NO_ROWS: readonly Row[] = [];

/** What a run has taken so far. One object serves all conditions. */
class RunRows implements MatchedRows {
  context: IterativeConditionContext<unknown> | null = null;

  of(variable: string): readonly Row[] {
    return this.context!.getEventsForPattern(variable) as readonly Row[];
  }

  get timestampMs(): number {
    return this.context!.timestamp();
  }

  get processingTimeMs(): number {
    return this.context!.currentProcessingTime();
  }
}

class MatchRows implements MatchedRows {
  readonly timestampMs: number;
  private readonly match: ReadonlyMap<string, readonly Row[]>;
  private readonly context: PatternProcessContext;

  constructor(match: ReadonlyMap<string, readonly Row[]>, context: PatternProcessContext) {
    this.match = match;
    this.context = context;
    this.timestampMs = context.timestamp();
  }

  get processingTimeMs(): number {
    return this.context.currentProcessingTime();
  }

  of(variable: string): readonly Row[] {
    return this.match.get(variable) ?? NO_ROWS;
  }
}

class MeasuresFunction extends PatternProcessFunction<Row, Row> {
  private readonly program: MatchProgram;

  constructor(program: MatchProgram) {
    super();
    this.program = program;
  }

  processMatch(match: Map<string, Row[]>, context: PatternProcessContext, out: Collector<Row>): void {
    out.collect(this.program.result(match, context));
  }
}
