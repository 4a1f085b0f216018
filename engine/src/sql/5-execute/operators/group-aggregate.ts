/**
 * Unbounded GROUP BY: keeps one accumulator per key and emits a changelog of the results (Flink: `GroupAggFunction`).
 *
 * +I for a new key, -U and +U when the result changes, -D when retractions leave no row. An unchanged result emits nothing, unless
 * a state TTL is set: then downstream state has to be kept alive.
 */
import { DELETE, INSERT, isAccumulate, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

interface GroupState {
  accumulator: Accumulator;
  lastAccessMs: number;
}

export class GroupAggregateOperator extends OneInputSqlOperator {
  private readonly handler: AggregateHandler;
  private readonly key: RowKey;
  private readonly keyPositions: readonly number[];
  private readonly groups: KeyedStore<GroupState>;
  private readonly ttlMs: number;

  constructor(session: SessionSettings, keys: readonly number[], handler: AggregateHandler, ttlMs = session.stateTtlMs) {
    super(session);
    this.handler = handler;
    this.key = keyOf(keys);
    this.keyPositions = keys.map((field) => field + FIELD_OFFSET);
    this.groups = this.register(new KeyedStore<GroupState>("accState"));
    this.ttlMs = ttlMs;
  }

  processRow(row: Row): void {
    const { handler } = this;
    const key = this.key(row);
    const add = isAccumulate(kindOf(row));
    const now = this.ttlMs > 0 ? this.context.ttlClock() : 0;
    let group = this.groups.get(0, key);
    if (group !== undefined && this.ttlMs > 0 && group.lastAccessMs + this.ttlMs <= now) group = undefined;
    const first = group === undefined;
    if (group === undefined) {
      if (!add) return;
      group = { accumulator: handler.create(), lastAccessMs: now };
      this.groups.set(0, key, group);
    }
    group.lastAccessMs = now;
    const before = first ? null : this.result(group.accumulator, row);
    if (add) handler.add(group.accumulator, row);
    else handler.retract(group.accumulator, row);
    if (handler.rows(group.accumulator) > 0) {
      const after = this.result(group.accumulator, row);
      if (before === null) {
        this.emit(withKind(after, INSERT));
      } else if (this.ttlMs > 0 || rowDigest(before) !== rowDigest(after)) {
        this.emit(withKind(before, UPDATE_BEFORE));
        this.emit(withKind(after, UPDATE_AFTER));
      }
      return;
    }
    if (before !== null) this.emit(withKind(before, DELETE));
    this.groups.delete(0, key);
  }

  private result(accumulator: Accumulator, row: Row): Row {
    const made: Row = [INSERT];
    for (const at of this.keyPositions) made.push(row[at]);
    this.handler.results(accumulator, made);
    return made;
  }
}
