/** Recorded calls that sinks see: `twoPhaseCommitSink` and `sinkV2`. */
import { OneInputOperatorHarness } from "../../../src/testing.ts";
import {
  type CommitRequest,
  type CommittableMessage,
  CommitterOperator,
  type Sink,
  type SinkFunctionContext,
  type SinkWriteContext,
  SinkWriterOperator,
  StreamSink,
  TwoPhaseCommitSinkFunction,
  type Watermark,
} from "./engine.ts";
import { type DataStreamCase, decodeLong, encodeLongs, type Json, type JsonObject } from "./case-format.ts";
import { canonical } from "./compare-steps.ts";

type Row = JsonObject;
type Snapshots = ReturnType<OneInputOperatorHarness["snapshot"]>;

/** What the sink of a case was asked to do, in order. */
class CallLog {
  private calls: Json[] = [];

  add(...call: unknown[]): void {
    this.calls.push(call.map(encodeLongs));
  }

  fail(failure: unknown): void {
    this.calls.push({ error: String(failure) });
  }

  take(): Json[] {
    return this.calls.splice(0);
  }
}

/** Drives the operators of one case. */
interface SinkDriver {
  step(step: JsonObject): void;
}

export function runTwoPhaseCommitSink(testCase: DataStreamCase): string | null {
  return runSteps(testCase, (log) => new TwoPhaseCommitDriver(testCase.pipeline, log));
}

export function runSinkV2(testCase: DataStreamCase): string | null {
  return runSteps(testCase, (log) => new SinkV2Driver(testCase.pipeline, log));
}

function runSteps(testCase: DataStreamCase, createDriver: (log: CallLog) => SinkDriver): string | null {
  const log = new CallLog();
  const driver = createDriver(log);
  const expect = testCase.expect as unknown as { readonly onOpen: readonly Json[]; readonly perStep: readonly Json[][] };
  const compare = (where: string, wanted: readonly Json[]): string | null => {
    const got = log.take();
    const form = testCase.compare === "unorderedSources" ? multiset : canonical;
    return form(wanted.map(withoutErrorText)) === form(got.map(withoutErrorText))
      ? null
      : `${where}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  };
  let difference = compare("on open", expect.onOpen);
  for (const [index, step] of testCase.input.entries()) {
    if (difference !== null) return difference;
    try {
      driver.step(step);
    } catch (failure) {
      log.fail(failure);
    }
    difference = compare(`step ${index} ${JSON.stringify(step)}`, expect.perStep[index]);
  }
  return difference;
}

/** Which subtask gets which part of restored list state is open. */
function multiset(calls: readonly Json[]): string {
  return canonical(calls.map(canonical).sort());
}

function withoutErrorText(call: Json): Json {
  return typeof call === "object" && call !== null && "error" in call ? { error: true } : call;
}

/** The recordings took real time, which a transaction timeout of a millisecond notices. */
const STEP_MS = 2;

class TwoPhaseCommitDriver implements SinkDriver {
  private readonly harness: OneInputOperatorHarness;
  private readonly log: CallLog;
  private readonly sink: { failCommit: boolean; transactions: number };
  private readonly checkpoints = new Map<number, Snapshots>();

  constructor(pipeline: JsonObject, log: CallLog) {
    this.log = log;
    const shared = { failCommit: false, transactions: 0 };
    this.sink = shared;
    this.harness = new OneInputOperatorHarness(() => {
      if (this.startedSubtasks > 1) log.add(`-- subtask ${this.creating++}`);
      return new StreamSink<Row>(new NotedTransactions(pipeline, shared, log));
    });
  }

  /** Of the start under way. */
  private startedSubtasks = 1;
  private creating = 0;
  private nowMs = 0;

  step(step: JsonObject): void {
    const { harness, log } = this;
    this.nowMs += STEP_MS;
    harness.setProcessingTime(this.nowMs);
    if ("record" in step) harness.processElement(step["record"], decodeLong(step["ts"] ?? 0), (step["subtask"] as number | undefined) ?? 0);
    else if ("checkpoint" in step) {
      const id = step["checkpoint"] as number;
      if (harness.parallelism > 0) this.checkpoints.set(id, harness.snapshot(id));
    } else if ("notifyComplete" in step) harness.notifyCheckpointComplete(step["notifyComplete"] as number);
    else if ("notifyAborted" in step) harness.notifyCheckpointAborted(step["notifyAborted"] as number);
    else if ("failCommit" in step) this.sink.failCommit = step["failCommit"] === true;
    else if ("finish" in step) {
      harness.endInput();
      harness.finish();
    } else if ("close" in step) {
      // Flink's harness finishes an operator that it closes.
      harness.endInput();
      harness.finish();
      harness.close();
      harness.crash();
    } else if ("crash" in step) {
      harness.crash();
      log.add("-- process killed, no callbacks");
    } else if ("restore" in step) {
      this.startedSubtasks = (step["parallelism"] as number | undefined) ?? 1;
      this.restore(step["restore"] as number);
    } else throw new Error(`unknown step ${JSON.stringify(step)}`);
  }

  private snapshotsOf(checkpointId: number): Snapshots {
    const snapshots = this.checkpoints.get(checkpointId);
    if (snapshots === undefined) throw new Error(`there is no checkpoint ${checkpointId}`);
    return snapshots;
  }

  private restore(checkpointId: number): void {
    const { harness } = this;
    harness.crash();
    this.creating = 0;
    try {
      if (checkpointId <= 0) harness.startAfresh(this.startedSubtasks);
      else harness.restore(this.snapshotsOf(checkpointId), this.startedSubtasks, checkpointId);
    } catch (failure) {
      harness.crash();
      throw failure;
    }
  }
}

class NotedTransactions extends TwoPhaseCommitSinkFunction<Row, string> {
  private readonly shared: { failCommit: boolean; transactions: number };
  private readonly log: CallLog;

  constructor(pipeline: JsonObject, shared: { failCommit: boolean; transactions: number }, log: CallLog) {
    super();
    this.shared = shared;
    this.log = log;
    if (pipeline["transactionTimeoutMs"] !== undefined) this.setTransactionTimeout(decodeLong(pipeline["transactionTimeoutMs"]));
    if (pipeline["ignoreFailuresAfterTransactionTimeout"] === true) this.ignoreFailuresAfterTransactionTimeout();
  }

  protected override invoke(transaction: string, value: Row, _context: SinkFunctionContext): void {
    this.log.add("invoke", transaction, value["value"]);
  }

  protected override beginTransaction(): string {
    const transaction = `t${++this.shared.transactions}`;
    this.log.add("begin", transaction);
    return transaction;
  }

  protected override preCommit(transaction: string): void {
    this.log.add("preCommit", transaction);
  }

  protected override commit(transaction: string): void {
    this.log.add("commit", transaction);
    if (this.shared.failCommit) throw new Error("commit failed");
  }

  protected override abort(transaction: string): void {
    this.log.add("abort", transaction);
  }

  protected override recoverAndCommit(transaction: string): void {
    this.log.add("recoverAndCommit", transaction);
    if (this.shared.failCommit) throw new Error("commit failed");
  }

  protected override recoverAndAbort(transaction: string): void {
    this.log.add("recoverAndAbort", transaction);
  }

  protected override finishProcessing(transaction: string | null): void {
    this.log.add("finishProcessing", transaction);
  }
}

/** Writer and committer side by side, with what the one sends carried to the other. */
class SinkV2Driver implements SinkDriver {
  private readonly log: CallLog;
  private readonly sink: NotedSink;
  private readonly writer: OneInputOperatorHarness;
  private readonly committer: OneInputOperatorHarness;
  private readonly checkpoints = new Map<number, readonly [writer: Snapshots, committer: Snapshots]>();

  constructor(pipeline: JsonObject, log: CallLog) {
    this.log = log;
    this.sink = new NotedSink(pipeline["onePerRecord"] === true, log);
    // Operators of a chain start from the tail.
    this.committer = new OneInputOperatorHarness(() => new CommitterOperator(this.sink as Sink<unknown, string>));
    this.writer = new OneInputOperatorHarness(() => new SinkWriterOperator(this.sink as Sink<unknown>));
  }

  /** False after a restore that failed: nothing works then but another restore. */
  private started = true;

  step(step: JsonObject): void {
    const { log, writer, committer } = this;
    if (!this.started && !["outcome", "crash", "restore", "processingTime", "close"].some((name) => name in step))
      throw new Error("the operators did not start");
    if ("record" in step) {
      const timestamp = step["ts"] === undefined || step["ts"] === null ? undefined : decodeLong(step["ts"]);
      writer.processElement(step["record"], timestamp);
    } else if ("watermark" in step) writer.processWatermark(decodeLong(step["watermark"]));
    else if ("checkpoint" in step) {
      const id = step["checkpoint"] as number;
      writer.prepareSnapshotPreBarrier(id);
      this.pump();
      committer.prepareSnapshotPreBarrier(id);
      this.checkpoints.set(id, [writer.snapshotState(id), committer.snapshotState(id)]);
    } else if ("notifyComplete" in step) {
      writer.notifyCheckpointComplete(step["notifyComplete"] as number);
      committer.notifyCheckpointComplete(step["notifyComplete"] as number);
    } else if ("notifyAborted" in step) {
      writer.notifyCheckpointAborted(step["notifyAborted"] as number);
      committer.notifyCheckpointAborted(step["notifyAborted"] as number);
    } else if ("processingTime" in step) {
      writer.setProcessingTime(decodeLong(step["processingTime"]));
      committer.setProcessingTime(decodeLong(step["processingTime"]));
    } else if ("outcome" in step) this.sink.script(step["outcome"] as string, step["outcomes"] as string[]);
    else if ("endInput" in step) {
      writer.endInput();
      this.pump();
      committer.endInput();
    } else if ("close" in step) {
      writer.close();
      committer.close();
    } else if ("crash" in step) log.add("-- process killed, no callbacks");
    else if ("restore" in step) this.restore(step["restore"] as number);
    else throw new Error(`unknown step ${JSON.stringify(step)}`);
  }

  private restore(checkpointId: number): void {
    const { writer, committer } = this;
    this.started = false;
    writer.crash();
    committer.crash();
    if (checkpointId <= 0) {
      committer.startAfresh(1);
      writer.startAfresh(1);
      this.started = true;
      return;
    }
    const [ofWriter, ofCommitter] = this.checkpoints.get(checkpointId) as readonly [Snapshots, Snapshots];
    committer.restore(ofCommitter, 1, checkpointId);
    writer.restore(ofWriter, 1, checkpointId);
    this.started = true;
  }

  private pump(): void {
    for (const output of this.writer.takeOutput()) {
      if (output.kind !== "record") continue;
      const message = output.value as CommittableMessage<string>;
      this.log.add("toCommitter", printedMessage(message));
      this.committer.processElement(message);
    }
  }
}

function printedMessage(message: CommittableMessage<string>): JsonObject {
  const { checkpointId, subtaskId: subtask } = message;
  if (message.kind === "committable") return { committable: message.committable, checkpointId, subtask };
  const { numberOfSubtasks: ofSubtasks, numberOfCommittables: committables, numberOfFailedCommittables: failed } = message;
  return { summary: { subtask, ofSubtasks, checkpointId, committables, failed } };
}

/** The sink of the cases: its writers' state is the number of records written, a committable the values since the last one. */
class NotedSink implements Sink<Row, string, string> {
  private readonly onePerRecord: boolean;
  private readonly log: CallLog;
  /** Answers to come, by committable. */
  private readonly outcomes = new Map<string, string[]>();

  constructor(onePerRecord: boolean, log: CallLog) {
    this.onePerRecord = onePerRecord;
    this.log = log;
  }

  script(committable: string, outcomes: readonly string[]): void {
    this.outcomes.set(committable, [...(this.outcomes.get(committable) ?? []), ...outcomes]);
  }

  createWriter() {
    this.log.add("createWriter");
    return this.writerFrom(0);
  }

  restoreWriter(_context: unknown, state: readonly string[]) {
    this.log.add("restoreWriter", state);
    return this.writerFrom(state.reduce((sum, written) => sum + Number(written), 0));
  }

  createCommitter() {
    this.log.add("createCommitter");
    return {
      commit: (requests: readonly CommitRequest<string>[]) => {
        this.log.add(
          "commit",
          requests.map((request) => request.getCommittable()),
          requests.map((request) => request.getNumberOfRetries()),
        );
        for (const request of requests) this.answer(request);
      },
      close: () => this.log.add("closeCommitter"),
    };
  }

  private answer(request: CommitRequest<string>): void {
    const committable = request.getCommittable();
    const outcome = this.outcomes.get(committable)?.shift() ?? "ok";
    switch (outcome) {
      case "ok":
        break;
      case "retryLater":
        request.retryLater();
        break;
      case "updateAndRetryLater":
        request.updateAndRetryLater(`${committable}'`);
        break;
      case "alreadyCommitted":
        request.signalAlreadyCommitted();
        break;
      case "failedKnown":
        request.signalFailedWithKnownReason(new Error("known"));
        break;
      case "failedUnknown":
        request.signalFailedWithUnknownReason(new Error("unknown"));
        break;
      default:
        throw new Error("committer threw");
    }
  }

  private writerFrom(writtenBefore: number) {
    const { log, onePerRecord } = this;
    let written = writtenBefore;
    let values: string[] = [];
    return {
      write: (row: Row, context: SinkWriteContext) => {
        written++;
        values.push(String(row["value"]));
        log.add("write", row["value"], context.timestamp(), context.currentWatermark());
      },
      flush: (endOfInput: boolean) => log.add("flush", endOfInput),
      writeWatermark: (watermark: Watermark) => log.add("writeWatermark", watermark.getTimestamp()),
      prepareCommit: () => {
        const committables = onePerRecord ? values : values.length === 0 ? [] : [`[${values.join(",")}]`];
        values = [];
        log.add("prepareCommit", committables);
        return committables;
      },
      snapshotState: (checkpointId: number) => {
        log.add("snapshotWriter", checkpointId, written);
        return [String(written)];
      },
      close: () => log.add("closeWriter"),
    };
  }
}
