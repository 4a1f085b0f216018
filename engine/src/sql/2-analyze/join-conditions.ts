/**
 * What Calcite does to a join's condition when it makes the join: an operand of an equality that is no plain column is computed below,
 * as a further column of its side, so that the join compares columns. The projection above takes the extra columns away.
 */
import type { Rel } from "./rel.ts";
import { join, type JoinParts, namesOf, project } from "./rel-builder.ts";
import { conjuncts, inputRef, inputsOf, type Rex, shiftInputs } from "./rex.ts";
import { andOf } from "./bind-expression.ts";

/** Comparisons whose operands move below the join. */
const COMPARISONS: ReadonlySet<string> = new Set(["=", "<", "<=", ">", ">=", "<>", "IS NOT DISTINCT FROM"]);

export function pushedJoin(left: Rel, right: Rel, parts: JoinParts): Rel {
  const leftWidth = left.columns.length;
  const rightWidth = right.columns.length;
  const leftExtra: Rex[] = [];
  const rightExtra: Rex[] = [];
  const sideOf = (rex: Rex): "left" | "right" | null => {
    if (rex.kind === "input" || rex.kind === "literal") return null;
    const fields = [...inputsOf(rex)];
    if (fields.length === 0) return null;
    if (fields.every((field) => field < leftWidth)) return "left";
    return fields.every((field) => field >= leftWidth) ? "right" : null;
  };
  const sidesOf = (rex: Rex): Set<string> => new Set([...inputsOf(rex)].map((field) => (field < leftWidth ? "left" : "right")));
  const pushed = conjuncts(parts.condition).map((part): { part: Rex; places: readonly ("left" | "right" | null)[] } => {
    if (
      part.kind !== "call" ||
      !COMPARISONS.has(part.fn.name) ||
      part.args.length !== 2 ||
      sidesOf(part).size !== 2 ||
      part.fn.name !== "="
    )
      return { part, places: [] };
    const places = part.args.map(sideOf);
    part.args.forEach((arg, i) => {
      if (places[i] === "left") leftExtra.push(arg);
      else if (places[i] === "right") rightExtra.push(shiftInputs(arg, -leftWidth));
    });
    return { part, places };
  });
  if (leftExtra.length === 0 && rightExtra.length === 0) return join(left, right, parts);
  const by = leftExtra.length;
  const moved = (rex: Rex): Rex => substituteFrom(rex, leftWidth, by);
  let nextLeft = 0;
  let nextRight = 0;
  const conditions = pushed.map(({ part, places }) => {
    if (part.kind !== "call" || places.length === 0) return moved(part);
    const args = part.args.map((arg, i): Rex => {
      if (places[i] === "left") return inputRef(leftWidth + nextLeft++, arg.type);
      if (places[i] === "right") return inputRef(leftWidth + by + rightWidth + nextRight++, arg.type);
      return moved(arg);
    });
    return { ...part, args };
  });
  const joined = join(extended(left, leftExtra), extended(right, rightExtra), { ...parts, condition: andOf(conditions) });
  const kept = joined.columns.flatMap((column, i) => {
    const isLeft = i < leftWidth;
    const isRight = i >= leftWidth + by && i < leftWidth + by + rightWidth;
    return isLeft || isRight ? [{ rex: inputRef(i, column.type), name: column.name }] : [];
  });
  if (parts.type === "semi" || parts.type === "anti") {
    return project(
      joined,
      kept.slice(0, leftWidth).map(({ rex }) => rex),
      namesOf(left),
    );
  }
  return project(
    joined,
    kept.map(({ rex }) => rex),
    kept.map(({ name }) => name),
  );
}

function substituteFrom(rex: Rex, from: number, by: number): Rex {
  const shift = (part: Rex): Rex => {
    if (part.kind === "input") return part.index >= from ? inputRef(part.index + by, part.type) : part;
    if (part.kind === "call") return { ...part, args: part.args.map(shift) };
    if (part.kind === "subquery") return { ...part, operands: part.operands.map(shift) };
    return part;
  };
  return shift(rex);
}

function extended(rel: Rel, extra: readonly Rex[]): Rel {
  if (extra.length === 0) return rel;
  const names = namesOf(rel);
  extra.forEach((rex, i) => {
    // A cast column keeps its name.
    const column =
      rex.kind === "call" && rex.fn.name === "CAST" && rex.args[0].kind === "input" ? rel.columns[rex.args[0].index].name : null;
    let name = column ?? `$f${rel.columns.length + i}`;
    for (let n = 0; names.includes(name); n++) name = `${column ?? "$f"}${n}`;
    names.push(name);
  });
  // A cast that is a column can be seen.
  const shown = extra.map((rex): Rex => (rex.kind === "call" && rex.options.implicit === true ? { ...rex, options: {} } : rex));
  return project(rel, [...rel.columns.map((column, i) => inputRef(i, column.type)), ...shown], names);
}
