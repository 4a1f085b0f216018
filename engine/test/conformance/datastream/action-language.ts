/**
 * The small language in which the cases write their functions: expressions are JSON with calls as arrays, statements are lists. The
 * interpreter knows nothing of operators; what a context cannot do is absent from its `Env` and then an error, as Flink's API has it.
 */
import type { AppendingState, BroadcastState, ListState, MapState, ReadOnlyBroadcastState, ValueState } from "../../../src/state/state.ts";
import type { Json, JsonObject } from "./case-format.ts";
import { canonical } from "./compare-steps.ts";

export type States = ReadonlyMap<string, unknown>;

/** What a handler can reach. Absent members are not offered by its context. */
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

export function evaluate(expression: Json, env: Env): unknown {
  if (Array.isArray(expression)) return call(expression, env);
  if (typeof expression !== "object" || expression === null) return expression;
  return Object.fromEntries(Object.entries(expression).map(([field, value]) => [field, evaluate(value, env)]));
}

function execute([name, ...args]: Json[], env: Env): unknown {
  const value = (index: number) => evaluate(args[index], env);
  const number = (index: number) => Number(value(index));
  switch (name) {
    case "set":
      return state<ValueState<unknown>>(env, args[0]).update(value(1));
    case "clear":
      return state<ValueState<unknown>>(env, args[0]).clear();
    case "append":
      return state<ListState<unknown>>(env, args[0]).add(value(1));
    case "addAll":
      return state<ListState<unknown>>(env, args[0]).addAll(value(1) as unknown[]);
    case "update":
      return state<ListState<unknown>>(env, args[0]).update(value(1) as unknown[]);
    case "put":
      return state<MapState<unknown, unknown>>(env, args[0]).put(mapKey(value(1)), value(2));
    case "remove":
      return state<MapState<unknown, unknown>>(env, args[0]).remove(mapKey(value(1)));
    case "add":
      return state<AppendingState<unknown, unknown>>(env, args[0]).add(value(1));
    case "etimer":
      return offered(env.registerEventTimer, "etimer")(number(0));
    case "ptimer":
      return offered(env.registerProcessingTimer, "ptimer")(number(0));
    case "delEtimer":
      return offered(env.deleteEventTimer, "delEtimer")(number(0));
    case "delPtimer":
      return offered(env.deleteProcessingTimer, "delPtimer")(number(0));
    case "emit":
      return env.emit(value(0));
    case "side":
      return offered(env.side, "side")(args[0] as string, value(1));
    case "if":
      return run(value(0) === true ? args[1] : args[2], env);
    case "bput":
      return (broadcast(env, args[0]) as BroadcastState<unknown, unknown>).put(mapKey(value(1)), value(2));
    case "bremove":
      return (broadcast(env, args[0]) as BroadcastState<unknown, unknown>).remove(mapKey(value(1)));
    case "applyToKeyedState":
      return offered(env.applyToKeyedState, "applyToKeyedState")(args[0] as string, (key) => run(args[1], { ...env, key: () => key }));
    default:
      throw new Error(`unknown statement ${String(name)}`);
  }
}

function call([name, ...args]: Json[], env: Env): unknown {
  const value = (index: number) => evaluate(args[index], env);
  const number = (index: number) => Number(value(index) ?? 0);
  switch (name) {
    case "get":
      return env.record?.[args[0] as string] ?? null;
    case "rec":
      return env.record;
    case "ts":
      return offered(env.timestamp, "ts")();
    case "wm":
      return offered(env.watermark, "wm")();
    case "pt":
      return offered(env.processingTime, "pt")();
    case "key":
      return offered(env.key, "key")();
    case "timer":
      return offered(env.timer, "timer")();
    case "domain":
      return offered(env.domain, "domain")();
    case "value":
      return state<ValueState<unknown>>(env, args[0]).value();
    case "list":
      return [...state<ListState<unknown>>(env, args[0]).get()];
    case "mapGet":
      return state<MapState<unknown, unknown>>(env, args[0]).get(mapKey(value(1)));
    case "mapContains":
      return state<MapState<unknown, unknown>>(env, args[0]).contains(mapKey(value(1)));
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
      return broadcast(env, args[0]).get(mapKey(value(1)));
    case "bmap":
      return sortedObject(broadcast(env, args[0]).immutableEntries());
    case "+":
      return number(0) + number(1);
    case "-":
      return number(0) - number(1);
    case "*":
      return number(0) * number(1);
    case "==":
      return canonical(value(0) ?? null) === canonical(value(1) ?? null);
    case "<":
      return number(0) < number(1);
    case ">":
      return number(0) > number(1);
    case "not":
      return value(0) !== true;
    case "isNull":
      return value(0) === null || value(0) === undefined;
    case "field": {
      const [holder, field] = [value(0), args[1] as string | number];
      return (holder as Record<string | number, unknown> | null)?.[field] ?? null;
    }
    case "array":
      return args.map((_, index) => value(index));
    default:
      throw new Error(`unknown expression ${String(name)}`);
  }
}

/** Keys of map and broadcast state are text: a string as it is, anything else as JSON. */
function mapKey(key: unknown): string {
  return typeof key === "string" ? key : JSON.stringify(key ?? null);
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
  return Object.fromEntries(
    [...entries].map(([key, value]) => [String(key), value] as const).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
