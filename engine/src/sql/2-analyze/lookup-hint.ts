/**
 * The hint LOOKUP('table' = 'd', …) of a SELECT: how the join with table `d` asks it. Read and refused in Flink's words (`LookupJoinHintSpec`, `FlinkHintStrategies`).
 * Options that Flink does not know are left alone, as there.
 */
import type { Hint, HintArgument, Identifier, QueryBody, SelectQuery, TableRef } from "../1-parse/ast.ts";
import { SqlError, type SqlErrorDetails } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { durationMs } from "../catalog/duration.ts";
import type { QueryContext } from "./query-context.ts";

/** What a hint says; null = nothing. */
export interface LookupHint {
  readonly async: boolean | null;
  readonly ordered: boolean | null;
  readonly capacity: number | null;
  readonly timeoutMs: number | null;
  /** While nothing is found; `maxAttempts` without the first question. */
  readonly retry: { readonly fixedDelayMs: number; readonly maxAttempts: number } | null;
  readonly shuffle: boolean;
}

const RETRY_KEYS = ["retry-predicate", "retry-strategy", "fixed-delay", "max-attempts"];
const KEYS = ["table", "async", "output-mode", "capacity", "timeout", "shuffle", ...RETRY_KEYS];

function isLookup({ name }: Hint): boolean {
  return name.name.toUpperCase() === "LOOKUP";
}

/** The hints of a SELECT that are about the table of this name, or alias. */
export function lookupHintsFor(hints: readonly Hint[], table: string): Hint[] {
  return hints.filter((hint) => isLookup(hint) && hint.args.some(({ key, value }) => key === "table" && value === table));
}

/**
 * Hints are whole, and each names a table that the query reads, be it in a subquery, where it has no effect, or in a view, into which nobody looks here.
 * Throws SqlError.
 */
export function checkLookupHints({ hints, from }: SelectQuery, { catalog, commonTables }: QueryContext): void {
  const lookups = hints.filter(isLookup);
  if (lookups.length === 0) return;
  for (const hint of lookups) lookupHintOf(hint);
  const tables = from === null ? [] : tablesOf(from);
  const isQuery = (path: readonly Identifier[]): boolean =>
    (path.length === 1 && commonTables.has(path[0].name)) || catalog.find(path.map(({ name }) => name))?.kind === "view";
  if (tables.some(({ path }) => isQuery(path))) return;
  const names = tables.map(aliasOf);
  const wrong = lookups.filter((hint) => !names.includes(tableOf(hint)));
  if (wrong.length === 0) return;
  const found = wrong.map((hint) => `\`${tableOf(hint)}\` in \`LOOKUP\``).join(", ");
  throw new SqlError(
    "validate",
    "SQL_HINT",
    `The options of following hints cannot match the name of input tables or views: \n${found}`,
    wrong[0].span,
    { found: tableOf(wrong[0]), hint: nameHint(tableOf(wrong[0]), names, "tables, by their aliases") },
  );
}

type NamedTable = Extract<TableRef, { kind: "table" }>;

/** Tables of the query and of the queries in its FROM. */
function tablesOf(ref: TableRef): NamedTable[] {
  switch (ref.kind) {
    case "table":
      return [ref];
    case "join":
      return [...tablesOf(ref.left), ...tablesOf(ref.right)];
    case "derived":
      return tablesOfQuery(ref.query);
    default:
      return "input" in ref ? tablesOf(ref.input) : [];
  }
}

function tablesOfQuery(query: QueryBody): NamedTable[] {
  switch (query.kind) {
    case "query":
      return tablesOfQuery(query.body);
    case "set":
      return [...tablesOfQuery(query.left), ...tablesOfQuery(query.right)];
    case "select":
      return query.from === null ? [] : tablesOf(query.from);
    case "values":
      return [];
  }
}

function aliasOf({ alias, path }: NamedTable): string {
  return alias?.name.name ?? path[path.length - 1].name;
}

function tableOf({ args }: Hint): string {
  return args.find(({ key }) => key === "table")?.value ?? "";
}

/** Throws SqlError. */
export function lookupHintOf(hint: Hint): LookupHint {
  const refuse = (message: string, argument: HintArgument | undefined, details: SqlErrorDetails = {}): SqlError =>
    new SqlError("validate", "SQL_HINT", message, argument?.span ?? hint.span, details);
  const list = hint.args.find(({ key }) => key === null);
  if (list !== undefined)
    throw refuse("Invalid list options in LOOKUP hint, only support key-value options.", list, {
      found: list.value,
      expected: "LOOKUP('table' = 'd', 'async' = 'true', …)",
    });
  const argumentOf = (name: string): HintArgument | undefined => hint.args.find(({ key }) => key === name);
  if (argumentOf("table") === undefined) {
    const keys = hint.args.map(({ key }) => key!);
    throw refuse("Invalid LOOKUP hint: incomplete required option(s): [Key: 'table' , default: null (fallback keys: [])]", undefined, {
      expected: "'table' = the name or alias of the table that is looked up in",
      ...(keys.length === 0 ? {} : { hint: nameHint(keys.find((key) => !KEYS.includes(key)) ?? "", KEYS, "options") }),
    });
  }
  const read = <T>(name: string, parse: (value: string) => T | null, expected: string): T | null => {
    const argument = argumentOf(name);
    if (argument === undefined) return null;
    const value = parse(argument.value.trim());
    if (value !== null) return value;
    throw refuse(`Invalid LOOKUP hint options: Could not parse value '${argument.value}' for key '${name}'.`, argument, {
      found: argument.value,
      expected,
    });
  };
  const flag = (name: string) => read(name, (value) => FLAGS.get(value.toLowerCase()) ?? null, "'true' or 'false'");
  const whole = (name: string) => read(name, (value) => (/^[+-]?\d+$/.test(value) ? Number(value) : null), "a whole number");
  const duration = (name: string) => read(name, durationMs, "a duration such as '10 s', '5 min' or '1 h'");
  const async = flag("async");
  const mode = read("output-mode", (value) => MODES.get(value.toUpperCase()) ?? null, "'ordered' or 'allow_unordered'");
  const capacity = whole("capacity");
  const timeoutMs = duration("timeout");
  const shuffle = flag("shuffle") === true;
  read("retry-strategy", (value) => (value.toUpperCase() === "FIXED_DELAY" ? value : null), "'fixed_delay'");
  const [fixedDelayMs, maxAttempts] = [duration("fixed-delay"), whole("max-attempts")];
  const missing = RETRY_KEYS.filter((name) => argumentOf(name) === undefined);
  if (missing.length > 0 && missing.length < RETRY_KEYS.length)
    throw refuse("Invalid LOOKUP hint: retry options can be both null or all not null", undefined, {
      expected: missing.map((name) => `'${name}' = '…'`).join(", "),
    });
  const predicate = argumentOf("retry-predicate");
  if (predicate !== undefined && predicate.value.toLowerCase() !== "lookup_miss")
    throw refuse(
      `Invalid LOOKUP hint option: unsupported retry-predicate '${predicate.value}', only 'lookup_miss' is supported currently`,
      predicate,
      { found: predicate.value, expected: "'lookup_miss'" },
    );
  if (maxAttempts !== null && maxAttempts < 1)
    throw refuse(
      `Invalid LOOKUP hint option: max-attempts value should be positive integer but was ${maxAttempts}`,
      argumentOf("max-attempts"),
      {
        found: String(maxAttempts),
        expected: "1 or more",
      },
    );
  const retry = fixedDelayMs === null || maxAttempts === null ? null : { fixedDelayMs, maxAttempts };
  return { async, ordered: mode, capacity, timeoutMs, retry, shuffle };
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/** Whether rows keep their order. */
const MODES: ReadonlyMap<string, boolean> = new Map([
  ["ORDERED", true],
  ["ALLOW_UNORDERED", false],
]);
