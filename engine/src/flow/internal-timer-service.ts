import { canonicalKey } from "../base/canonical-key.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import { copyValue, serializedSize } from "../types/value-codec.ts";
import type { KeyedStateBackend } from "../state/keyed-state-backend.ts";
import { TIMER_BYTES } from "../state/snapshot-size.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import type { TimerServiceSnapshot } from "../state/snapshot.ts";
import type { ProcessingTimeService, ScheduledCallback } from "./processing-time.ts";
import { CopiedTimers } from "./copied-timers.ts";
import { type InternalTimer, TimerQueue } from "./timer-queue.ts";

/** Who is called when a timer fires; the current key has been set before. */
export interface Triggerable {
  onEventTime(timer: InternalTimer): void;
  onProcessingTime(timer: InternalTimer): void;
}

/**
 * Timers per key and namespace, for both time domains (Flink: `InternalTimerServiceImpl`).
 *
 * Event timers fire when the watermark reaches them, before the watermark is passed on; a timer set at or before the current
 * watermark waits for the next one. Of the processing timers only the earliest is scheduled with the clock.
 */
export class InternalTimerService {
  readonly serviceName: string;
  private readonly backend: KeyedStateBackend;
  private readonly clock: ProcessingTimeService;
  private readonly triggerable: Triggerable;
  private readonly eventTimers: TimerQueue;
  private readonly processingTimers: TimerQueue;
  private watermark = MIN_TIMESTAMP;
  private scheduled: ScheduledCallback | undefined;
  private scheduledMs = 0;
  private closed = false;
  /** BATCH mode: timers wait for the end of their key, and what fires there sets no further ones. */
  private readonly batch: boolean;
  private keyEnds = false;
  private peakBytes = 0;

  constructor(
    serviceName: string,
    backend: KeyedStateBackend,
    clock: ProcessingTimeService,
    triggerable: Triggerable,
    batch: boolean = false,
  ) {
    this.batch = batch;
    this.serviceName = serviceName;
    this.backend = backend;
    this.eventTimers = new TimerQueue(backend.keyContext);
    this.processingTimers = new TimerQueue(backend.keyContext);
    this.clock = clock;
    this.triggerable = triggerable;
  }

  currentProcessingTime(): number {
    return this.clock.currentMs();
  }

  currentWatermark(): number {
    return this.watermark;
  }

  registerEventTimeTimer(namespace: StateNamespace, timestampMs: number): void {
    if (!this.keyEnds) this.eventTimers.add(namespace, timestampMs);
  }

  registerProcessingTimeTimer(namespace: StateNamespace, timestampMs: number): void {
    if (!this.keyEnds && this.processingTimers.add(namespace, timestampMs)) this.scheduleEarliest();
  }

  deleteEventTimeTimer(namespace: StateNamespace, timestampMs: number): void {
    this.eventTimers.remove(namespace, timestampMs);
  }

  deleteProcessingTimeTimer(namespace: StateNamespace, timestampMs: number): void {
    this.processingTimers.remove(namespace, timestampMs);
  }

  /** Deletes one timer of the current key and sets another. */
  moveEventTimeTimer(namespace: StateNamespace, timestampMs: number, newNamespace: StateNamespace, newTimestampMs: number): void {
    this.eventTimers.move(namespace, timestampMs, newNamespace, newTimestampMs);
  }

  numEventTimeTimers(): number {
    return this.eventTimers.size;
  }

  numProcessingTimeTimers(): number {
    return this.processingTimers.size;
  }

  /** Moves the clock of event time and fires what is due, including timers set meanwhile. */
  advanceWatermark(timestampMs: number): void {
    this.watermark = timestampMs;
    for (;;) {
      const timer = this.eventTimers.pollDue(timestampMs);
      if (timer === undefined) return;
      this.triggerable.onEventTime(timer);
    }
  }

  /** Fires what the key has set: timers of event time, then those of processing time. Event time begins anew with the next key. */
  endKey(): void {
    this.watermark = MAX_TIMESTAMP;
    this.keyEnds = true;
    for (let timer = this.eventTimers.pollDue(MAX_TIMESTAMP); timer !== undefined; timer = this.eventTimers.pollDue(MAX_TIMESTAMP)) {
      this.triggerable.onEventTime(timer);
    }
    for (
      let timer = this.processingTimers.pollDue(MAX_TIMESTAMP);
      timer !== undefined;
      timer = this.processingTimers.pollDue(MAX_TIMESTAMP)
    ) {
      this.triggerable.onProcessingTime(timer);
    }
    this.keyEnds = false;
    this.watermark = MIN_TIMESTAMP;
  }

  /** The timers as they are now. */
  copyTimers(): CopiedTimers {
    const keys = this.backend.keyContext.copyKeys();
    return new CopiedTimers(this.serviceName, this.eventTimers.copy(keys), this.processingTimers.copy(keys));
  }

  restore(snapshot: TimerServiceSnapshot): void {
    for (const { key, namespace, timestampMs } of snapshot.event) {
      this.restoreTimer(this.eventTimers, key, namespace, timestampMs);
    }
    for (const { key, namespace, timestampMs } of snapshot.processing) {
      this.restoreTimer(this.processingTimers, key, namespace, timestampMs);
    }
  }

  /** Starts the clock for restored processing timers; called once the operator is open. */
  start(): void {
    this.scheduleEarliest();
  }

  close(): void {
    this.closed = true;
    this.scheduled?.cancel();
    this.scheduled = undefined;
  }

  /** Size as state: key, namespace and timestamp of each timer. */
  measure(): { entries: number; bytes: number; peakBytes: number } {
    let bytes = 0;
    const { keyContext } = this.backend;
    for (const queue of [this.eventTimers, this.processingTimers]) {
      queue.forEachRow((row) => {
        bytes += TIMER_BYTES + serializedSize(keyContext.keyAt(row));
      });
    }
    const entries = this.eventTimers.size + this.processingTimers.size;
    this.peakBytes = Math.max(this.peakBytes, bytes);
    return { entries, bytes, peakBytes: this.peakBytes };
  }

  private restoreTimer(timers: TimerQueue, key: unknown, namespace: unknown, timestampMs: number): void {
    const own = copyValue(key);
    const { namespaceKey } = namespace as StateNamespace;
    const known = namespaceKey === VOID_NAMESPACE.namespaceKey ? VOID_NAMESPACE : (namespace as StateNamespace);
    timers.addFor(own, canonicalKey(own), known, timestampMs);
  }

  private scheduleEarliest(): void {
    const earliest = this.processingTimers.peekTimestamp();
    if (earliest === undefined || this.closed || this.batch) return;
    if (this.scheduled !== undefined) {
      if (this.scheduledMs <= earliest) return;
      this.scheduled.cancel();
    }
    this.scheduledMs = earliest;
    this.scheduled = this.clock.schedule(earliest, this.fireProcessingTimers);
  }

  private readonly fireProcessingTimers = (timestampMs: number): void => {
    // The callback is spent; timers registered while firing may schedule a new one.
    this.scheduled = undefined;
    for (;;) {
      const timer = this.processingTimers.pollDue(timestampMs);
      if (timer === undefined) break;
      this.triggerable.onProcessingTime(timer);
    }
    this.scheduleEarliest();
  };
}
