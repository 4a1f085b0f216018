/**
 * What all operators share: the current key, keyed and operator state, timers, and the watermark of one or two inputs. A concrete
 * operator adds `processElement` (or 1 and 2) and declares which of the two operator contracts it implements.
 */
import type { MapKey } from "../base/canonical-key.ts";
import { invariant } from "../base/invariant.ts";
import { type KeyGroupRange, keyGroupRange } from "../base/key-groups.ts";
import type { StateDescriptor } from "../state/descriptors.ts";
import { HeapKeyedStateBackend } from "../state/heap/heap-keyed-state-backend.ts";
import type { KeyContext } from "../state/key-context.ts";
import { LsmKeyedStateBackend } from "../state/lsm/lsm-keyed-state-backend.ts";
import type { InternalState, KeyedBackendSnapshot, KeyedStateBackend } from "../state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import { OperatorStateBackend } from "../state/operator-state-backend.ts";
import { snapshotBytes } from "../state/snapshot-size.ts";
import { nativeToAnotherBackend } from "../state/schema-mistakes.ts";
import type {
  KeyedSchema,
  KeyedSnapshot,
  KeyGroupSnapshot,
  OperatorSnapshot,
  OperatorStateSnapshot,
  TimerServiceSnapshot,
} from "../state/snapshot.ts";
import type { State } from "../state/state.ts";
import { StateSchemas } from "../state/state-schemas.ts";
import { serializerOf } from "../types/type-serializer.ts";
import { CombinedWatermark } from "./combined-watermark.ts";
import { TimersOfOperator, type UnclaimedTimers } from "./copied-timers.ts";
import { InternalTimerService, type Triggerable } from "./internal-timer-service.ts";
import { KeyGroupGuard } from "./key-group-guard.ts";
import { registerRocksDBMetrics } from "./metrics/rocksdb-metrics.ts";
import {
  type KeyGroupStateSize,
  type KeySelector,
  NO_STATE_SIZES,
  type OperatorContext,
  type StateSize,
  type StreamOperator,
} from "./operator.ts";
import type { Output } from "./output.ts";
import { watchedBackend } from "../state/watched-state.ts";
import type { OperatorProbe } from "./probe.ts";
import { StreamingRuntimeContext } from "./streaming-runtime-context.ts";
import type { StreamRecord } from "./stream-record.ts";

const NO_GROUPS: ReadonlyMap<number, KeyGroupSnapshot> = new Map();
const NOTHING_KEYED: KeyedBackendSnapshot = { keyed: null, keyGroups: [], bytes: 0, uploadedBytes: 0 };

export abstract class AbstractStreamOperator implements StreamOperator {
  protected context!: OperatorContext;
  protected output!: Output;
  protected probe!: OperatorProbe;
  /** undefined on operators without a key. */
  protected keyedStateBackend: KeyedStateBackend | undefined;
  private keys: KeyContext | undefined;
  protected operatorStateBackend!: OperatorStateBackend;
  protected runtimeContext!: StreamingRuntimeContext;
  private keySelector1: KeySelector | undefined;
  private keySelector2: KeySelector | undefined;
  private readonly timerServices = new Map<string, InternalTimerService>();
  /** Timers of services that nobody has asked for (yet); they stay in the snapshots. */
  private restoredTimers: UnclaimedTimers[] = [];
  /** undefined on operators without a key. */
  private keyGroupGuard: KeyGroupGuard | undefined;
  private combinedWatermark!: CombinedWatermark;
  /** Most checkpoints find the keyed state of most subtasks as the one before did; what that found is kept. */
  private lastKeyed: { readonly uses: number; readonly snapshot: KeyedBackendSnapshot } | null = null;
  private lastKeyedSizes: { readonly uses: number; readonly sizes: readonly StateSize[] } | null = null;

  setup(context: OperatorContext): void {
    this.context = context;
    this.output = context.output;
    this.probe = context.probe;
    this.keySelector1 = context.keySelectors[0];
    this.keySelector2 = context.keySelectors[1];
    if (this.keySelector1 !== undefined || this.keySelector2 !== undefined) {
      const { start, end } = keyGroupRange(context.maxParallelism, context.parallelism, context.subtaskIndex);
      this.keyGroupGuard = new KeyGroupGuard(context.maxParallelism, { start, end });
      this.keyedStateBackend =
        context.stateBackend === "hashmap"
          ? new HeapKeyedStateBackend(context.maxParallelism, context.ttlClock, end - start + 1)
          : this.createLsmBackend({ start, end });
      const { probe } = context;
      if (probe.recording) this.keyedStateBackend = watchedBackend(this.keyedStateBackend, (...change) => probe.stateChanged(...change));
      this.keys = this.keyedStateBackend.keyContext;
      const key = serializerOf(context.keyTypes?.find((type) => type !== undefined));
      this.keyedStateBackend.schemas = new StateSchemas({ stateBackend: context.stateBackend, key, classNames: context.classNames });
    }
    this.operatorStateBackend = new OperatorStateBackend(context.classNames);
    this.runtimeContext = new StreamingRuntimeContext(context, this.keyedStateBackend);
    this.combinedWatermark = new CombinedWatermark(2);
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    if (restored === null) return;
    this.restoreKeyed(restored, restoredCheckpointId);
    this.operatorStateBackend.restore(restored.operatorState);
  }

  /** Without a key now there is nobody whose state it could be: it is left behind, as in Flink. */
  private restoreKeyed({ keyed, keyedSchema, nativeTo, unclaimed }: OperatorSnapshot, restoredCheckpointId: number | undefined): void {
    const { keyedStateBackend, context } = this;
    if (keyedStateBackend === undefined) return;
    if (keyedSchema !== undefined && keyedSchema !== null) {
      if (nativeTo !== undefined && nativeTo !== context.stateBackend) throw nativeToAnotherBackend(context.stateBackend, nativeTo);
      keyedStateBackend.schemas.restore(keyedSchema);
    }
    if (keyed === null) return;
    // What is not the job's own may be deleted under it: nothing of it counts as stored.
    keyedStateBackend.restore(keyed, unclaimed === true ? undefined : restoredCheckpointId);
    for (const [keyGroup, timers] of timersIn(keyed)) {
      for (const snapshot of timers) {
        const service = this.timerServices.get(snapshot.serviceName);
        if (service === undefined) this.restoredTimers.push({ keyGroup, snapshot });
        else service.restore(snapshot);
      }
    }
  }

  open(): void {}

  prepareSnapshotPreBarrier(_checkpointId: number): void {}

  snapshotState(checkpointId: number): OperatorSnapshot {
    const operatorState = this.operatorStateBackend.snapshot();
    const snapshot = this.snapshotKeyed(checkpointId);
    const operatorBytes = snapshotBytes(NO_GROUPS, operatorState);
    const keyedSchema = this.keyedStateBackend?.schemas.describe(this.timerServices.size + this.restoredTimers.length > 0) ?? null;
    return new TakenSnapshot(snapshot, operatorState, operatorBytes, keyedSchema);
  }

  private createLsmBackend(keyGroups: KeyGroupRange): LsmKeyedStateBackend {
    const { maxParallelism, ttlClock, lsmOptions, metricGroup } = this.context;
    const backend = new LsmKeyedStateBackend(maxParallelism, ttlClock, keyGroups, lsmOptions);
    if (lsmOptions !== undefined) registerRocksDBMetrics(backend, lsmOptions.metrics, metricGroup);
    return backend;
  }

  private snapshotKeyed(checkpointId: number): KeyedBackendSnapshot {
    const backend = this.keyedStateBackend;
    if (backend === undefined) return NOTHING_KEYED;
    const { uses } = backend.keyContext;
    if (backend.handsOutReferences && this.lastKeyed?.uses === uses && !backend.snapshotsDependOnTime) {
      const { snapshot } = this.lastKeyed;
      // One that is shared is another checkpoint's to release.
      if (snapshot.keyed?.sharing === undefined || snapshot.keyed.sharing === "detached") return snapshot;
    }
    const services = [...this.timerServices.values()].map((service) => service.copyTimers());
    const timers = new TimersOfOperator(services, [...this.restoredTimers], this.context.maxParallelism);
    const snapshot = new GuardedSnapshot(backend.snapshot(checkpointId, timers), this.keyGroupGuard);
    backend.keyContext.forgetCopiedKeys();
    this.lastKeyed = { uses, snapshot };
    return snapshot;
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.keyedStateBackend?.notifyCheckpointComplete(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.keyedStateBackend?.notifyCheckpointAborted(checkpointId);
  }

  endKey(): void {
    for (const service of this.timerServices.values()) service.endKey();
  }

  endInput(_input: number): void {}

  finish(): void {}

  close(): void {
    for (const service of this.timerServices.values()) service.close();
  }

  stateSizes(): readonly StateSize[] {
    const { keyedStateBackend, operatorStateBackend } = this;
    const keyed = keyedStateBackend === undefined ? NO_STATE_SIZES : this.keyedSizes(keyedStateBackend);
    if (operatorStateBackend.isEmpty) return keyed;
    const { operatorId } = this.context;
    return [...keyed, ...operatorStateBackend.sizes().map((size) => ({ operatorId, ...size }))];
  }

  keyGroupSizes(): readonly KeyGroupStateSize[] {
    const { operatorId } = this.context;
    return this.keyedStateBackend?.sizesByKeyGroup().map((size) => ({ operatorId, ...size })) ?? [];
  }

  private keyedSizes(backend: KeyedStateBackend): readonly StateSize[] {
    const { uses } = backend.keyContext;
    if (this.lastKeyedSizes?.uses === uses) return this.lastKeyedSizes.sizes;
    const { operatorId } = this.context;
    const sizes: StateSize[] = backend.sizes().map((size) => ({ operatorId, ...size }));
    for (const [serviceName, service] of this.timerServices) {
      sizes.push({ operatorId, stateName: `_timer_state/${serviceName}`, ...service.measure() });
    }
    this.lastKeyedSizes = { uses, sizes };
    return sizes;
  }

  /** Default for one-input operators: fires due timers, then passes the watermark on. */
  processWatermark(timestampMs: number): void {
    this.advanceTimers(timestampMs);
    this.output.emitWatermark(timestampMs);
  }

  protected advanceTimers(timestampMs: number): void {
    for (const service of this.timerServices.values()) service.advanceWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    this.output.emitWatermarkStatus(idle);
  }

  processWatermark1(timestampMs: number): void {
    if (this.combinedWatermark.updateWatermark(0, timestampMs)) this.processWatermark(this.combinedWatermark.watermarkMs);
  }

  processWatermark2(timestampMs: number): void {
    if (this.combinedWatermark.updateWatermark(1, timestampMs)) this.processWatermark(this.combinedWatermark.watermarkMs);
  }

  processWatermarkStatus1(idle: boolean): void {
    this.updateStatus(0, idle);
  }

  processWatermarkStatus2(idle: boolean): void {
    this.updateStatus(1, idle);
  }

  /** Number of keyed state entries and timers, for tests. */
  inspect(): { stateEntries: number; eventTimeTimers: number; processingTimeTimers: number } {
    let eventTimeTimers = 0;
    let processingTimeTimers = 0;
    for (const service of this.timerServices.values()) {
      eventTimeTimers += service.numEventTimeTimers();
      processingTimeTimers += service.numProcessingTimeTimers();
    }
    return { stateEntries: this.keyedStateBackend?.numEntries() ?? 0, eventTimeTimers, processingTimeTimers };
  }

  /** For code that may touch keyed state without a key having been made current. */
  protected markKeyedStateUsed(): void {
    if (this.keyedStateBackend !== undefined) this.keyedStateBackend.keyContext.uses++;
  }

  /** Makes the record's key the current one. Does nothing on operators without a key. */
  protected setKeyContext(record: StreamRecord): void {
    // Not as a method of the operator: the program's function would have it as its `this`.
    const { keySelector1 } = this;
    if (keySelector1 !== undefined) this.setCurrentKey(keySelector1(record.value));
  }

  protected setKeyContext2(record: StreamRecord): void {
    const { keySelector2 } = this;
    if (keySelector2 !== undefined) this.setCurrentKey(keySelector2(record.value));
  }

  private setCurrentKey(key: unknown): void {
    const context = this.keys as KeyContext;
    // Numbers are their own canonical form: the way of most keys.
    if (typeof key === "number") context.setCurrentKey(key, key);
    else (this.keyedStateBackend as KeyedStateBackend).setCurrentKey(key);
    const guard = this.keyGroupGuard as KeyGroupGuard;
    if (context.uses >= guard.next) guard.check(key, context.uses);
  }

  protected getCurrentKey(): unknown {
    return this.keyedStateBackend?.keyContext.currentKey;
  }

  protected currentMapKey(): MapKey {
    return this.keyContext().currentMapKey;
  }

  protected keyContext(): KeyContext {
    invariant(this.keyedStateBackend !== undefined, "a current key in an operator without a key");
    return this.keyedStateBackend.keyContext;
  }

  /** Keyed state in a namespace (default: none). The state stays in that namespace until told otherwise. */
  protected getKeyedState<S extends State>(descriptor: StateDescriptor<S>, namespace: StateNamespace = VOID_NAMESPACE): S & InternalState {
    invariant(this.keyedStateBackend !== undefined, `keyed state "${descriptor.name}" in an operator without a key`);
    const state = this.keyedStateBackend.getState(descriptor);
    state.setCurrentNamespace(namespace);
    return state;
  }

  /** Timers under a name that must stay the same over restores. Call it in `open`. */
  protected getInternalTimerService(serviceName: string, triggerable: Triggerable): InternalTimerService {
    let service = this.timerServices.get(serviceName);
    if (service === undefined) {
      invariant(this.keyedStateBackend !== undefined, "timers need a key");
      service = new InternalTimerService(serviceName, this.keyedStateBackend, this.context.processingTime, triggerable, this.context.batch);
      this.timerServices.set(serviceName, service);
      for (const { snapshot } of this.restoredTimers) if (snapshot.serviceName === serviceName) service.restore(snapshot);
      this.keyedStateBackend.keyContext.uses++;
      this.restoredTimers = this.restoredTimers.filter(({ snapshot }) => snapshot.serviceName !== serviceName);
      service.start();
    }
    return service;
  }

  private updateStatus(input: number, idle: boolean): void {
    const wasIdle = this.combinedWatermark.idle;
    if (this.combinedWatermark.updateStatus(input, idle)) this.processWatermark(this.combinedWatermark.watermarkMs);
    if (wasIdle !== this.combinedWatermark.idle) this.output.emitWatermarkStatus(this.combinedWatermark.idle);
  }
}

/** What is keyed is measured later, in the asynchronous part: that takes going through all keys. */
class TakenSnapshot implements OperatorSnapshot {
  readonly keyed: KeyedSnapshot | null;
  readonly operatorState: readonly OperatorStateSnapshot[];
  readonly keyedSchema: KeyedSchema | null;
  private readonly snapshot: KeyedBackendSnapshot;
  private readonly operatorBytes: number;

  constructor(
    snapshot: KeyedBackendSnapshot,
    operatorState: readonly OperatorStateSnapshot[],
    operatorBytes: number,
    keyedSchema: KeyedSchema | null,
  ) {
    this.keyed = snapshot.keyed;
    this.operatorState = operatorState;
    this.keyedSchema = keyedSchema;
    this.snapshot = snapshot;
    this.operatorBytes = operatorBytes;
  }

  get bytes(): number {
    return this.snapshot.bytes + this.operatorBytes;
  }

  get uploadedBytes(): number {
    return this.snapshot.uploadedBytes + this.operatorBytes;
  }
}

/** What a backend has handed over, once it is known that all of it is the subtask's. */
class GuardedSnapshot implements KeyedBackendSnapshot {
  readonly keyed: KeyedSnapshot | null;
  private readonly snapshot: KeyedBackendSnapshot;
  private readonly guard: KeyGroupGuard | undefined;
  private checked = false;

  constructor(snapshot: KeyedBackendSnapshot, guard: KeyGroupGuard | undefined) {
    this.keyed = snapshot.keyed;
    this.snapshot = snapshot;
    this.guard = guard;
  }

  get keyGroups(): Iterable<number> {
    return this.snapshot.keyGroups;
  }

  get bytes(): number {
    this.check();
    return this.snapshot.bytes;
  }

  get uploadedBytes(): number {
    this.check();
    return this.snapshot.uploadedBytes;
  }

  private check(): void {
    if (this.checked) return;
    this.checked = true;
    if (this.guard?.ownsAll === false) for (const keyGroup of this.snapshot.keyGroups) this.guard.checkGroup(keyGroup);
  }
}

function timersIn({ timers, groups }: KeyedSnapshot): Iterable<readonly [number, readonly TimerServiceSnapshot[]]> {
  return timers ?? [...groups].map(([keyGroup, group]) => [keyGroup, group.timers] as const);
}
