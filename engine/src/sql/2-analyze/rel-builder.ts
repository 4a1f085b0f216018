/** Small constructors of relational nodes that derive the output columns. */
import { type LogicalType, timestampLtzOf, timestampOf, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { Filter, Join, Project, Rel, RelColumn, WindowTvf } from "./rel.ts";
import { inputRef, isIdentity, type Rex } from "./rex.ts";

export function project(input: Rel, exprs: readonly Rex[], names: readonly string[], variable: number | null = null): Project {
  return {
    kind: "project",
    input,
    exprs,
    variable,
    hints: [],
    columns: exprs.map((expr, i) => ({ name: names[i], type: expr.type })),
  };
}

/** A projection, unless it would change neither fields nor names. */
export function projectUnlessSame(input: Rel, exprs: readonly Rex[], names: readonly string[]): Rel {
  const same = isIdentity(exprs, input.columns.length) && names.every((name, i) => name === input.columns[i].name);
  return same ? input : project(input, exprs, names);
}

export function filter(input: Rel, condition: Rex, variable: number | null = null): Filter {
  return { kind: "filter", input, condition, variable, columns: input.columns };
}

/** References to all fields, as a start for a projection. */
export function allFields(input: Rel): Rex[] {
  return input.columns.map((column, i) => inputRef(i, column.type));
}

export function namesOf(rel: { readonly columns: readonly RelColumn[] }): string[] {
  return rel.columns.map((column) => column.name);
}

/** A name that is taken gets the first number that makes it free, as in Calcite. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 0; taken.has(unique); i++) unique = `${name}${i}`;
    taken.add(unique);
    return unique;
  });
}

/** Type of window_start and window_end: TIMESTAMP(3), whatever the time column is. */
export function windowBoundType(): LogicalType {
  return withNullable(timestampOf(3), false);
}

/** window_time and its kin: a time attribute again. */
export function windowTimeType(time: LogicalType): LogicalType {
  const { timeAttribute } = time;
  const plain = time.root === "TIMESTAMP_LTZ" ? timestampLtzOf(3) : withoutTimeAttribute(time);
  return { ...withNullable(plain, false), timeAttribute };
}

export function windowTvf(input: Rel, spec: WindowTvf["spec"], timeField: number, more: Pick<WindowTvf, "intervals" | "span">): WindowTvf {
  const time = input.columns[timeField].type;
  const columns: RelColumn[] = [
    ...input.columns,
    { name: "window_start", type: windowBoundType() },
    { name: "window_end", type: windowBoundType() },
    { name: "window_time", type: windowTimeType(time) },
  ];
  return { kind: "windowTvf", input, spec, timeField, timeAttribute: time.timeAttribute!, columns, ...more };
}

/** Columns of a join: those of the padded side become nullable, names that occur twice are numbered. */
export function joinColumns(left: readonly RelColumn[], right: readonly RelColumn[], type: Join["type"]): readonly RelColumn[] {
  if (type === "semi" || type === "anti") return left;
  const nullable = (columns: readonly RelColumn[], yes: boolean): readonly RelColumn[] =>
    columns.map((column) => (yes && !column.type.nullable ? { ...column, type: withNullable(column.type, true) } : column));
  const all = [...nullable(left, type === "right" || type === "full"), ...nullable(right, type === "left" || type === "full")];
  const names = uniqueNames(all.map((column) => column.name));
  return all.map((column, i) => (column.name === names[i] ? column : { ...column, name: names[i] }));
}

export interface JoinParts {
  readonly type: Join["type"];
  readonly condition: Rex;
  readonly span: Join["span"];
  readonly asOf?: number | null;
  readonly hints?: Join["hints"];
  readonly variable?: number | null;
}

export function join(left: Rel, right: Rel, { type, condition, span, asOf = null, hints = [], variable = null }: JoinParts): Join {
  return {
    kind: "join",
    type,
    left,
    right,
    condition,
    asOf,
    hints,
    variable,
    columns: joinColumns(left.columns, right.columns, type),
    span,
  };
}
