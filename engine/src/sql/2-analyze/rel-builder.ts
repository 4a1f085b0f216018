/** Small constructors of relational nodes that derive the output columns. */
import { type LogicalType, timestampLtzOf, timestampOf, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { Filter, Join, Project, Rel, RelColumn, WindowTvf } from "./rel.ts";
import { inputRef, type Rex } from "./rex.ts";

export function project(input: Rel, exprs: readonly Rex[], names: readonly string[]): Project {
  return { kind: "project", input, exprs, columns: exprs.map((expr, i) => ({ name: names[i], type: expr.type })) };
}

export function filter(input: Rel, condition: Rex): Filter {
  return { kind: "filter", input, condition, columns: input.columns };
}

/** References to all fields, as a start for a projection. */
export function allFields(input: Rel): Rex[] {
  return input.columns.map((column, i) => inputRef(i, column.type));
}

/** TIMESTAMP(3) or TIMESTAMP_LTZ(3) after the time column. */
export function windowBoundType(time: LogicalType): LogicalType {
  return withNullable(
    time.root === "TIMESTAMP_LTZ" && time.timeAttribute !== "PROCTIME"
      ? timestampLtzOf(3)
      : time.timeAttribute === "PROCTIME"
        ? timestampOf(3)
        : timestampOf(3),
    false,
  );
}

export function windowTvf(input: Rel, spec: WindowTvf["spec"], timeField: number): WindowTvf {
  const time = input.columns[timeField].type;
  const timeAttribute = time.timeAttribute!;
  const bound = windowBoundType(time);
  const windowTime: LogicalType = { ...withNullable(withoutTimeAttribute(time), false), timeAttribute };
  const columns: RelColumn[] = [
    ...input.columns,
    { name: "window_start", type: timestampOf(3) },
    { name: "window_end", type: timestampOf(3) },
    { name: "window_time", type: windowTime },
  ].map((column, i) => (i < input.columns.length || i === input.columns.length + 2 ? column : { ...column, type: bound }));
  return { kind: "windowTvf", input, spec, timeField, timeAttribute, columns };
}

export function join(left: Rel, right: Rel, type: Join["type"], condition: Rex, span: Join["span"], asOf: number | null = null): Join {
  const nullable = (columns: readonly RelColumn[], yes: boolean): RelColumn[] =>
    columns.map((column) => (yes ? { ...column, type: withNullable(column.type, true) } : column));
  const leftColumns = nullable(left.columns, type === "right" || type === "full");
  const columns =
    type === "semi" || type === "anti" ? left.columns : [...leftColumns, ...nullable(right.columns, type === "left" || type === "full")];
  return { kind: "join", type, left, right, condition, asOf, columns, span };
}
