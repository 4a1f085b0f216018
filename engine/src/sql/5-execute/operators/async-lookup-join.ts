/**
 * The same join, on the operator of asynchronous I/O (Flink: `AsyncLookupJoinRunner`): rows are under way while others ask. They leave in their order, as
 * their answers come, or in the order of each key, and in all cases on their side of every watermark. What is under way is state, and asked for again
 * after a restore.
 */
import { type ResultFuture, RichAsyncFunction } from "../../../flow/async-functions.ts";
import type { OperatorContext } from "../../../flow/operator.ts";
import { AsyncWaitOperator } from "../../../operators/async/async-wait-operator.ts";
import { KeyedAsyncWaitOperator } from "../../../operators/async/keyed-async-wait-operator.ts";
import type { Row } from "../../../types/row.ts";
import type { AsyncLookupOptions } from "../../3-plan/physical.ts";
import { type LookupRequest, openAsyncLookup } from "../connectors/lookup-function.ts";
import type { AsyncLookupFunction } from "../connectors/lookup.ts";
import { functionEvaluation } from "./async-calc.ts";
import { type LookupJoinOptions, LookupRows } from "./lookup-rows.ts";
import type { SessionSettings } from "./sql-operator.ts";

class AsyncLookupJoin extends RichAsyncFunction<Row, Row> {
  private readonly session: SessionSettings;
  private readonly request: LookupRequest;
  private readonly options: LookupJoinOptions;
  private readonly closing: (() => void)[] = [];
  private operator!: OperatorContext;
  private table: AsyncLookupFunction | null = null;
  private rows!: LookupRows;

  constructor(session: SessionSettings, request: LookupRequest, options: LookupJoinOptions) {
    super();
    this.session = session;
    this.request = request;
    this.options = options;
  }

  useOperator(context: OperatorContext): void {
    this.operator = context;
  }

  override open(): void {
    const { processingTime, random } = this.operator;
    const evaluation = functionEvaluation(this.session, this.getRuntimeContext(), (action) => this.closing.push(action));
    this.rows = new LookupRows(this.options, { ...evaluation, random, currentMs: () => processingTime.currentMs() });
    this.table = openAsyncLookup(this.request, this.operator);
  }

  override close(): void {
    this.table?.close();
    for (const action of this.closing) action();
  }

  asyncInvoke(row: Row, result: ResultFuture<Row>): void {
    const failed = (error: unknown): void => result.completeExceptionally(error);
    const found = (answers: readonly Row[]): void => {
      try {
        result.complete(this.rows.joined(row, answers));
      } catch (error) {
        failed(error);
      }
    };
    this.table!.lookup(this.rows.keyOf(row), found, failed);
  }
}

export function asyncLookupJoin(
  session: SessionSettings,
  request: LookupRequest,
  options: LookupJoinOptions,
  { ordered, keyOrdered, timeoutMs, capacity }: AsyncLookupOptions,
): AsyncWaitOperator<Row, Row> {
  const join = new AsyncLookupJoin(session, request, options);
  const useOperator = (context: OperatorContext): void => join.useOperator(context);
  if (keyOrdered) return new KeyedAsyncWaitOperator(join, { timeoutMs, capacity, useOperator });
  return new AsyncWaitOperator(join, {
    outputMode: ordered ? "ORDERED" : "UNORDERED",
    timeoutMs,
    capacity,
    retryStrategy: undefined,
    useOperator,
  });
}
