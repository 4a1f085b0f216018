import type { StateBackendKind } from "../flow/operator.ts";

/** Which store holds keyed state; given to `env.setStateBackend`. (Flink: docs/ops/state/state_backends) */
export interface StateBackend {
  /** "hashmap" or "rocksdb". */
  readonly kind: StateBackendKind;
  /** True when checkpoints upload only what is new; absent = as configured. */
  readonly incremental?: boolean;
}

/** Objects on the heap; Flink's default. (Flink: docs/ops/state/state_backends) */
export class HashMapStateBackend implements StateBackend {
  /** "hashmap". */
  readonly kind = "hashmap";
}

/**
 * State in a log-structured store on local disk; with `incremental` checkpoints upload only what is new.
 * (Flink: docs/ops/state/state_backends)
 */
export class EmbeddedRocksDBStateBackend implements StateBackend {
  /** "rocksdb". */
  readonly kind = "rocksdb";
  /** True when checkpoints upload only what is new. */
  readonly incremental: boolean;

  constructor(incremental = false) {
    this.incremental = incremental;
  }
}
