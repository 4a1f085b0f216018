/**
 * Hears everything that happens in a run, from the runtime and from the log broker, and makes of it the fingerprint (always), the
 * recording (when asked for), and the triggers of faults. Nothing in here changes what the run does, except that a fault which waited
 * for an event strikes.
 */
import { Fingerprint } from "../base/hash.ts";
import type { LogBroker, LogBrokerObserver } from "../connectors/log/log-broker.ts";
import type { LogPartition, LogRecord } from "../connectors/log/log-partition.ts";
import type { AbortReason, LogTransaction } from "../connectors/log/log-transaction.ts";
import type { OutsideSystem, SystemObserver } from "../connectors/systems/outside-system.ts";
import { NO_PROBE, type OperatorProbe } from "../flow/probe.ts";
import type { JobGraph } from "../graph/job-graph.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import { RunLimitReached } from "../runtime/run-limit.ts";
import type { CheckpointNote, ReadPosition, RunObserver, StepPoint } from "../runtime/run-observer.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { JobMetrics } from "./job-metrics.ts";
import { jsonText, recordedValue } from "./recording/recorded-value.ts";
import type { Recorder } from "./recording/recorder.ts";
import { RecordingProbe } from "./recording/recording-probe.ts";
import { RecordingTrace } from "./recording/recording-trace.ts";
import type { RowKindString } from "../types/row-kind.ts";
import type { Fault } from "./world.ts";

/** Distinguishes kinds of entries in the fingerprint. */
const ENTRY = {
  read: 1,
  splitWatermark: 2,
  watermark: 3,
  idle: 4,
  checkpoint: 5,
  job: 6,
  write: 7,
  transaction: 8,
  fault: 9,
  system: 10,
} as const;

interface Place {
  readonly v: number;
  readonly s: number;
}

const NOWHERE: Place = { v: -1, s: -1 };

export class RunJournal implements RunObserver, LogBrokerObserver, SystemObserver {
  private readonly loop: EventLoop;
  private readonly recorder: Recorder | null;
  readonly trace: RecordingTrace | null;
  private readonly maxOutputRecords: number;
  private readonly fingerprint = new Fingerprint();
  private readonly onStep: ((point: StepPoint) => void) | undefined;
  /** Set as soon as there is one. */
  broker: LogBroker | null = null;
  private faults: FaultPlan | null = null;
  private jobGraph: JobGraph | null = null;
  private vertexOfOperator = new Map<string, number>();
  private outputRecords = 0;
  /** How many faults of each kind have struck. */
  readonly struckFaults = new Map<Fault["kind"], number>();
  private readonly writtenTopics = new Set<string>();
  jobMetrics = new JobMetrics();
  private readonly reads = new ReadRun();
  /** Reads without a position, by vertex and subtask. */
  private readonly blind = new Map<number, number>();
  /** Offset behind the last one read, by vertex, topic and partition: what lies before it is a replay. */
  private readonly readUpTo = new Map<string, number>();

  constructor(
    loop: EventLoop,
    recorder: Recorder | null,
    options: { readonly maxOutputRecords: number; readonly onStep: ((point: StepPoint) => void) | undefined },
  ) {
    this.loop = loop;
    this.recorder = recorder;
    this.trace = recorder === null ? null : new RecordingTrace(recorder, loop);
    this.maxOutputRecords = options.maxOutputRecords;
    this.onStep = options.onStep;
  }

  /** Known once the job graph is built. A world may see one job after the other. */
  attach(jobGraph: JobGraph, faults: FaultPlan): void {
    this.jobMetrics = new JobMetrics();
    this.vertexOfOperator.clear();
    this.jobGraph = jobGraph;
    this.faults = faults;
    this.trace?.attach(jobGraph);
    for (const vertex of jobGraph.vertices) for (const node of vertex.operators) this.vertexOfOperator.set(node.operatorId, vertex.id);
  }

  hex(): string {
    this.addReads();
    for (const [place, count] of [...this.blind].sort(([a], [b]) => a - b)) {
      this.fingerprint.addNumber(place);
      this.fingerprint.addNumber(count);
    }
    this.blind.clear();
    return this.fingerprint.hex();
  }

  wroteTo(topic: string): boolean {
    return this.writtenTopics.has(topic);
  }

  /** Counts what the job puts out, in a topic or printed. */
  countOutput(): void {
    this.outputRecords++;
    if (this.outputRecords > this.maxOutputRecords) {
      throw new RunLimitReached("LIMIT_OUTPUT", `The job wrote more than ${this.maxOutputRecords} records.`);
    }
  }

  // ---- RunObserver ----

  get wantsEachRead(): boolean {
    return this.recorder !== null || this.faults?.waitsForRecords === true;
  }

  /** Without positions there is nothing about a read but that it happened: the fingerprint has their number. */
  blindReads(v: number, s: number, count: number): void {
    const place = v * 32768 + s;
    this.blind.set(place, (this.blind.get(place) ?? 0) + count);
  }

  recordRead(v: number, s: number, position: ReadPosition | null, value: unknown, eventMs: number | null): void {
    if (position === null) {
      this.blindReads(v, s, 1);
    } else {
      const { reads } = this;
      const { nowUs } = this.loop;
      if (!reads.goesOn(v, s, position, nowUs)) {
        this.addReads();
        reads.begin(v, s, position, nowUs);
      }
    }
    this.faults?.recordRead();
    if (this.recorder === null) return;
    const topic = position?.topic ?? this.jobGraph?.vertices[v].operators[0].name ?? "";
    const partition = position?.partition ?? s;
    const place = `${v}/${topic}/${partition}`;
    const upTo = this.readUpTo.get(place) ?? 0;
    const offset = position?.offset ?? upTo;
    this.readUpTo.set(place, Math.max(upTo, offset + 1));
    const replay = offset < upTo;
    const { recorder, nowMs: t } = this;
    const told = recordedValue(position === null || !Array.isArray(value) ? value : this.asWritten(position, value));
    recorder.cause = recorder.add({ kind: "read", t, v, s, topic, partition, offset, eventMs, value: told, replay });
  }

  /** Sources of tables read rows, which are lists: the record in the log, with its names, tells more. */
  private asWritten({ topic, partition, offset }: ReadPosition, row: readonly unknown[]): unknown {
    const { broker } = this;
    if (broker === null || !broker.hasTopic(topic) || partition >= broker.partitionCount(topic)) return row;
    const log = broker.partition(topic, partition);
    const value = offset < log.endOffset ? log.recordAt(offset).value : null;
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : row;
  }

  splitAssigned(v: number, s: number, split: string, assigned: boolean): void {
    this.recorder?.add({ kind: "split", t: this.nowMs, v, s, split, assigned });
  }

  aligned(v: number, s: number, split: string | null, paused: boolean, maxDesiredMs: number): void {
    this.recorder?.add({ kind: "aligned", t: this.nowMs, v, s, split, paused, maxDesiredMs });
  }

  splitWatermark(v: number, s: number, split: string, watermarkMs: number): void {
    this.entry(ENTRY.splitWatermark, v, s);
    this.fingerprint.add(split);
    this.fingerprint.addNumber(watermarkMs);
    this.recorder?.add({ kind: "splitWatermark", t: this.nowMs, v, s, split, watermarkMs });
  }

  watermark(v: number, s: number, watermarkMs: number): void {
    this.entry(ENTRY.watermark, v, s);
    this.fingerprint.addNumber(watermarkMs);
    this.recorder?.add({ kind: "watermark", t: this.nowMs, v, s, watermarkMs });
  }

  idle(v: number, s: number, split: string | null, idle: boolean): void {
    this.entry(ENTRY.idle, v, s);
    this.fingerprint.addNumber(idle ? 1 : 0);
    this.recorder?.add({ kind: "idle", t: this.nowMs, v, s, split, idle });
  }

  probe(v: number, s: number): OperatorProbe {
    return this.recorder === null ? NO_PROBE : new RecordingProbe(this.recorder, this.loop, v, s);
  }

  checkpoint(note: CheckpointNote): void {
    this.jobMetrics.checkpoint(note, this.nowMs);
    this.entry(ENTRY.checkpoint, note.v ?? -1, note.s ?? -1);
    this.fingerprint.add(note.what);
    this.fingerprint.addNumber(note.checkpoint);
    this.fingerprint.addNumber(note.bytes ?? -1);
    this.recorder?.add({ kind: "checkpoint", t: this.nowMs, ...note });
  }

  get wantsTaskSteps(): boolean {
    return this.onStep !== undefined || this.faults?.waitsForTaskSteps === true;
  }

  step(point: StepPoint): boolean {
    this.onStep?.(point);
    return this.faults?.step(point) ?? false;
  }

  job(what: "running" | "failing" | "restarting" | "finished" | "failed", attempt: number, reason: string | null): void {
    this.jobMetrics.job(what, this.nowMs);
    this.entry(ENTRY.job, attempt, 0);
    this.fingerprint.add(what);
    this.recorder?.add({ kind: "job", t: this.nowMs, what, attempt, reason });
  }

  fault(fault: Fault): void {
    const taskManager = fault.kind === "crashTaskManager" ? fault.taskManager : null;
    this.entry(ENTRY.fault, taskManager ?? -1, 0);
    this.struckFaults.set(fault.kind, (this.struckFaults.get(fault.kind) ?? 0) + 1);
    this.recorder?.add({ kind: "fault", t: this.nowMs, what: faultName(fault), taskManager });
  }

  // ---- SystemObserver ----

  systemEvent(system: OutsideSystem, what: string, detail: Readonly<Record<string, unknown>>): void {
    this.entry(ENTRY.system, 0, 0);
    this.fingerprint.add(`${system.name} ${what} ${jsonText(detail)}`);
    this.recorder?.add({ kind: "system", t: this.nowMs, system: system.name, what, detail: recordedValue(detail) });
  }

  // ---- LogBrokerObserver ----

  written(partition: LogPartition, record: LogRecord, origin: unknown, rowKind?: RowKindString): void {
    const place = this.placeOf(origin);
    if (place === null) return;
    const transaction = record.transaction?.number ?? 0;
    this.writtenTopics.add(partition.topic);
    this.entry(ENTRY.write, place.v, place.s);
    this.fingerprint.add(partition.topic);
    this.fingerprint.addNumber(partition.index);
    this.fingerprint.addNumber(transaction);
    this.fingerprint.add(jsonText(record.value));
    this.recorder?.add({
      kind: "write",
      t: this.nowMs,
      ...place,
      topic: partition.topic,
      partition: partition.index,
      offset: record.offset,
      transaction,
      value: recordedValue(record.value),
      ...(rowKind === undefined ? {} : { rowKind }),
      ...(record.value === null && record.key !== null ? { key: record.key } : {}),
      ...this.recorder.caused,
    });
    this.countOutput();
  }

  transactionOpened(transaction: LogTransaction): void {
    this.transaction(transaction, "open");
  }

  preCommitted(transaction: LogTransaction): void {
    this.transaction(transaction, "preCommitted");
  }

  committed(transaction: LogTransaction): void {
    this.transaction(transaction, "committed");
  }

  aborted(transaction: LogTransaction, _reason: AbortReason): void {
    this.transaction(transaction, "aborted");
  }

  private transaction(transaction: LogTransaction, what: "open" | "preCommitted" | "committed" | "aborted"): void {
    const { v, s } = this.placeOf(transaction.origin) ?? NOWHERE;
    this.entry(ENTRY.transaction, v, s);
    this.fingerprint.add(what);
    this.fingerprint.addNumber(transaction.number);
    const place = v === -1 ? { v: null, s: null } : { v, s };
    const { number, transactionalId: id } = transaction;
    this.recorder?.add({ kind: "transaction", t: this.nowMs, ...place, transaction: number, id, what });
  }

  private get nowMs(): number {
    return this.loop.currentMs();
  }

  private entry(kind: number, a: number, b: number): void {
    this.addReads();
    this.addEntry(kind, a, b, this.loop.nowUs);
  }

  private addEntry(kind: number, a: number, b: number, atUs: number): void {
    this.fingerprint.addNumber(kind * 1_000_000 + a * 1000 + b);
    this.fingerprint.addNumber(atUs);
  }

  private addReads(): void {
    const { reads, fingerprint } = this;
    if (reads.length === 0) return;
    this.addEntry(ENTRY.read, reads.v, reads.s, reads.atUs);
    fingerprint.addNumber(reads.partition);
    fingerprint.addNumber(reads.firstOffset);
    fingerprint.addNumber(reads.length);
    reads.length = 0;
  }

  /** The sink subtask behind a producer, from the context with which the connector was made. Null = an outside producer. */
  private placeOf(origin: unknown): Place | null {
    if (typeof origin !== "object" || origin === null) return null;
    const { operatorId, subtaskIndex } = origin as { operatorId?: unknown; subtaskIndex?: unknown };
    if (typeof operatorId !== "string" || typeof subtaskIndex !== "number") return null;
    return { v: this.vertexOfOperator.get(operatorId) ?? -1, s: subtaskIndex };
  }
}

/** What has struck, in a few words. */
function faultName(fault: Fault): string {
  switch (fault.kind) {
    case "crashTaskManager":
    case "crashJobManager":
      return fault.kind;
    case "restartFromSavepoint":
      return fault.parallelism === undefined ? fault.kind : `${fault.kind}, parallelism ${fault.parallelism}`;
    case "breakConnection":
    case "slowConnection":
      return `${fault.kind} tm ${fault.from + 1} → tm ${fault.to + 1}`;
    case "silentPartition":
    case "clockAhead":
      return `${fault.kind} ${fault.topic}-${fault.partition}`;
    case "broker":
      return `log broker: ${fault.action.what}`;
    case "system":
      return `${fault.system}: ${fault.action.what}`;
  }
}

/** Records read one after the other by one subtask from one partition: one entry of the fingerprint instead of thousands. */
class ReadRun {
  v = -1;
  s = -1;
  partition = -1;
  firstOffset = -1;
  length = 0;
  atUs = 0;

  goesOn(v: number, s: number, position: ReadPosition, nowUs: number): boolean {
    if (this.length === 0 || v !== this.v || s !== this.s || nowUs !== this.atUs) return false;
    if (position.partition !== this.partition || position.offset !== this.firstOffset + this.length) return false;
    this.length++;
    return true;
  }

  begin(v: number, s: number, position: ReadPosition, nowUs: number): void {
    this.v = v;
    this.s = s;
    this.partition = position.partition;
    this.firstOffset = position.offset;
    this.length = 1;
    this.atUs = nowUs;
  }
}
