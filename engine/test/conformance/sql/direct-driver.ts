/** Runs one query on one task without the cluster: rows and watermarks go straight from operator to operator, in the order given. */
import { MAX_TIMESTAMP } from "../../../src/base/long.ts";
import { OperatorMetricGroup } from "../../../src/flow/metrics/metric-group.ts";
import type { OneInputStreamOperator, OperatorContext, StreamOperator, TwoInputStreamOperator } from "../../../src/flow/operator.ts";
import type { Output } from "../../../src/flow/output.ts";
import { NO_PROBE } from "../../../src/flow/probe.ts";
import { StreamRecord } from "../../../src/flow/stream-record.ts";
import { CombinedWatermark } from "../../../src/flow/combined-watermark.ts";
import { constantValue } from "../../../src/sql/2-analyze/constant.ts";
import { inputRef } from "../../../src/sql/2-analyze/rex.ts";
import type { Distribution, PhysicalNode } from "../../../src/sql/3-plan/physical.ts";
import { keySelectorOf } from "../../../src/sql/5-execute/key-of.ts";
import { overPhysicalColumns } from "../../../src/sql/5-execute/connectors/create-source.ts";
import { CalcOperator } from "../../../src/sql/5-execute/operators/calc-operator.ts";
import type { SessionSettings } from "../../../src/sql/5-execute/operators/sql-operator.ts";
import type { Row } from "../../../src/types/row.ts";

interface Target {
  row(row: Row): void;
  watermark(timestampMs: number): void;
}

/** A clock in which each input row takes a second. */
const START_MS = Date.UTC(2026, 2, 10);

export class DirectDriver {
  readonly output: Row[] = [];
  private readonly sources = new Map<string, Target[]>();
  private readonly starters: (() => void)[] = [];
  private readonly operators: StreamOperator[] = [];
  private readonly session: SessionSettings;
  private nowMs = START_MS;

  constructor(root: PhysicalNode, session: SessionSettings) {
    this.session = session;
    const { output } = this;
    this.add(root, { row: (row) => output.push(row), watermark: () => {} });
    for (const operator of this.operators) {
      operator.initializeState(null);
      operator.open();
    }
    for (const start of this.starters) start();
  }

  feed(table: string, row: Row): void {
    this.nowMs += 1000;
    for (const target of this.sources.get(table) ?? []) target.row(row);
  }

  advance(table: string, watermarkMs: number): void {
    for (const target of this.sources.get(table) ?? []) target.watermark(watermarkMs);
  }

  finish(): void {
    for (const targets of this.sources.values()) for (const target of targets) target.watermark(MAX_TIMESTAMP);
    for (const operator of this.operators) operator.finish();
  }

  private add(node: PhysicalNode, target: Target): void {
    const { body } = node;
    switch (body.kind) {
      case "scan": {
        const { table } = body;
        const projection = table.columns.map((column, i) =>
          column.expr === null ? inputRef(i, column.type) : overPhysicalColumns(table, column.expr),
        );
        const calc = this.oneInput(new CalcOperator(this.session, null, projection), target);
        this.sources.set(table.name, [...(this.sources.get(table.name) ?? []), calc]);
        return;
      }
      case "values":
        this.starters.push(() => {
          for (const row of body.rows) target.row([0, ...row.map((rex) => constantValue(rex))]);
          target.watermark(MAX_TIMESTAMP);
        });
        return;
      case "union": {
        const combined = new CombinedWatermark(body.inputs.length);
        body.inputs.forEach((input, i) => {
          this.add(input, {
            row: (row) => target.row(row),
            watermark: (timestampMs) => {
              if (combined.updateWatermark(i, timestampMs)) target.watermark(combined.watermarkMs);
            },
          });
        });
        return;
      }
      case "one":
        this.add(body.input, this.oneInput(body.create(), target, [body.distribution]));
        return;
      case "two": {
        const operator = this.setUp(body.create(), target, body.distributions) as TwoInputStreamOperator;
        this.add(body.left, {
          row: (row) => operator.processElement1(new StreamRecord(row)),
          watermark: (at) => operator.processWatermark1(at),
        });
        this.add(body.right, {
          row: (row) => operator.processElement2(new StreamRecord(row)),
          watermark: (at) => operator.processWatermark2(at),
        });
        return;
      }
    }
  }

  private oneInput(operator: OneInputStreamOperator, target: Target, distributions: readonly Distribution[] = []): Target {
    this.setUp(operator, target, distributions);
    const record = new StreamRecord<Row>([]);
    return {
      row: (row) => {
        record.value = row;
        operator.processElement(record);
      },
      watermark: (timestampMs) => operator.processWatermark(timestampMs),
    };
  }

  private setUp<T extends StreamOperator>(operator: T, target: Target, distributions: readonly Distribution[]): T {
    const output: Output = {
      collect: (record) => target.row(record.value as Row),
      collectSide: () => {},
      emitWatermark: (timestampMs) => target.watermark(timestampMs),
      emitWatermarkStatus: () => {},
    };
    let count = 0;
    const context: OperatorContext = {
      operatorId: `operator-${this.operators.length}`,
      name: "operator",
      jobName: "conformance",
      subtaskIndex: 0,
      parallelism: 1,
      maxParallelism: 128,
      attemptNumber: 0,
      output,
      processingTime: { currentMs: () => this.nowMs, schedule: () => ({ cancel() {} }) },
      mailbox: { execute: (action) => action(), fail() {}, holdInput() {}, releaseInput() {}, spendUs() {} },
      probe: NO_PROBE,
      stateBackend: "hashmap",
      ttlClock: () => this.nowMs,
      autoWatermarkIntervalMs: 0,
      checkpointingMode: "NONE",
      outside: () => undefined,
      keySelectors: distributions.map((distribution) =>
        distribution.kind === "any" ? undefined : keySelectorOf(distribution.kind === "hash" ? distribution.keys : []),
      ),
      random: () => 0.5,
      metricGroup: new OperatorMetricGroup(null),
      counter: () => ({
        inc: (by = 1) => {
          count += by;
        },
        get count() {
          return count;
        },
      }),
    };
    operator.setup(context);
    this.operators.push(operator);
    return operator;
  }
}
