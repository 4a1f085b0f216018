/**
 * A call of an asynchronous function per row, on the operator of asynchronous I/O: rows wait in order for their answers. (Flink: `AsyncFunctionRunner`,
 * `AsyncCorrelateRunner`)
 */
import type { AsyncRetryStrategy } from "../../../flow/async-retry.ts";
import { RichAsyncFunction, type ResultFuture } from "../../../flow/async-functions.ts";
import type { RuntimeContext } from "../../../flow/runtime-context.ts";
import { AsyncWaitOperator } from "../../../operators/async/async-wait-operator.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { Rex, RexCall } from "../../2-analyze/rex.ts";
import type { EvalContext, StartAsync } from "../../functions/scalar-function.ts";
import type { AsyncCallSettings, SessionSettings } from "./sql-operator.ts";

/** For expressions inside an asynchronous function; those that depend on the moment are none of its business. */
export function functionEvaluation(session: SessionSettings, runtime: RuntimeContext, onClose: (action: () => void) => void): EvalContext {
  return {
    currentMs: () => 0,
    currentWatermark: () => null,
    random: () => 0,
    zoneOffsetMs: (epochMs) => session.zoneOffsetMs(epochMs),
    onClose,
    functionContext: {
      getJobParameter: (key, defaultValue) => session.jobParameters.get(key) ?? defaultValue,
      getMetricGroup: () => runtime.getMetricGroup(),
      getExternalService: (name) => runtime.getExternalService(name),
      getTaskInfo: () => runtime.getTaskInfo(),
    },
  };
}

/** What becomes of a row and the call's value: none to many rows. */
export type RowsOf = (row: Row, value: unknown) => readonly Row[];

class AsyncCall extends RichAsyncFunction<Row, Row> {
  private readonly call: RexCall;
  private readonly rowsOf: RowsOf;
  private readonly session: SessionSettings;
  private readonly reads: readonly ((row: Row) => unknown)[];
  private readonly closing: (() => void)[] = [];
  private start!: StartAsync;

  constructor(session: SessionSettings, call: RexCall, rowsOf: RowsOf) {
    super();
    this.session = session;
    this.call = call;
    this.rowsOf = rowsOf;
    this.reads = call.args.map(readerOf);
  }

  override open(): void {
    const context = functionEvaluation(this.session, this.getRuntimeContext(), (action) => this.closing.push(action));
    this.start = this.call.fn.startAsync!(
      this.call.args.map((arg) => arg.type),
      context,
    );
  }

  override close(): void {
    for (const action of this.closing) action();
  }

  asyncInvoke(row: Row, result: ResultFuture<Row>): void {
    const fail = (error: unknown): void => result.completeExceptionally(error);
    try {
      this.start(
        this.reads.map((read) => read(row)),
        (value) => result.complete(this.rowsOf(row, value)),
        fail,
      );
    } catch (error) {
      fail(error);
    }
  }
}

/** Arguments are fields or literals: planning has computed everything else below. */
function readerOf(arg: Rex): (row: Row) => unknown {
  if (arg.kind === "literal") return () => arg.value;
  const at = (arg as Extract<Rex, { kind: "input" }>).index + FIELD_OFFSET;
  return (row) => row[at];
}

export function asyncCallOperator(
  session: SessionSettings,
  settings: AsyncCallSettings,
  call: RexCall,
  rowsOf: RowsOf,
): AsyncWaitOperator<Row, Row> {
  const { capacity, timeoutMs, retry } = settings;
  return new AsyncWaitOperator(new AsyncCall(session, call, rowsOf), {
    outputMode: "ORDERED",
    capacity,
    timeoutMs,
    retryStrategy: retry === null ? undefined : fixedDelay(retry),
  });
}

/** Failed calls only: an empty answer is an answer. */
function fixedDelay({ attempts, delayMs }: { readonly attempts: number; readonly delayMs: number }): AsyncRetryStrategy<unknown> {
  return {
    canRetry: (currentAttempts) => currentAttempts <= attempts,
    getBackoffTimeMillis: () => delayMs,
    getRetryPredicate: () => ({ resultPredicate: () => undefined, exceptionPredicate: () => () => true }),
  };
}
