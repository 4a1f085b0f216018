/** A window TVF without an aggregation: each row once per window, with the window's columns appended. */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { WindowSpecification } from "../../2-analyze/rel.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { WindowClock } from "../window-clock.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

/** The windows that hold a point in time, in the order in which Flink gives them. */
export function windowsOf(spec: Exclude<WindowSpecification, { kind: "session" }>, time: number): { start: number; end: number }[] {
  const { offsetMs } = spec;
  const floor = (unit: number): number => Math.floor((time - offsetMs) / unit) * unit + offsetMs;
  switch (spec.kind) {
    case "tumble": {
      const start = floor(spec.sizeMs);
      return [{ start, end: start + spec.sizeMs }];
    }
    case "hop": {
      const windows = [];
      for (let start = floor(spec.slideMs); start > time - spec.sizeMs; start -= spec.slideMs)
        windows.push({ start, end: start + spec.sizeMs });
      return windows;
    }
    case "cumulate": {
      const start = floor(spec.sizeMs);
      const windows = [];
      for (let end = floor(spec.stepMs) + spec.stepMs; end <= start + spec.sizeMs; end += spec.stepMs) windows.push({ start, end });
      return windows;
    }
  }
}

export class WindowTableFunctionOperator extends OneInputSqlOperator {
  private readonly spec: Exclude<WindowSpecification, { kind: "session" }>;
  /** -1 = processing time. */
  private readonly timeField: number;
  private readonly clock: WindowClock;

  constructor(session: SessionSettings, spec: Exclude<WindowSpecification, { kind: "session" }>, timeField: number, localTime: boolean) {
    super(session);
    this.spec = spec;
    this.timeField = timeField;
    this.clock = new WindowClock(session, localTime || timeField < 0);
  }

  processRow(row: Row): void {
    const time = this.timeField < 0 ? this.context.processingTime.currentMs() : (row[this.timeField + FIELD_OFFSET] as number | null);
    if (time === null) {
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    }
    const { clock } = this;
    for (const { start, end } of windowsOf(this.spec, clock.toLocal(time))) this.emit([...row, start, end, clock.toEpoch(end - 1)]);
  }
}
