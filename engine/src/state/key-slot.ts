/**
 * What belongs to one key: the values of its states that belong to no window, and its timers.
 *
 * A job over a million keys spends its time looking keys up. If each state and each timer queue kept a table of its own, one record of a
 * typical process function (read a value, update it, set a timer) would cost five lookups in tables that fit no cache. So a key is looked up
 * once, when the first of them is used, and the rest are fields of what was found. Contents of windows live elsewhere (state-table.ts): there
 * the window is the address and the key comes second.
 *
 * A slot is in the table exactly while it holds something: reading a key that has nothing leaves no trace.
 */
import type { MapKey } from "../base/canonical-key.ts";
import { invariant } from "../base/invariant.ts";
import { type StateNamespace, VOID_NAMESPACE } from "./namespace.ts";

/** Where one state keeps its value for one address. */
export interface StateCell<V = unknown> {
  readonly key: unknown;
  readonly namespace: StateNamespace;
  /** undefined = absent. */
  value: V;
}

export class KeySlot implements StateCell {
  readonly key: unknown;
  /** `canonicalKey(key)`. */
  readonly mapKey: MapKey;
  /** The value of the first state; undefined = absent. */
  value: unknown = undefined;
  /** The cells of the second and further states, by their number − 1. */
  others: (StateCell | undefined)[] | null = null;
  /** What the first timer queue remembers of this key (flow/timer-queue.ts); further queues use `otherTimers`. */
  timers: unknown = null;
  otherTimers: unknown[] | null = null;
  /** Values and timers held; 0 = not in the table. */
  used = 0;

  constructor(key: unknown, mapKey: MapKey) {
    this.key = key;
    this.mapKey = mapKey;
  }

  get namespace(): StateNamespace {
    return VOID_NAMESPACE;
  }
}

/** The current key of an operator, and the slots of all keys that have something. */
export class KeyContext {
  currentKey: unknown = undefined;
  /** `canonicalKey(currentKey)`. */
  currentMapKey: MapKey = null;
  /**
   * Rises whenever a key is made current, and so before every use of keyed state or timers: while it stands still, neither has changed.
   */
  uses = 0;
  private readonly slots = new Map<MapKey, KeySlot>();
  private timerQueues = 0;
  /** The current key's, once it has been asked for. */
  private slot: KeySlot | null = null;

  /** A number for a timer queue that keeps its notes in the slots. */
  newTimerQueue(): number {
    return this.timerQueues++;
  }

  setCurrentKey(key: unknown, mapKey: MapKey): void {
    this.currentKey = key;
    this.currentMapKey = mapKey;
    this.uses++;
    const { slot } = this;
    if (slot !== null && slot.mapKey !== mapKey) this.slot = null;
  }

  /** The slot is known already (a timer holds it). */
  setCurrentSlot(slot: KeySlot): void {
    this.currentKey = slot.key;
    this.currentMapKey = slot.mapKey;
    this.uses++;
    this.slot = slot;
  }

  /** The current key's slot; an empty one, not in the table, when the key has nothing. */
  currentSlot(): KeySlot {
    const { slot } = this;
    return slot !== null ? slot : this.findSlot();
  }

  /** One more value or timer is in the slot. */
  retain(slot: KeySlot): void {
    if (slot.used++ === 0) this.slots.set(slot.mapKey, slot);
  }

  /** One value or timer less. */
  release(slot: KeySlot): void {
    invariant(slot.used > 0, "a key slot gave up more than it held");
    if (--slot.used === 0) this.slots.delete(slot.mapKey);
  }

  /** The slot of any key, made when there is none; it enters the table with `retain`. */
  slotOf(key: unknown, mapKey: MapKey): KeySlot {
    return this.slots.get(mapKey) ?? (this.slot?.mapKey === mapKey ? this.slot : new KeySlot(key, mapKey));
  }

  /** All keys that have something. Entries added or removed meanwhile are treated as a Map treats them. */
  allSlots(): Iterable<KeySlot> {
    return this.slots.values();
  }

  private findSlot(): KeySlot {
    const slot = this.slots.get(this.currentMapKey) ?? new KeySlot(this.currentKey, this.currentMapKey);
    this.slot = slot;
    return slot;
  }
}
