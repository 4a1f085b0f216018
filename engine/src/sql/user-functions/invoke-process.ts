/** A user's process table function as the engine's own: what its class says becomes a declaration, and values are brought into a program's form and back. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { type LogicalType, rowTypeOf, typeSummary, withNullable } from "../../types/logical-type.ts";
import { FIELD_OFFSET, kindOf, type Row as InternalRow } from "../../types/row.ts";
import { INSERT, UPDATE_BEFORE } from "../../types/row-kind.ts";
import { castTo } from "../2-analyze/rex-calls.ts";
import { inputRef } from "../2-analyze/rex.ts";
import { interpretExpression } from "../5-execute/codegen/interpret-expression.ts";
import { durationMs } from "../catalog/duration.ts";
import { castsImplicitly } from "../functions/implicit-casts.ts";
import type {
  ProcessChangelog,
  ProcessFunction,
  ProcessHost,
  ProcessImplementation,
  ProcessParameter,
  ProcessWork,
  TableGiven,
  TableTrait,
} from "../functions/process-function.ts";
import { ChangelogMode } from "./changelog-mode.ts";
import { DataType, logicalTypeOf } from "./data-types.ts";
import { type Convert, toExternal, toInternal } from "./external-value.ts";
import { classOf, type FunctionLike, instantiate } from "./function-signature.ts";
import { opened, tableFunctionRow } from "./invoke.ts";
import type {
  ProcessTableOnTimerContext,
  ProcessFunctionHint,
  ProcessTableFunction,
  StateHint,
  TableSemantics,
} from "./process-table-function.ts";
import { Row } from "./row.ts";
import { listView, mapView } from "./state-views.ts";

/** Columns of on_time and of uid come by themselves. */
const RESERVED = ["on_time", "uid"];

/** Throws Diagnostic FUNCTION_WITHOUT_TYPES, PTF_DECLARATION, TABLE_TYPE. */
export function processFunction(name: string, fn: FunctionLike): ProcessFunction {
  const hint = hintOf(fn);
  const parameters = hint.arguments.map((argument) => parameterOf(fn, argument));
  checkDeclaration(parameters);
  for (const state of hint.state ?? []) layoutOf(state);
  const output = logicalTypeOf(hint.output);
  const mode = instantiate(fn as ProcessTableFunction).getChangelogMode?.().mode ?? "insert";
  return {
    name,
    parameters,
    output: () => tableFunctionRow(output).fields!,
    changelog: () => mode,
    implement: (work, host) => new UserProcess(name, { fn, hint, parameters, output }, work, host),
  };
}

function hintOf(fn: FunctionLike): ProcessFunctionHint {
  const declared = (classOf(fn) as unknown as { functionHint?: ProcessFunctionHint }).functionHint;
  if (declared !== undefined && Array.isArray(declared.arguments)) return declared;
  throw new Diagnostic({
    code: "FUNCTION_WITHOUT_TYPES",
    phase: "graph",
    message: `Could not extract a valid type inference for function class '${classOf(fn).name}': it does not say what arguments it takes and what it gives.`,
    expected: 'static functionHint = { arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] }], output: "STRING" }',
    hint: "Types of TypeScript are gone when the program runs, so a function says them once more in a static field.",
  });
}

function parameterOf(
  fn: FunctionLike,
  { name, traits = [], type, isOptional = false }: ProcessFunctionHint["arguments"][number],
): ProcessParameter {
  const own = new Set(traits.filter((trait): trait is TableTrait => trait !== "SCALAR"));
  if (own.has("ROW_SEMANTIC_TABLE") || own.has("SET_SEMANTIC_TABLE")) {
    return { name, kind: "table", traits: own, type: type === undefined ? null : logicalTypeOf(type), optional: isOptional };
  }
  if (own.size > 0) throw declaration(`Invalid argument traits for argument '${name}': ${[...own].join(", ")} go with a table only.`);
  if (type === "DESCRIPTOR") return { name, kind: "descriptor", traits: own, type: null, optional: isOptional };
  if (type === undefined) {
    throw declaration(`Data type missing for scalar argument '${name}' of function class '${classOf(fn).name}'.`, {
      expected: `{ name: "${name}", type: "INT" }, or traits: ["SET_SEMANTIC_TABLE"]`,
    });
  }
  return { name, kind: "scalar", traits: own, type: logicalTypeOf(type), optional: isOptional };
}

function declaration(message: string, more: { readonly expected?: string } = {}): Diagnostic {
  return new Diagnostic({ code: "PTF_DECLARATION", phase: "graph", message, ...more });
}

/** What Flink says when a call meets such a signature. */
function checkDeclaration(parameters: readonly ProcessParameter[]): void {
  if (parameters.some(({ name }) => RESERVED.includes(name))) {
    throw declaration("Function signature must not declare system arguments. Reserved argument names are: [on_time, uid]");
  }
  const tables = parameters.filter(({ kind }) => kind === "table");
  for (const { optional, traits, type } of tables) {
    if (optional) throw declaration("Table arguments must not be optional.");
    if (!traits.has("SUPPORT_UPDATES")) continue;
    if (traits.has("PASS_COLUMNS_THROUGH")) throw declaration("Signatures with updating inputs must not pass columns through.");
    if (type !== null && type.root !== "ROW") throw declaration("Table arguments that support updates must use a row type.");
  }
  if (tables.length < 2) return;
  if (tables.some(({ traits }) => !traits.has("SET_SEMANTIC_TABLE"))) {
    throw declaration("All table arguments must use set semantics if multiple table arguments are declared.");
  }
  if (tables.some(({ traits }) => traits.has("PASS_COLUMNS_THROUGH"))) {
    throw declaration("Pass-through columns are not supported if multiple table arguments are declared.");
  }
}

interface Declared {
  readonly fn: FunctionLike;
  readonly hint: ProcessFunctionHint;
  readonly parameters: readonly ProcessParameter[];
  readonly output: LogicalType;
}

/** An entry for the time of one call. */
interface Entry {
  readonly name: string;
  /** What `eval` gets. */
  load(): unknown;
  /** Writes back what it got, as it is now. */
  store(value: unknown): void;
  clear(): void;
  /** Cleared since `load`: nothing is to be written back. */
  cleared: boolean;
}

class UserProcess implements ProcessImplementation {
  private readonly instance: ProcessTableFunction;
  private readonly entries: readonly Entry[];
  private readonly scalars: readonly unknown[];
  private readonly toRows: ReadonlyMap<number, (row: InternalRow) => Row>;
  private readonly context: ProcessTableOnTimerContext;
  private firing: string | null = null;
  readonly onTimer?: (name: string | null) => void;

  constructor(name: string, { fn, hint, parameters, output }: Declared, work: ProcessWork, host: ProcessHost) {
    this.instance = opened<ProcessTableFunction>(fn, host.context);
    this.entries = (hint.state ?? []).map((state) => entryOf(state, host));
    const tables = new Map<number, (row: InternalRow) => Row>();
    const args = parameters.map((parameter, i): unknown => {
      const given = work.args[i];
      if (given?.kind === "table") tables.set(i, rowReader(given, parameter.type, host));
      if (given?.kind === "descriptor") return given.columns;
      const value = work.scalars[i];
      const convert = parameter.type === null || value === null || given?.kind !== "scalar" ? null : toExternal(parameter.type);
      return convert === null ? value : convert(value);
    });
    this.scalars = args;
    this.toRows = new Map([...tables].map(([i, read]) => [(work.args[i] as TableGiven).input, read]));
    this.positions = new Map([...tables.keys()].map((i) => [(work.args[i] as TableGiven).input, i]));
    this.instance.setCollector(collectorOf(name, output, work.changelog, host));
    this.context = this.contextOf(parameters, work, host);
    if (this.instance.onTimer !== undefined) this.onTimer = (timer) => this.fire(timer);
  }

  private readonly positions: ReadonlyMap<number, number>;

  processRow(input: number, row: InternalRow): void {
    const args = [...this.scalars];
    if (input >= 0) args[this.positions.get(input)!] = this.toRows.get(input)!(row);
    this.call("eval", args);
  }

  private fire(timer: string | null): void {
    this.firing = timer;
    this.call("onTimer", []);
    this.firing = null;
  }

  private call(method: "eval" | "onTimer", args: readonly unknown[]): void {
    const states = this.entries.map((entry) => entry.load());
    (this.instance as unknown as Record<string, (...args: unknown[]) => void>)[method](this.context, ...states, ...args);
    this.entries.forEach((entry, i) => {
      if (!entry.cleared) entry.store(states[i]);
    });
  }

  private contextOf(parameters: readonly ProcessParameter[], work: ProcessWork, host: ProcessHost): ProcessTableOnTimerContext {
    const clearAllState = (): void => {
      for (const entry of this.entries) clearEntry(entry);
    };
    const clearAllTimers = (): void => host.timers?.clearAll();
    const time = {
      time: () => host.time(),
      currentWatermark: () => host.watermark(),
      tableWatermark: () => host.watermark(),
      registerOnTime: (nameOrTime: string | number, timeMs?: number) => {
        const timers = host.timers ?? noTimers();
        if (typeof nameOrTime === "string") timers.register(nameOrTime, requireTime(timeMs));
        else timers.register(null, requireTime(nameOrTime));
      },
      clearTimer: (nameOrTime: string | number) => {
        if (typeof nameOrTime === "string") host.timers?.clearNamed(nameOrTime);
        else host.timers?.clearUnnamed(nameOrTime);
      },
      clearAllTimers,
    };
    return {
      timeContext: () => time,
      tableSemanticsFor: (argument) => semanticsOf(argument, parameters, work),
      clearState: (state) => {
        const entry = this.entries.find(({ name }) => name === state);
        if (entry === undefined) throw unknownName("PTF_STATE", "state entry", state, this.entries);
        clearEntry(entry);
      },
      clearAllState,
      clearAllTimers,
      clearAll: () => {
        clearAllState();
        clearAllTimers();
      },
      getChangelogMode: () => ChangelogMode.of(work.changelog),
      currentTimer: () => this.firing,
    };
  }
}

function clearEntry(entry: Entry): void {
  entry.cleared = true;
  entry.clear();
}

function noTimers(): never {
  throw new Diagnostic({
    code: "PTF_TIMERS",
    phase: "runtime",
    message:
      "Timers are not supported in the current PTF declaration. Note that only PTFs that take set semantic tables support timers. Also timers are not available for advanced traits such as supporting pass-through columns or updates.",
  });
}

function requireTime(timeMs: number | undefined): number {
  if (typeof timeMs === "number" && !Number.isNaN(timeMs)) return timeMs;
  throw new Diagnostic({ code: "PTF_TIMERS", phase: "runtime", message: "A timer needs a time in ms.", found: String(timeMs) });
}

function unknownName(code: string, what: string, name: string, known: readonly { readonly name: string }[]): Diagnostic {
  const names = known.map((each) => each.name).join(", ");
  return new Diagnostic({ code, phase: "runtime", message: `There is no ${what} '${name}'.`, found: name, expected: names });
}

function semanticsOf(argument: string, parameters: readonly ProcessParameter[], work: ProcessWork): TableSemantics {
  const at = parameters.findIndex(({ name }) => name === argument);
  const given = work.args[at];
  if (given?.kind !== "table")
    throw unknownName(
      "PTF_ARGUMENT",
      "table argument",
      argument,
      parameters.filter(({ kind }) => kind === "table"),
    );
  return {
    dataType: () => new DataType(parameters[at].type ?? rowTypeOf(given.columns)),
    partitionByColumns: () => given.partition,
    orderByColumns: () => given.order.map(({ field }) => field),
    timeColumn: () => given.timeField,
    changelogMode: () => ChangelogMode.of(work.inputKinds[given.input]),
  };
}

/** Fields are cast to the declared row by position; the names are the declared ones then. */
function rowReader({ columns }: TableGiven, type: LogicalType | null, host: ProcessHost): (row: InternalRow) => Row {
  const fields = type?.fields ?? columns;
  const converts = columns.map((column, i): ((row: InternalRow) => unknown) => {
    const cast = type === null ? null : interpretExpression(castTo(inputRef(i, column.type), fields[i].type), host.context);
    const external: Convert | null = toExternal(fields[i].type);
    return (row) => {
      const value = cast === null ? row[i + FIELD_OFFSET] : cast(row);
      return value === null || external === null ? value : external(value);
    };
  });
  const names = fields.map(({ name }) => name);
  if (type?.root === "STRUCTURED") {
    return (row) => Object.fromEntries(converts.map((convert, i) => [names[i], convert(row)])) as unknown as Row;
  }
  return (row) =>
    new Row(
      kindOf(row),
      converts.map((convert) => convert(row)),
      names,
    );
}

/** True when a table of these columns can be given for the declared row. */
export function fitsRow(type: LogicalType, columns: readonly { readonly type: LogicalType }[]): boolean {
  const { fields = [] } = type;
  return fields.length === columns.length && fields.every((field, i) => castsImplicitly(columns[i].type, field.type));
}

function collectorOf(name: string, output: LogicalType, changelog: ProcessChangelog, host: ProcessHost): (value: unknown) => void {
  const type = withNullable(tableFunctionRow(output), false);
  const isRow = output.root === "ROW" || output.root === "STRUCTURED";
  const toRow = isRow ? toInternal(type, `a row of ${name}`) : toInternal(output, `a row of ${name}`);
  return (value) => {
    const values = isRow ? (toRow(value) as unknown[]) : [toRow(value instanceof Row ? value.getField(0) : value)];
    const kind = value instanceof Row ? (value.getKind().toByteValue() as 0 | 1 | 2 | 3) : INSERT;
    if ((changelog === "insert" && kind !== INSERT) || (changelog === "upsert" && kind === UPDATE_BEFORE)) {
      const expected = changelog === "insert" ? "[INSERT]" : "[INSERT, UPDATE_AFTER, DELETE]";
      throw new Diagnostic({
        code: "PTF_ROW_KIND",
        phase: "runtime",
        message: `Invalid row kind received: ${(value as Row).getKind()}. Expected produced changelog mode: ${expected}`,
        hint: "getChangelogMode() says which kinds of rows a function gives.",
      });
    }
    host.collect(kind, values);
  };
}

// ---- state ----

type Layout =
  | { readonly kind: "object"; readonly initial: () => unknown }
  | { readonly kind: "row"; readonly type: LogicalType }
  | { readonly kind: "list"; readonly element: LogicalType }
  | { readonly kind: "map"; readonly key: LogicalType; readonly value: LogicalType };

/** How an entry is kept. Throws Diagnostic PTF_DECLARATION when its hint makes no sense. */
function layoutOf({ name, type: given, view = false, initial, ttl }: StateHint): {
  readonly layout: Layout;
  readonly ttlMs: number | null;
} {
  const ttlMs = ttl === undefined ? null : durationMs(ttl);
  if (ttl !== undefined && ttlMs === null)
    throw declaration(`Invalid TTL duration '${ttl}' of state entry '${name}'.`, { expected: "1 h" });
  const type = given === undefined ? null : logicalTypeOf(given);
  if (type === null && initial !== undefined && !view) return { layout: { kind: "object", initial }, ttlMs };
  if (type?.root === "ROW" && !view) return { layout: { kind: "row", type }, ttlMs };
  if (type?.root === "ARRAY" && view) return { layout: { kind: "list", element: type.element! }, ttlMs };
  if (type?.root === "MAP" && view) return { layout: { kind: "map", key: type.key!, value: type.value! }, ttlMs };
  throw declaration(
    type === null
      ? `State entry '${name}' says neither its type nor how it begins.`
      : `Invalid data type ${typeSummary(type)} of state entry '${name}'.`,
    { expected: `initial: () => ({ count: 0 }), or type: "ROW<count BIGINT>", or type: "ARRAY<…>" or "MAP<…>" with view: true` },
  );
}

function entryOf(hint: StateHint, host: ProcessHost): Entry {
  const { layout, ttlMs } = layoutOf(hint);
  const { name } = hint;
  if (layout.kind === "list") {
    const state = host.listState(name, ttlMs);
    return viewEntry(name, listView(state, layout.element, name), state);
  }
  if (layout.kind === "map") {
    const state = host.mapState(name, ttlMs);
    return viewEntry(name, mapView(state, layout.key, layout.value, name), state);
  }
  const kept = host.valueState<unknown>(name, ttlMs);
  if (layout.kind === "object") {
    return valueEntry(
      name,
      kept,
      (stored) => stored ?? layout.initial(),
      (value) => value,
    );
  }
  const { type } = layout;
  const external = toExternal(type)!;
  const internal = toInternal(type, `state ${hint.name}`);
  const names = type.fields!.map(({ name }) => name);
  const load = (stored: unknown): unknown =>
    stored === null
      ? new Row(
          INSERT,
          names.map((): unknown => null),
          [...names],
        )
      : external(stored);
  const store = (value: unknown): unknown => {
    const values = internal(value) as unknown[];
    return values.every((field) => field === null) ? null : values;
  };
  return valueEntry(name, kept, load, store);
}

function valueEntry(
  name: string,
  state: ReturnType<ProcessHost["valueState"]>,
  load: (stored: unknown) => unknown,
  store: (value: unknown) => unknown,
): Entry {
  const entry: Entry = {
    name,
    cleared: false,
    load: () => {
      entry.cleared = false;
      return load(state.value());
    },
    store: (value) => {
      const stored = store(value);
      if (stored === null) state.clear();
      else state.update(stored);
    },
    clear: () => state.clear(),
  };
  return entry;
}

/** Views write as they go. */
function viewEntry(name: string, view: unknown, state: { clear(): void }): Entry {
  return { name, cleared: true, load: () => view, store: () => undefined, clear: () => state.clear() };
}
