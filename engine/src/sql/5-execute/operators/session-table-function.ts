/**
 * SESSION as a table function of its own: which window a row belongs to is known when the window is over, so rows wait for that, and leave as they came
 * (Flink: `UnalignedWindowTableFunctionOperator`).
 */
import type { Row } from "../../../types/row.ts";
import { type SessionContents, type SessionOptions, type SessionWindow, SessionWindowsOperator } from "./session-windows.ts";
import type { SessionSettings } from "./sql-operator.ts";

const ROWS: SessionContents = {
  create: () => [],
  add: (rows, row) => void rows.push(row),
  retract: (rows, row) => void rows.push(row),
  merge: (into, from) => void into.push(...from),
};

export class SessionTableFunctionOperator extends SessionWindowsOperator {
  constructor(session: SessionSettings, options: Omit<SessionOptions, "keys">) {
    super(session, { ...options, keys: [] }, ROWS);
  }

  protected emitWindow({ start, end, contents }: SessionWindow): void {
    const time = this.clock.toEpoch(end - 1);
    if (this.probe.recording) this.probe.windowFired(this.getCurrentKey(), this.clock.toEpoch(start), this.clock.toEpoch(end), false);
    for (const row of contents as Row[]) this.emit([...row, start, end, time]);
  }
}
