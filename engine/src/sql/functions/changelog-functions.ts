/**
 * TO_CHANGELOG and FROM_CHANGELOG: a table's changes as plain rows with an operation in a column, and back. (Flink: docs/sql/reference/queries/changelog;
 * `ToChangelogFunction`, `FromChangelogFunction`)
 */
import { mapOf, STRING, typeSummary } from "../../types/logical-type.ts";
import { FIELD_OFFSET, fieldsOf, kindOf } from "../../types/row.ts";
import { INSERT, type RowKind } from "../../types/row-kind.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { RelColumn } from "../2-analyze/rel.ts";
import type { Rex } from "../2-analyze/rex.ts";
import type { ProcessArgument, ProcessFunction, ProcessParameter, TableGiven, TableTrait } from "./process-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

/** By their numbers. */
const KINDS = ["INSERT", "UPDATE_BEFORE", "UPDATE_AFTER", "DELETE"] as const;
/** In the order of Flink's messages. */
const VALID = "[INSERT, DELETE, UPDATE_BEFORE, UPDATE_AFTER]";

const OP = 1;
const MAPPING = 2;

function parameters(traits: readonly TableTrait[]): readonly ProcessParameter[] {
  const none: ReadonlySet<TableTrait> = new Set();
  return [
    { name: "input", kind: "table", traits: new Set(traits), type: null, optional: false },
    { name: "op", kind: "descriptor", traits: none, type: null, optional: true },
    { name: "op_mapping", kind: "scalar", traits: none, type: mapOf(STRING, STRING), optional: true },
  ];
}

function refuse(message: string, span: Span, more: { readonly expected?: string; readonly hint?: string } = {}): SqlError {
  return new SqlError("validate", "SQL_CHANGELOG_FUNCTION", message, span, more);
}

/** The column that `op` names; "op" when it is left out. */
function opName(args: readonly ProcessArgument[]): string {
  const given = args[OP];
  if (given?.kind !== "descriptor") return "op";
  if (given.columns.length === 1) return given.columns[0];
  throw refuse("The descriptor for argument 'op' must contain exactly one column name.", given.span, { expected: "DESCRIPTOR(name)" });
}

/** The texts of a constant map; null = none is given. */
function mappingOf(
  args: readonly ProcessArgument[],
): { readonly entries: readonly (readonly [string, string])[]; readonly span: Span } | null {
  const given = args[MAPPING];
  if (given?.kind !== "scalar" || isNull(given.value)) return null;
  const texts = literalTexts(given.value);
  if (texts === null || texts.length === 0) {
    throw refuse("The 'op_mapping' argument must be a constant MAP literal.", given.span, {
      expected: "MAP['INSERT', 'I', 'DELETE', 'D']",
    });
  }
  const entries = texts.flatMap((text, i) => (i % 2 === 0 ? [[text, texts[i + 1]] as const] : []));
  return { entries, span: given.span };
}

function isNull(rex: Rex): boolean {
  return rex.kind === "literal" ? rex.value === null : rex.kind === "call" && rex.fn.name === "CAST" && isNull(rex.args[0]);
}

function literalTexts(rex: Rex): string[] | null {
  if (rex.kind !== "call") return null;
  if (rex.fn.name === "CAST" && rex.type.root === "MAP") return literalTexts(rex.args[0]);
  if (rex.fn.name !== "MAP") return null;
  const texts = rex.args.map((arg) => textOf(arg));
  return texts.every((text) => text !== null) ? (texts as string[]) : null;
}

function textOf(rex: Rex): string | null {
  if (rex.kind === "literal") return typeof rex.value === "string" ? rex.value.trimEnd() : null;
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? textOf(rex.args[0]) : null;
}

function split(codes: string): string[] {
  return codes.split(",").map((code) => code.trim());
}

function invalid(text: string, span: Span, hint?: string): SqlError {
  return refuse(`Invalid target mapping for argument 'op_mapping'. ${text}`, span, hint === undefined ? {} : { hint });
}

function kindOfName(name: string, span: Span): RowKind {
  const kind = KINDS.indexOf(name as (typeof KINDS)[number]);
  if (kind < 0) throw invalid(`Unknown change operation: '${name}'. Valid values are: ${VALID}.`, span);
  return kind as RowKind;
}

function requireUnique(columns: readonly RelColumn[], span: Span): readonly RelColumn[] {
  const names = columns.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (twice.length === 0) return columns;
  throw refuse(`Field names must be unique. Found duplicates: [${twice.join(", ")}]`, span, {
    hint: "op => DESCRIPTOR(name) gives the operation's column another name.",
  });
}

// ---- TO_CHANGELOG ----

/** Per kind of row its code; null = such rows are left out. */
function codesOf(args: readonly ProcessArgument[]): readonly (string | null)[] {
  const mapping = mappingOf(args);
  if (mapping === null) return KINDS;
  const codes: (string | null)[] = [null, null, null, null];
  for (const [names, code] of mapping.entries) {
    for (const name of split(names)) {
      const kind = kindOfName(name, mapping.span);
      if (codes[kind] !== null) throw invalid(`Duplicate change operation: '${name}'.`, mapping.span);
      codes[kind] = code;
    }
  }
  return codes;
}

export const TO_CHANGELOG: ProcessFunction = {
  name: "TO_CHANGELOG",
  ownKinds: true,
  parameters: parameters(["ROW_SEMANTIC_TABLE", "SUPPORT_UPDATES", "REQUIRE_UPDATE_BEFORE", "REQUIRE_FULL_DELETE"]),
  output: (args, span) => {
    codesOf(args);
    const { columns } = args[0] as TableGiven;
    return requireUnique([{ name: opName(args), type: STRING }, ...columns], args[OP]?.span ?? span);
  },
  changelog: () => "insert",
  implement: ({ args }, host) => {
    const codes = codesOf(args);
    return {
      processRow: (_input, row) => {
        const code = codes[kindOf(row)];
        if (code !== null) host.collect(INSERT, [code, ...fieldsOf(row)]);
      },
    };
  },
};

// ---- FROM_CHANGELOG ----

/** Per code its kind of row. */
function kindsOf(args: readonly ProcessArgument[]): ReadonlyMap<string, RowKind> {
  const mapping = mappingOf(args);
  if (mapping === null) return new Map(DEFAULT_CODES.map((name) => [name, KINDS.indexOf(name) as RowKind]));
  const { entries, span } = mapping;
  const kinds = new Map<string, RowKind>();
  const named = new Set<RowKind>();
  for (const [codes, name] of entries) {
    const kind = kindOfName(name, span);
    if (named.has(kind)) {
      throw invalid(
        `Duplicate change operation: '${name}'. Use comma-separated keys to map multiple codes to the same operation (e.g., MAP['c, r', 'INSERT']).`,
        span,
      );
    }
    named.add(kind);
    for (const code of split(codes)) {
      const before = kinds.get(code);
      if (before !== undefined) {
        throw new SqlError(
          "plan",
          "SQL_CHANGELOG_FUNCTION",
          `Duplicate key ${code} (attempted merging values ${KINDS[before]} and ${name})`,
          span,
        );
      }
      kinds.set(code, kind);
    }
  }
  if (named.has(2) && !named.has(1)) {
    throw refuse(
      "The 'op_mapping' must include UPDATE_BEFORE for retract mode. Upsert mode (without UPDATE_BEFORE) is not supported in this version.",
      span,
    );
  }
  return kinds;
}

/** In the order in which Flink's hash table has them. */
const DEFAULT_CODES = ["UPDATE_AFTER", "UPDATE_BEFORE", "INSERT", "DELETE"] as const;

function opColumn(args: readonly ProcessArgument[], span: Span): number {
  const name = opName(args);
  const { columns } = args[0] as TableGiven;
  const at = columns.findIndex((column) => column.name === name);
  const place = args[OP]?.span ?? span;
  if (at < 0) throw refuse(`The op column '${name}' does not exist in the input schema.`, place);
  const { type } = columns[at];
  if (type.root === "VARCHAR" || type.root === "CHAR") return at;
  throw refuse(`The op column '${name}' must be of STRING type, but was '${typeSummary(type)}'.`, place);
}

export const FROM_CHANGELOG: ProcessFunction = {
  name: "FROM_CHANGELOG",
  ownKinds: true,
  parameters: parameters(["ROW_SEMANTIC_TABLE"]),
  output: (args, span) => {
    const at = opColumn(args, span);
    kindsOf(args);
    return (args[0] as TableGiven).columns.filter((_, i) => i !== at);
  },
  changelog: () => "retract",
  implement: ({ args }, host) => {
    const { columns, span } = args[0] as TableGiven;
    const at = opColumn(args, span);
    const kinds = kindsOf(args);
    const isFixed = columns[at].type.root === "CHAR";
    return {
      processRow: (_input, row) => {
        const code = row[at + FIELD_OFFSET] as string | null;
        if (code === null) {
          throw new SqlRuntimeError("SQL_CHANGELOG_CODE", "Received NULL op code. Every changelog row must carry an operation code.");
        }
        const kind = kinds.get(isFixed ? code.trimEnd() : code);
        if (kind === undefined) {
          const known = [...kinds.keys()].join(", ");
          throw new SqlRuntimeError("SQL_CHANGELOG_CODE", `Received invalid op code '${code}'. Defined op codes are: [${known}].`);
        }
        const values = fieldsOf(row);
        values.splice(at, 1);
        host.collect(kind, values);
      },
    };
  },
};

/** By their names. */
export const PROCESS_FUNCTIONS: ReadonlyMap<string, ProcessFunction> = new Map([TO_CHANGELOG, FROM_CHANGELOG].map((fn) => [fn.name, fn]));
