/**
 * Replication slots: the places in the log up to which each consumer has confirmed what it got, and the reason why a log is kept.
 *
 * A slot begins at the position at which it is made; nothing before it can be had from it. What lies behind the lowest position that some slot
 * still needs is kept, however much it is, unless `max_slot_wal_keep_size` says otherwise: then the slot that holds back too much is lost.
 */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { Wal } from "../storage/wal.ts";
import type { ReplicationStream } from "./replication-stream.ts";

export class ReplicationSlot {
  readonly name: string;
  readonly plugin: string;
  readonly createdAtMs: number;
  /** The consumer has everything that was committed before. */
  confirmedFlushLsn: number;
  /** It held back too much and is good for nothing any more. */
  lost = false;
  /** The connection that reads from it. */
  activeFor: ReplicationStream | null = null;

  constructor(name: string, plugin: string, createdAtMs: number, lsn: number) {
    this.name = name;
    this.plugin = plugin;
    this.createdAtMs = createdAtMs;
    this.confirmedFlushLsn = lsn;
  }
}

export interface ReplicationSlotsOptions {
  readonly maxSlots: number;
  /** Bytes; -1 = no limit. */
  readonly maxKeepBytes: number;
  readonly currentMs: () => number;
  /** From here on the log is needed by transactions that have not ended. */
  readonly oldestNeededLsn: () => number;
  readonly onLost: (slot: ReplicationSlot) => void;
}

export class ReplicationSlots {
  private readonly wal: Wal;
  private readonly options: ReplicationSlotsOptions;
  private readonly slots = new Map<string, ReplicationSlot>();

  constructor(wal: Wal, options: ReplicationSlotsOptions) {
    this.wal = wal;
    this.options = options;
  }

  all(): readonly ReplicationSlot[] {
    return [...this.slots.values()];
  }

  find(name: string): ReplicationSlot | undefined {
    return this.slots.get(name);
  }

  /** @throws PostgresError 42704 */
  get(name: string): ReplicationSlot {
    const slot = this.slots.get(name);
    if (slot === undefined) throw new PostgresError(SQLSTATE.undefinedObject, `replication slot "${name}" does not exist`);
    return slot;
  }

  /** @throws PostgresError 42602, 42710, 53400 */
  create(name: string, plugin: string): ReplicationSlot {
    if (!/^[a-z0-9_]{1,63}$/.test(name)) {
      throw new PostgresError(SQLSTATE.invalidName, `replication slot name "${name}" contains invalid character`, {
        hint: "Replication slot names may only contain lower case letters, numbers, and the underscore character.",
      });
    }
    if (this.slots.has(name)) throw new PostgresError(SQLSTATE.duplicateObject, `replication slot "${name}" already exists`);
    if (this.slots.size >= this.options.maxSlots) {
      throw new PostgresError(SQLSTATE.configurationLimit, "all replication slots are in use", {
        hint: 'Free one or increase "max_replication_slots".',
      });
    }
    const slot = new ReplicationSlot(name, plugin, this.options.currentMs(), this.wal.insertLsn);
    this.slots.set(name, slot);
    return slot;
  }

  /** @throws PostgresError 42704, 55006 when somebody reads from it */
  drop(name: string): void {
    const slot = this.get(name);
    if (slot.activeFor !== null) throw slotInUse(slot);
    this.slots.delete(name);
    this.trim();
  }

  /** All of them are gone: another server has taken over and never had them. */
  dropAll(): void {
    this.slots.clear();
    this.trim();
  }

  /** The consumer has everything up to this position. A slot never goes back. */
  confirm(slot: ReplicationSlot, lsn: number): boolean {
    if (slot.lost || lsn <= slot.confirmedFlushLsn) return false;
    slot.confirmedFlushLsn = Math.min(lsn, this.wal.insertLsn);
    this.trim();
    return true;
  }

  /** Log that is kept for this slot: the consumer's backlog, or transactions that have not ended. */
  restartLsn(slot: ReplicationSlot): number {
    return Math.min(slot.confirmedFlushLsn, this.options.oldestNeededLsn());
  }

  retainedBytes(slot: ReplicationSlot): number {
    return slot.lost ? 0 : this.wal.insertLsn - this.restartLsn(slot);
  }

  /** Call when the log has grown. */
  enforceLimit(): void {
    const { maxKeepBytes } = this.options;
    if (maxKeepBytes < 0) return;
    for (const slot of this.slots.values()) if (!slot.lost && this.retainedBytes(slot) > maxKeepBytes) this.invalidate(slot);
    this.trim();
  }

  /** As if each held back more than there is room for. */
  loseAll(): void {
    for (const slot of this.slots.values()) if (!slot.lost) this.invalidate(slot);
    this.trim();
  }

  private invalidate(slot: ReplicationSlot): void {
    slot.lost = true;
    this.options.onLost(slot);
  }

  /** Forgets what no slot needs. */
  trim(): void {
    let needed = this.wal.insertLsn;
    for (const slot of this.slots.values()) if (!slot.lost && slot.confirmedFlushLsn < needed) needed = slot.confirmedFlushLsn;
    this.wal.dropUpTo(needed);
  }
}

export function slotInUse(slot: ReplicationSlot): PostgresError {
  return new PostgresError(SQLSTATE.objectInUse, `replication slot "${slot.name}" is active for another connection`);
}

export function slotInvalidated(slot: ReplicationSlot): PostgresError {
  return new PostgresError(SQLSTATE.notInPrerequisiteState, `can no longer get changes from replication slot "${slot.name}"`, {
    detail: "This slot has been invalidated because it exceeded the maximum reserved size.",
  });
}
