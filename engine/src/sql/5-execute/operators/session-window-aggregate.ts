/** SESSION aggregation: one row for each window that has come to its end. */
import type { Row } from "../../../types/row.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { type SessionOptions, type SessionWindow, SessionWindowsOperator } from "./session-windows.ts";
import type { SessionSettings } from "./sql-operator.ts";

export interface SessionAggregateOptions extends SessionOptions {
  readonly handler: AggregateHandler;
  readonly properties: readonly ("start" | "end" | "time")[];
}

export class SessionWindowAggregateOperator extends SessionWindowsOperator {
  private readonly handler: AggregateHandler;
  private readonly properties: SessionAggregateOptions["properties"];

  constructor(session: SessionSettings, options: SessionAggregateOptions) {
    const { handler } = options;
    super(session, options, {
      create: () => handler.create(),
      add: (accumulator, row) => handler.add(accumulator, row),
      retract: (accumulator, row) => handler.retract(accumulator, row),
      merge: (into, from) => handler.mergeState(into, from),
    });
    this.handler = handler;
    this.properties = options.properties;
  }

  override open(): void {
    super.open();
    this.handler.open(this.evalContext);
  }

  protected emitWindow({ start, end, contents }: SessionWindow, keyRow: Row): void {
    const { handler, clock } = this;
    const accumulator: Accumulator = contents;
    if (handler.rows(accumulator) <= 0) return;
    const row: Row = [0, ...keyRow];
    handler.results(accumulator, row);
    for (const property of this.properties) row.push(property === "start" ? start : property === "end" ? end : clock.toEpoch(end - 1));
    if (this.probe.recording) this.probe.windowFired(this.getCurrentKey(), clock.toEpoch(start), clock.toEpoch(end), false);
    this.emit(row);
  }
}
