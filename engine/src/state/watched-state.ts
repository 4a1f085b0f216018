/**
 * Tells of every change of keyed state, for recordings. Wraps a backend from outside: without a recording there is no wrapper, and states are
 * what they were.
 *
 * Nothing is read through the states' own methods, since reading may touch (time to live), count (metrics) or cost something: the heap's states
 * show what they hold, of others only a value that is written whole is known.
 */
import type { StateDescriptor } from "./descriptors.ts";
import type { InternalState, KeyedStateBackend } from "./keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "./namespace.ts";
import type { State } from "./state.ts";
import type { TtlValue } from "./ttl-clock.ts";

/** `value` undefined = it holds something that only its bytes tell; `present` false = it holds nothing any more. */
export type StateListener = (stateName: string, key: unknown, namespace: StateNamespace, present: boolean, value: unknown) => void;

/** The same backend; `listener` hears what its states are made to hold. */
export function watchedBackend(backend: KeyedStateBackend, listener: StateListener): KeyedStateBackend {
  const watched = new Map<State, State>();
  const getState = (descriptor: StateDescriptor<State & InternalState>): State => {
    const state = backend.getState(descriptor);
    let wrapper = watched.get(state);
    if (wrapper === undefined) {
      wrapper = watchedState(state, descriptor, backend, listener);
      watched.set(state, wrapper);
    }
    return wrapper;
  };
  return wrapped(backend, (name) => (name === "getState" ? getState : undefined));
}

type Method = (...args: unknown[]) => unknown;

const CHANGES: ReadonlySet<string> = new Set(["update", "add", "addAll", "addedFirst", "put", "putAll", "remove", "setInternal", "clear"]);

/** What of a backend's state matters here. */
type ReadableState = State & InternalState & { getInternal?(): unknown };

function watchedState(
  state: ReadableState,
  descriptor: StateDescriptor<State & InternalState>,
  backend: KeyedStateBackend,
  listener: StateListener,
): State {
  let namespace: StateNamespace = VOID_NAMESPACE;
  const contents = state.getInternal === undefined ? null : () => plainContents(descriptor, state.getInternal?.());
  const tell = (where: StateNamespace, written: unknown) => {
    const value = contents === null ? written : contents();
    const present = contents === null ? written !== null : value !== undefined;
    listener(descriptor.name, backend.keyContext.currentKey, where, present, value);
  };
  const changing = (name: string, method: Method): Method => {
    const writesWhole = name === "update" && descriptor.kind === "value";
    return (...args) => {
      if (name === "clear" && contents !== null && contents() === undefined) return method.apply(state, args);
      const result = method.apply(state, args);
      tell(namespace, name === "clear" ? null : writesWhole ? args[0] : undefined);
      return result;
    };
  };
  const merging = (target: StateNamespace, sources: readonly StateNamespace[]) => {
    state.mergeNamespaces(target, sources);
    for (const source of sources) listener(descriptor.name, backend.keyContext.currentKey, source, false, undefined);
    state.setCurrentNamespace(target);
    tell(target, undefined);
    state.setCurrentNamespace(namespace);
  };
  return wrapped(state, (name) => {
    if (name === "setCurrentNamespace") {
      return (next: StateNamespace) => {
        namespace = next;
        state.setCurrentNamespace(next);
      };
    }
    if (name === "mergeNamespaces") return merging;
    const method = CHANGES.has(name) ? (state as unknown as Record<string, Method | undefined>)[name] : undefined;
    return method === undefined ? undefined : changing(name, method);
  });
}

/** `target`, of which some methods are others; all others are called on itself. */
function wrapped<T extends object>(target: T, replacement: (name: string) => unknown): T {
  const methods = new Map<string | symbol, unknown>();
  return new Proxy(target, {
    get(_, name) {
      const known = methods.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const method = (typeof name === "string" ? replacement(name) : undefined) ?? (value as Method).bind(target);
      methods.set(name, method);
      return method;
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
  });
}

/** As the program thinks of it: without the times of touches, and maps as maps. */
function plainContents(descriptor: StateDescriptor<State & InternalState>, stored: unknown): unknown {
  if (stored === undefined) return undefined;
  const bare = descriptor.getTtlConfig() === undefined ? (part: unknown) => part : withoutTouch;
  switch (descriptor.kind) {
    case "list":
      return Array.isArray(stored) ? stored.map(bare) : stored;
    case "map": {
      const entries = new Map<unknown, unknown>();
      (stored as { forEach(use: (entry: { key: unknown; value: unknown }) => void): void }).forEach(({ key, value }) =>
        entries.set(key, bare(value)),
      );
      return entries;
    }
    default:
      return bare(stored);
  }
}

function withoutTouch(part: unknown): unknown {
  return isTouched(part) ? part.value : part;
}

function isTouched(part: unknown): part is TtlValue<unknown> {
  return part !== null && typeof part === "object" && "lastAccessMs" in part && "value" in part;
}
