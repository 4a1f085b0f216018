/**
 * Join with what an outside table says at the moment (Flink: `LookupJoinRunner`): each row asks by key and is joined with the answers. Nothing is kept, so
 * a row that is taken back asks again. The task waits for each answer; with a retry hint it waits and asks again while nothing is found.
 */
import type { Row } from "../../../types/row.ts";
import { type LookupRequest, openLookup } from "../connectors/lookup-function.ts";
import type { LookupFunction } from "../connectors/lookup.ts";
import { type LookupJoinOptions, LookupRows } from "./lookup-rows.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class LookupJoinOperator extends OneInputSqlOperator {
  private readonly request: LookupRequest;
  private readonly options: LookupJoinOptions;
  private table: LookupFunction | null = null;
  private rows!: LookupRows;

  constructor(session: SessionSettings, request: LookupRequest, options: LookupJoinOptions) {
    super(session);
    this.request = request;
    this.options = options;
  }

  override open(): void {
    this.table = openLookup(this.request, this.context);
    this.rows = new LookupRows(this.options, this.evalContext);
  }

  override close(): void {
    this.table?.close();
    super.close();
  }

  processRow(row: Row): void {
    for (const made of this.rows.joined(row, this.table!.lookup(this.rows.keyOf(row)))) this.emit(made);
  }
}
