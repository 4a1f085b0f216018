/** Checks of what users hand to the fluent API, so that mistakes show where they are made and not at the first record. */
import { findInternals } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { currentPosition, positionOfNext } from "./graph-builder.ts";

/** Demands a function, or an object with this method. Classes given instead of instances get a hint of their own. */
export function requireFunction(given: unknown, operation: string, method: string): void {
  if (typeof given === "object" && given !== null && typeof (given as Record<string, unknown>)[method] === "function") {
    if (method !== "asyncInvoke") refuseSuspended(given as Record<string, unknown>, operation, method);
    return;
  }
  if (typeof given === "function") {
    if (method !== "asyncInvoke" && isSuspended(given)) throw suspended(operation, "a function");
    const methods = (given.prototype ?? {}) as Record<string, unknown>;
    if (typeof methods[method] !== "function") return;
    throw notAFunction(operation, `the class ${given.name}`, `new ${given.name}()`, "Pass an instance, not the class.");
  }
  throw notAFunction(
    operation,
    described(given),
    `a function or an object with a method ${method}`,
    given === undefined ? "Is the function declared below the line that uses it, or misspelt?" : undefined,
  );
}

/** Demands a stream; `keyed` = one that comes from keyBy. */
export function requireStream(given: unknown, operation: string, keyed = false): void {
  const input = findInternals(given);
  if (input !== undefined && (!keyed || input.keySelector !== undefined)) return;
  throw new Diagnostic({
    code: keyed && input !== undefined ? "JOB_STREAM_NOT_KEYED" : "JOB_NOT_A_STREAM",
    message: `${operation}(…) needs ${keyed ? "a keyed stream" : "a stream"} as its argument.`,
    phase: "graph",
    found: input !== undefined ? "a stream without keyBy" : described(given),
    expected: keyed ? "other.keyBy((value) => value.id)" : "a DataStream, such as what env.fromSource(…) returns",
  });
}

/** Methods that operators call beside the one that makes the object what it is. */
const CALLED_TOO = [
  ..."open close onTimer snapshotState initializeState notifyCheckpointComplete clear".split(" "),
  ..."processElement2 processBroadcastElement processElement map2 flatMap2 add getResult merge".split(" "),
  ..."onEventTime onProcessingTime onMerge evictAfter".split(" "),
];

function refuseSuspended(given: Readonly<Record<string, unknown>>, operation: string, method: string): void {
  for (const name of [method, ...CALLED_TOO]) if (isSuspended(given[name])) throw suspended(operation, `a method ${name}`);
}

/** What was given instead: "null", "undefined", "a CountEvictor", "a string". */
function described(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  const prototype = typeof given === "object" ? (Object.getPrototypeOf(given) as { constructor?: { name?: string } } | null) : null;
  const name = prototype === null || prototype === Object.prototype ? typeof given : (prototype.constructor?.name ?? "object");
  return `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`;
}

/** Demands a strategy for timestamps and watermarks. */
export function requireWatermarkStrategy(given: unknown, operation: string): void {
  if (typeof (given as { createWatermarkGenerator?: unknown } | null | undefined)?.createWatermarkGenerator === "function") return;
  throw new Diagnostic({
    code: "JOB_NOT_A_WATERMARK_STRATEGY",
    message: `${operation}(…) needs a WatermarkStrategy and was given ${described(given)}.`,
    phase: "graph",
    found: described(given),
    expected: "WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.timeMs)",
    hint: "A job without event time says WatermarkStrategy.noWatermarks().",
  });
}

/** Async functions and generators give something to wait for, and nobody waits. */
function isSuspended(fn: unknown): boolean {
  return typeof fn === "function" && /^\[object (Async|Generator|AsyncGenerator)Function\]$/.test(Object.prototype.toString.call(fn));
}

function suspended(operation: string, what: string): Diagnostic {
  return new Diagnostic({
    code: "JOB_ASYNC_FUNCTION",
    message: `${operation}(…) was given ${what} that is async or a generator. Nobody waits for what it returns: what stands behind an await or yield would never run.`,
    phase: "graph",
    found: `${what} with async or *`,
    expected: "an ordinary function that returns when its work is done",
    hint: "Take async and await away. To ask something outside for each record use AsyncDataStream.",
  });
}

function notAFunction(operation: string, found: string, expected: string, hint: string | undefined): Diagnostic {
  const span = currentPosition();
  return new Diagnostic({
    code: "JOB_NOT_A_FUNCTION",
    message: `${operation}(…) was given ${found}, it needs ${expected}.`,
    phase: "graph",
    found,
    expected,
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined ? {} : { span }),
  });
}

/** `keyBy(0)` and `keyBy("user")` went with Flink 2.0. @throws Diagnostic JOB_KEY_BY_FIELD */
export function refuseFieldAsKey(given: unknown): void {
  if (typeof given !== "number" && typeof given !== "string") return;
  const field = typeof given === "number" ? `f${given}` : given;
  throw new Diagnostic({
    code: "JOB_KEY_BY_FIELD",
    message: `keyBy(${JSON.stringify(given)}) was removed in Flink 2.0: keys are taken out of records by a function.`,
    phase: "graph",
    found: JSON.stringify(given),
    expected: `keyBy((value) => value.${field})`,
  });
}

/** Wraps a key selector: keys that cannot be told apart by value are refused at the first record that has one. */
export function checkedKeySelector<T, K>(select: (value: T) => K): (value: T) => K {
  const span = positionOfNext();
  return (value) => {
    const key = select(value);
    const kind = typeof key;
    if (kind === "string" || (kind === "number" && !Number.isNaN(key)) || kind === "boolean" || kind === "bigint") return key;
    if (kind !== "object" || key === null) throw badKey(key, span);
    const part = missingPart(key as object);
    if (part !== undefined) throw badKey(key, span, part);
    return key;
  };
}

/** The field of a composed key that holds undefined or NaN, which stand for something that was not there. */
function missingPart(key: object): string | undefined {
  if (key instanceof Date) return Number.isNaN(key.getTime()) ? "time" : undefined;
  const fields = key as Record<string, unknown>;
  for (const field in fields) {
    const part = fields[field];
    if (part === undefined || Number.isNaN(part)) return field;
  }
  return undefined;
}

function badKey(key: unknown, span: { readonly line: number; readonly column: number } | undefined, part?: string): Diagnostic {
  if (part !== undefined) {
    return new Diagnostic({
      code: "JOB_BAD_KEY",
      message: `The key selector returned a key whose part ${part} is ${String((key as Record<string, unknown>)[part])}.`,
      phase: "runtime",
      found: `a key without ${part}`,
      expected: "a key with all its parts",
      hint: "Check the field names in keyBy(…), or filter out records without the field before it.",
      ...(span === undefined ? {} : { span }),
    });
  }
  const found = typeof key === "function" ? "a function" : typeof key === "symbol" ? "a symbol" : String(key);
  return new Diagnostic({
    code: "JOB_BAD_KEY",
    message:
      key === null || key === undefined
        ? `Assigned key must not be null: the key selector returned ${found}.`
        : `The key selector returned ${found}, which cannot be used as a key.`,
    phase: "runtime",
    found,
    expected: "a string, number, boolean, tuple or plain object with equal content for equal keys",
    hint: "Check the field name in keyBy(…), or filter out records without the field before it.",
    ...(span === undefined ? {} : { span }),
  });
}
