import type { MapKey } from "../../base/canonical-key.ts";
import type { IncrementalCleanupStrategy } from "../ttl.ts";
import type { StateCell, StateTable } from "./state-table.ts";
import type { TtlClock, TtlValue } from "../ttl-clock.ts";
import type { UserMap } from "./user-map.ts";

/**
 * Goes round and round over the entries of a state, a few at each access, and drops what has expired (Flink:
 * `TtlIncrementalCleanup`). Without it, an entry that nobody asks for again would stay for ever.
 *
 * Flink walks its tables key group by key group and stops a step at an empty one, so a round takes at least as many accesses as there
 * are key groups. We keep that pace, not the order: each access earns entries / key groups checks, at most `cleanupSize`.
 */
export class IncrementalCleanup {
  private readonly table: StateTable<unknown>;
  private readonly ttl: TtlClock;
  private readonly strategy: IncrementalCleanupStrategy;
  private readonly keyGroups: number;
  private earned = 0;
  private round: Iterator<[MapKey, StateCell]> | undefined;

  constructor(table: StateTable<unknown>, ttl: TtlClock, strategy: IncrementalCleanupStrategy, keyGroups: number) {
    this.table = table;
    this.ttl = ttl;
    this.strategy = strategy;
    this.keyGroups = keyGroups;
  }

  get forEveryRecord(): boolean {
    return this.strategy.runCleanupForEveryRecord;
  }

  run(): void {
    this.earned = Math.min(this.earned + this.table.size / this.keyGroups, this.strategy.cleanupSize);
    for (; this.earned >= 1; this.earned--) {
      this.round ??= this.table.entries();
      const next = this.round.next();
      if (next.done) {
        this.round = undefined;
        return;
      }
      const [mapKey, cell] = next.value;
      // Of a map the expired entries are removed in place.
      if (this.table.kind === "map") this.table.own(cell);
      const kept = withoutExpired(this.table.kind, cell.value, this.ttl);
      if (kept === undefined) this.table.removeEntry(mapKey, cell);
      else cell.value = kept;
    }
  }
}

/** The stored value without its expired parts; undefined when nothing is left. */
export function withoutExpired(kind: string, stored: unknown, ttl: TtlClock): unknown {
  if (kind === "list") {
    const elements = stored as TtlValue<unknown>[];
    const alive = elements.filter((element) => !ttl.expired(element));
    return alive.length === 0 ? undefined : alive.length === elements.length ? elements : alive;
  }
  if (kind === "map") {
    const map = stored as UserMap<unknown, TtlValue<unknown>>;
    map.forEach(({ key, value }) => {
      if (ttl.expired(value)) map.delete(key);
    });
    return map.size === 0 ? undefined : map;
  }
  return ttl.expired(stored as TtlValue<unknown>) ? undefined : stored;
}
