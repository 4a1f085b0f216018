/**
 * What all operators share: the current key, keyed and operator state, timers, and the watermark of one or two inputs. A concrete
 * operator adds `processElement` (or 1 and 2) and declares which of the two operator contracts it implements.
 */
import type { MapKey } from "../base/canonical-key.ts";
import { invariant } from "../base/invariant.ts";
import { keyGroupRange } from "../base/key-groups.ts";
import type { StateDescriptor } from "../state/descriptors.ts";
import { HeapKeyedStateBackend } from "../state/heap/heap-keyed-state-backend.ts";
import type { KeyContext } from "../state/key-context.ts";
import type { InternalState, KeyedStateBackend } from "../state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import { OperatorStateBackend } from "../state/operator-state-backend.ts";
import { snapshotBytes } from "../state/redistribute.ts";
import type { KeyedStateSnapshot, KeyGroupSnapshot, OperatorSnapshot, TimerServiceSnapshot } from "../state/snapshot.ts";
import type { State } from "../state/state.ts";
import { CombinedWatermark } from "./combined-watermark.ts";
import { InternalTimerService, type Triggerable } from "./internal-timer-service.ts";
import { KeyGroupGuard } from "./key-group-guard.ts";
import type { KeySelector, OperatorContext, StateSize, StreamOperator } from "./operator.ts";
import type { Output } from "./output.ts";
import type { OperatorProbe } from "./probe.ts";
import { StreamingRuntimeContext } from "./streaming-runtime-context.ts";
import type { StreamRecord } from "./stream-record.ts";

const NO_GROUPS: ReadonlyMap<number, KeyGroupSnapshot> = new Map();

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
  private restoredTimers: { readonly keyGroup: number; readonly snapshot: TimerServiceSnapshot }[] = [];
  /** undefined on operators without a key. */
  private keyGroupGuard: KeyGroupGuard | undefined;
  private combinedWatermark!: CombinedWatermark;
  /** Most checkpoints find the keyed state of most subtasks as the one before did; what that found is kept. */
  private lastKeyed: { readonly uses: number; readonly groups: Map<number, KeyGroupSnapshot>; readonly bytes: number } | null = null;
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
      this.keyedStateBackend = new HeapKeyedStateBackend(
        context.maxParallelism,
        context.ttlClock,
        end - start + 1,
        context.stateBackend === "hashmap",
      );
      this.keys = this.keyedStateBackend.keyContext;
    }
    this.operatorStateBackend = new OperatorStateBackend();
    this.runtimeContext = new StreamingRuntimeContext(context, this.keyedStateBackend);
    this.combinedWatermark = new CombinedWatermark(2);
  }

  initializeState(restored: OperatorSnapshot | null, _restoredCheckpointId?: number): void {
    if (restored === null) return;
    this.operatorStateBackend.restore(restored.operatorState);
    if (restored.keyed === null) return;
    invariant(this.keyedStateBackend !== undefined, "keyed state given to an operator without a key");
    for (const [keyGroup, { states, timers }] of restored.keyed.groups) {
      this.keyedStateBackend.restore(keyGroup, states);
      for (const snapshot of timers) {
        const service = this.timerServices.get(snapshot.serviceName);
        if (service === undefined) this.restoredTimers.push({ keyGroup, snapshot });
        else service.restore(snapshot);
      }
    }
  }

  open(): void {}

  prepareSnapshotPreBarrier(_checkpointId: number): void {}

  snapshotState(_checkpointId: number): OperatorSnapshot {
    const operatorState = this.operatorStateBackend.snapshot();
    const { groups, bytes } = this.snapshotKeyed();
    const keyed = groups.size === 0 ? null : { maxParallelism: this.context.maxParallelism, groups };
    return { keyed, operatorState, bytes: bytes + snapshotBytes(NO_GROUPS, operatorState) };
  }

  private snapshotKeyed(): { readonly groups: Map<number, KeyGroupSnapshot>; readonly bytes: number } {
    const uses = this.keyedStateBackend?.keyContext.uses ?? 0;
    if (this.lastKeyed?.uses === uses && this.keyedStateBackend?.snapshotsDependOnTime !== true) return this.lastKeyed;
    const groups = this.snapshotKeyGroups();
    this.lastKeyed = { uses, groups, bytes: snapshotBytes(groups, []) };
    return this.lastKeyed;
  }

  notifyCheckpointComplete(_checkpointId: number): void {}

  notifyCheckpointAborted(_checkpointId: number): void {}

  endInput(_input: number): void {}

  finish(): void {}

  close(): void {
    for (const service of this.timerServices.values()) service.close();
  }

  stateSizes(): readonly StateSize[] {
    const { operatorId } = this.context;
    const sizes: StateSize[] = this.operatorStateBackend.sizes().map((size) => ({ operatorId, ...size }));
    return this.keyedStateBackend === undefined ? sizes : [...this.keyedSizes(this.keyedStateBackend), ...sizes];
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
    for (const service of this.timerServices.values()) service.advanceWatermark(timestampMs);
    this.output.emitWatermark(timestampMs);
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
    if (this.keySelector1 !== undefined) this.setCurrentKey(this.keySelector1(record.value));
  }

  protected setKeyContext2(record: StreamRecord): void {
    if (this.keySelector2 !== undefined) this.setCurrentKey(this.keySelector2(record.value));
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
      service = new InternalTimerService(serviceName, this.keyedStateBackend, this.context.processingTime, triggerable);
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

  private snapshotKeyGroups(): Map<number, KeyGroupSnapshot> {
    const groups = new Map<number, { states: KeyedStateSnapshot[]; timers: TimerServiceSnapshot[] }>();
    if (this.keyedStateBackend === undefined) return groups;
    const groupOf = (keyGroup: number) => {
      let group = groups.get(keyGroup);
      if (group === undefined) {
        group = { states: [], timers: [] };
        groups.set(keyGroup, group);
      }
      return group;
    };
    for (const [keyGroup, states] of this.keyedStateBackend.snapshot()) groupOf(keyGroup).states.push(...states);
    for (const service of this.timerServices.values()) {
      for (const [keyGroup, timers] of service.snapshot(this.context.maxParallelism)) groupOf(keyGroup).timers.push(timers);
    }
    for (const keyGroup of groups.keys()) this.keyGroupGuard?.checkGroup(keyGroup);
    for (const { keyGroup, snapshot } of this.restoredTimers) groupOf(keyGroup).timers.push(snapshot);
    return groups;
  }
}
