import type { ListStateDescriptor, MapStateDescriptor } from "../state/descriptors.ts";
import type { OperatorStateBackend } from "../state/operator-state-backend.ts";
import type { BroadcastState, ListState } from "../state/state.ts";
import { BroadcastStateHandle, ListStateHandle } from "../state/state-handles.ts";
import type { OperatorStateStore } from "./runtime-context.ts";

/** What programs see of an operator's own state. */
export class OperatorStateStoreHandle implements OperatorStateStore {
  readonly #backend: OperatorStateBackend;
  /** The same state, the same handle. */
  readonly #handles = new Map<object, ListState<unknown> | BroadcastState<unknown, unknown>>();

  constructor(backend: OperatorStateBackend) {
    this.#backend = backend;
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#list(this.#backend.getListState(descriptor));
  }

  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#list(this.#backend.getUnionListState(descriptor));
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const state = this.#backend.getBroadcastState(descriptor);
    const known = this.#handles.get(state) as BroadcastState<K, V> | undefined;
    if (known !== undefined) return known;
    const handle = new BroadcastStateHandle(state);
    this.#handles.set(state, handle as BroadcastState<unknown, unknown>);
    return handle;
  }

  #list<T>(state: ListState<T>): ListState<T> {
    const known = this.#handles.get(state) as ListState<T> | undefined;
    if (known !== undefined) return known;
    const handle = new ListStateHandle(state);
    this.#handles.set(state, handle as ListState<unknown>);
    return handle;
  }
}
