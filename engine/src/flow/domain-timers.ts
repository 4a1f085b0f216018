import { canonicalKey } from "../base/canonical-key.ts";
import { copyValue } from "../types/value-codec.ts";
import type { KeyedStateBackend } from "../state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import { KeyTimerQueue } from "./key-timer-queue.ts";
import { type InternalTimer, TimerQueue } from "./timer-queue.ts";

/** The timers of one time domain: those of keys and those of windows, each kind in the queue that suits it. */
export class DomainTimers {
  private readonly backend: KeyedStateBackend;
  private readonly ofKeys: KeyTimerQueue;
  private readonly ofWindows = new TimerQueue();

  constructor(backend: KeyedStateBackend) {
    this.backend = backend;
    this.ofKeys = new KeyTimerQueue(backend.keyContext);
  }

  get size(): number {
    return this.ofKeys.size + this.ofWindows.size;
  }

  /** Sets a timer for the current key. False when it is pending already. */
  add(namespace: StateNamespace, timestampMs: number): boolean {
    const { keyContext } = this.backend;
    if (namespace === VOID_NAMESPACE) return this.ofKeys.add(keyContext.currentSlot(), timestampMs);
    return this.ofWindows.add(keyContext.currentKey, keyContext.currentMapKey, namespace, timestampMs);
  }

  remove(namespace: StateNamespace, timestampMs: number): void {
    const { keyContext } = this.backend;
    if (namespace === VOID_NAMESPACE) this.ofKeys.remove(keyContext.currentSlot(), timestampMs);
    else this.ofWindows.remove(keyContext.currentMapKey, namespace, timestampMs);
  }

  /** Puts a timer back as a snapshot held it. */
  restore(key: unknown, namespace: StateNamespace, timestampMs: number): void {
    const own = copyValue(key);
    const mapKey = canonicalKey(own);
    if (namespace.namespaceKey === VOID_NAMESPACE.namespaceKey) this.ofKeys.add(this.backend.keyContext.slotOf(own, mapKey), timestampMs);
    else this.ofWindows.add(own, mapKey, namespace, timestampMs);
  }

  peekTimestamp(): number | undefined {
    const ofKey = this.ofKeys.peekTimestamp();
    const ofWindow = this.ofWindows.peekTimestamp();
    if (ofKey === undefined) return ofWindow;
    return ofWindow === undefined || ofKey <= ofWindow ? ofKey : ofWindow;
  }

  /** Removes the earliest timer if it is due at `timeMs`, makes its key the current one and returns it. */
  pollDue(timeMs: number): InternalTimer | undefined {
    if (this.ofWindows.size === 0) return this.pollKey(timeMs);
    const ofKey = this.ofKeys.peekTimestamp();
    const ofWindow = this.ofWindows.peekTimestamp();
    if (ofKey !== undefined && (ofWindow === undefined || ofKey <= ofWindow)) return this.pollKey(timeMs);
    const timer = this.ofWindows.pollDue(timeMs);
    if (timer !== undefined) this.backend.setCurrentKeyParts(timer.key, timer.mapKey);
    return timer;
  }

  *[Symbol.iterator](): Generator<InternalTimer> {
    yield* this.ofKeys;
    yield* this.ofWindows;
  }

  private pollKey(timeMs: number): InternalTimer | undefined {
    const timer = this.ofKeys.pollDue(timeMs);
    if (timer !== undefined) this.backend.setCurrentSlot(timer.slot);
    return timer;
  }
}
