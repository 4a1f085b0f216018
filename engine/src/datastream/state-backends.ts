import type { StateBackendKind } from "../flow/operator.ts";

/** Which store holds keyed state; given to `env.setStateBackend`. */
export interface StateBackend {
  readonly kind: StateBackendKind;
}

/** Objects on the heap; Flink's default. */
export class HashMapStateBackend implements StateBackend {
  readonly kind = "hashmap";
}

/** State in a log-structured store on local disk; with `incremental` checkpoints upload only what is new. */
export class EmbeddedRocksDBStateBackend implements StateBackend {
  readonly kind = "rocksdb";
  readonly incremental: boolean;

  constructor(incremental = false) {
    this.incremental = incremental;
  }
}
