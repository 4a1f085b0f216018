/**
 * The small language in which the cases write their functions: expressions are JSON with calls as arrays, statements are lists. The
 * interpreter knows nothing of operators; what a context cannot do is absent from its `Env` and then an error, as Flink's API has it.
 */
import type { AppendingState, BroadcastState, ListState, MapState, ReadOnlyBroadcastState, ValueState } from "../../../src/state/state.ts";
import { decodeLong, encodeLongs, type Json, type JsonObject } from "./case-format.ts";
import { canonical } from "./compare-steps.ts";
import { asBoolean, asDouble, asLong, longValue, mapKeyOf, sumOf } from "./recorder-values.ts";

export type States = ReadonlyMap<string, unknown>;

/**
 * What a handler can reach. Absent members are not offered by its context: asking for a clock or an output is an error then, while times, keys
 * and domains that do not apply are null.
 */
export interface Env {
  readonly record?: JsonObject;
  readonly states: States;
  readonly broadcast?: (name: string) => BroadcastState<Json, Json> | ReadOnlyBroadcastState<Json, Json>;
  timestamp?(): number | null;
  watermark?(): number;
  processingTime?(): number;
  key?(): unknown;
  timer?(): number;
  domain?(): string;
  emit(value: unknown): void;
  side?(tag: string, value: unknown): void;
  registerEventTimer?(timeMs: number): void;
  registerProcessingTimer?(timeMs: number): void;
  deleteEventTimer?(timeMs: number): void;
  deleteProcessingTimer?(timeMs: number): void;
  applyToKeyedState?(name: string, body: (key: unknown) => void): void;
}

export function run(statements: Json | undefined, env: Env): void {
  for (const statement of (statements ?? []) as Json[][]) execute(statement, env);
}

/** The value in the recorder's form: JSON, with longs out of range as text. */
export function evaluate(expression: Json, env: Env): Json {
  if (Array.isArray(expression)) return encodeLongs(call(expression, env));
  if (typeof expression !== "object" || expression === null) return expression;
  return Object.fromEntries(Object.entries(expression).map(([field, value]) => [field, evaluate(value, env)]));
}

function execute([name, ...args]: Json[], env: Env): unknown {
  const value = (index: number) => evaluate(args[index], env);
  const time = (index: number) => decodeLong(longValue(asLong(value(index))));
  switch (name) {
    case "set":
      return state<ValueState<unknown>>(env, args[0]).update(value(1));
    case "clear":
      return state<ValueState<unknown>>(env, args[0]).clear();
    case "append":
      return state<ListState<unknown>>(env, args[0]).add(value(1));
    case "addAll":
      return state<ListState<unknown>>(env, args[0]).addAll(elements(value(1)));
    case "update":
      return state<ListState<unknown>>(env, args[0]).update(elements(value(1)));
    case "put":
      return state<MapState<unknown, unknown>>(env, args[0]).put(mapKeyOf(value(1)), value(2));
    case "remove":
      return state<MapState<unknown, unknown>>(env, args[0]).remove(mapKeyOf(value(1)));
    case "add":
      return state<AppendingState<unknown, unknown>>(env, args[0]).add(value(1));
    case "etimer":
      return offered(env.registerEventTimer, "etimer")(time(0));
    case "ptimer":
      return offered(env.registerProcessingTimer, "ptimer")(time(0));
    case "delEtimer":
      return offered(env.deleteEventTimer, "delEtimer")(time(0));
    case "delPtimer":
      return offered(env.deleteProcessingTimer, "delPtimer")(time(0));
    case "emit":
      return env.emit(value(0));
    case "side":
      return offered(env.side, "side")(args[0] as string, value(1));
    case "if":
      return run(asBoolean(value(0)) ? args[1] : args[2], env);
    case "bput":
      return (broadcast(env, args[0]) as BroadcastState<unknown, unknown>).put(mapKeyOf(value(1)), value(2));
    case "bremove":
      return (broadcast(env, args[0]) as BroadcastState<unknown, unknown>).remove(mapKeyOf(value(1)));
    case "applyToKeyedState":
      return offered(env.applyToKeyedState, "applyToKeyedState")(args[0] as string, (key) => run(args[1], { ...env, key: () => key }));
    default:
      throw new Error(`unknown statement ${String(name)}`);
  }
}

function call([name, ...args]: Json[], env: Env): unknown {
  const value = (index: number) => evaluate(args[index], env);
  switch (name) {
    case "get":
      return Array.isArray(env.record) ? null : (env.record?.[args[0] as string] ?? null);
    case "rec":
      return env.record;
    case "ts":
      return env.timestamp?.() ?? null;
    case "wm":
      return offered(env.watermark, "wm")();
    case "pt":
      return offered(env.processingTime, "pt")();
    case "key":
      return env.key?.() ?? null;
    case "timer":
      return env.timer?.() ?? null;
    case "domain":
      return env.domain?.() ?? null;
    case "value":
      return state<ValueState<unknown>>(env, args[0]).value();
    case "list":
      return [...state<ListState<unknown>>(env, args[0]).get()];
    case "mapGet":
      return state<MapState<unknown, unknown>>(env, args[0]).get(mapKeyOf(value(1)));
    case "mapContains":
      return state<MapState<unknown, unknown>>(env, args[0]).contains(mapKeyOf(value(1)));
    case "mapEmpty":
      return state<MapState<unknown, unknown>>(env, args[0]).isEmpty();
    case "map":
      return sortedObject(state<MapState<unknown, unknown>>(env, args[0]).entries());
    case "mapKeysRaw":
      return [...state<MapState<unknown, unknown>>(env, args[0]).keys()];
    case "red":
    case "agg":
      return state<AppendingState<unknown, unknown>>(env, args[0]).get();
    case "bget":
      return broadcast(env, args[0]).get(mapKeyOf(value(1)));
    case "bmap":
      return sortedObject(broadcast(env, args[0]).immutableEntries());
    case "+":
      return sumOf(value(0) ?? 0, value(1) ?? 0);
    case "-":
      return longValue(asLong(value(0)) - asLong(value(1)));
    case "*":
      return longValue(asLong(value(0)) * asLong(value(1)));
    case "==":
      return canonical(value(0)) === canonical(value(1));
    case "<":
      return asDouble(value(0)) < asDouble(value(1));
    case ">":
      return asDouble(value(0)) > asDouble(value(1));
    case "not":
      return !asBoolean(value(0));
    case "isNull":
      return value(0) === null;
    case "field": {
      const [holder, field] = [value(0), args[1] as string | number];
      return (holder as Record<string | number, Json> | null)?.[field] ?? null;
    }
    case "array":
      return args.map((_, index) => value(index));
    default:
      throw new Error(`unknown expression ${String(name)}`);
  }
}

/** What a list is filled with: the elements of a list, the values of an object, nothing else. */
function elements(value: Json): Json[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function offered<F extends (...args: never[]) => unknown>(member: F | undefined, name: string): F {
  if (member === undefined) throw new Error(`UnsupportedOperation: ${name}`);
  return member;
}

function state<S>(env: Env, name: Json): S {
  const found = env.states.get(name as string);
  if (found === undefined) throw new Error(`no state ${String(name)}`);
  return found as S;
}

function broadcast(env: Env, name: Json): ReadOnlyBroadcastState<Json, Json> {
  const declared = env.states.get(name as string);
  return declared === undefined
    ? offered(env.broadcast, "broadcast state")(name as string)
    : (declared as ReadOnlyBroadcastState<Json, Json>);
}

function sortedObject(entries: Iterable<[unknown, unknown]>): Record<string, unknown> {
  const sorted = [...entries].map(([key, value]) => {
    if (key === null) throw new Error("NullPointerException: keys are sorted");
    return [key as string, value] as const;
  });
  return Object.fromEntries(sorted.sort(([left], [right]) => (left < right ? -1 : 1)));
}
