/** Timers as they were at a barrier, and what becomes of them in a snapshot, which is worked out while the operator goes on. */
import { keyGroupOf } from "../base/key-groups.ts";
import { TIMER_BYTES, timerBytes } from "../state/snapshot-size.ts";
import type { TimerServiceSnapshot } from "../state/snapshot.ts";
import type { TimersOfSnapshot } from "../state/timers-of-snapshot.ts";
import { serializedSize } from "../types/value-codec.ts";
import type { TimerQueueCopy } from "./timer-queue.ts";

/** Those of one timer service. */
export class CopiedTimers {
  readonly serviceName: string;
  private readonly event: TimerQueueCopy;
  private readonly processing: TimerQueueCopy;

  constructor(serviceName: string, event: TimerQueueCopy, processing: TimerQueueCopy) {
    this.serviceName = serviceName;
    this.event = event;
    this.processing = processing;
  }

  get size(): number {
    return this.event.size + this.processing.size;
  }

  bytes(): number {
    let bytes = 0;
    for (const queue of [this.event, this.processing]) {
      queue.forEach((row) => {
        bytes += TIMER_BYTES + serializedSize(queue.keyAt(row));
      });
    }
    return bytes;
  }

  detach(): void {
    this.event.detach();
    this.processing.detach();
  }

  byKeyGroup(maxParallelism: number): Map<number, TimerServiceSnapshot> {
    type Entry = TimerServiceSnapshot["event"][number];
    const groups = new Map<number, { serviceName: string; event: Entry[]; processing: Entry[] }>();
    for (const [domain, queue] of [["event", this.event] as const, ["processing", this.processing] as const]) {
      queue.forEach((row, namespace, timestampMs) => {
        const key = queue.keyAt(row);
        const group = keyGroupOf(key, maxParallelism);
        let timers = groups.get(group);
        if (timers === undefined) {
          timers = { serviceName: this.serviceName, event: [], processing: [] };
          groups.set(group, timers);
        }
        timers[domain].push({ key, namespace, timestampMs });
      });
    }
    return groups;
  }
}

/** Timers of a service that nobody has asked for since the restore. */
export interface UnclaimedTimers {
  readonly keyGroup: number;
  readonly snapshot: TimerServiceSnapshot;
}

/** All timers of an operator. */
export class TimersOfOperator implements TimersOfSnapshot {
  private readonly services: readonly CopiedTimers[];
  private readonly unclaimed: readonly UnclaimedTimers[];
  private readonly maxParallelism: number;
  private groups: ReadonlyMap<number, readonly TimerServiceSnapshot[]> | null = null;

  constructor(services: readonly CopiedTimers[], unclaimed: readonly UnclaimedTimers[], maxParallelism: number) {
    this.services = services.filter(({ size }) => size > 0);
    this.unclaimed = unclaimed;
    this.maxParallelism = maxParallelism;
  }

  get isEmpty(): boolean {
    return this.services.length === 0 && this.unclaimed.length === 0;
  }

  bytes(): number {
    let bytes = 0;
    for (const service of this.services) bytes += service.bytes();
    for (const { keyGroup, snapshot } of this.unclaimed) bytes += timerBytes(new Map([[keyGroup, [snapshot]]]));
    return bytes;
  }

  detach(): void {
    for (const service of this.services) service.detach();
  }

  /** Copies their keys. */
  byKeyGroup(): ReadonlyMap<number, readonly TimerServiceSnapshot[]> {
    this.detach();
    this.groups ??= this.gatherGroups();
    return this.groups;
  }

  private gatherGroups(): Map<number, TimerServiceSnapshot[]> {
    const groups = new Map<number, TimerServiceSnapshot[]>();
    const add = (keyGroup: number, timers: TimerServiceSnapshot) => {
      const present = groups.get(keyGroup);
      if (present === undefined) groups.set(keyGroup, [timers]);
      else present.push(timers);
    };
    for (const service of this.services) for (const [keyGroup, timers] of service.byKeyGroup(this.maxParallelism)) add(keyGroup, timers);
    for (const { keyGroup, snapshot } of this.unclaimed) add(keyGroup, snapshot);
    return groups;
  }
}
