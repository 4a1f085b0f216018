/**
 * Pulling correlated conditions out of a query, so that a semi join can ask them (Flink's `SubQueryDecorrelator`): conjuncts that read
 * `$cor<id>` leave their filter and become conditions over the query's own fields. Projections on the way give the fields that such a
 * condition needs; an aggregation gets them as further keys, where the conditions are equalities with them. What else reads the variable
 * goes the way of `decorrelate.ts`.
 */
import { andOf } from "../2-analyze/bind-expression.ts";
import { inputsOfRel, type Aggregate, type Rel } from "../2-analyze/rel.ts";
import { filter, join, namesOf, project } from "../2-analyze/rel-builder.ts";
import { conjuncts, contains, hasSubquery, inputRef, mapLeaves, partsOf, type Rex, type RexCorrel } from "../2-analyze/rex.ts";

export interface PulledConditions {
  readonly rel: Rel;
  /** Over the fields of `rel` and `$cor<id>`. */
  readonly conditions: readonly Rex[];
}

function uses(rex: Rex, id: number): boolean {
  return contains(
    rex,
    (part) => (part.kind === "correl" && part.id === id) || (part.kind === "subquery" && readsCorrelation(part.rel, id)),
  );
}

/** Whether any expression below reads the variable. */
export function readsCorrelation(rel: Rel, id: number): boolean {
  return expressionsOf(rel).some((rex) => uses(rex, id)) || inputsOfRel(rel).some((input) => readsCorrelation(input, id));
}

/** Every place below that reads the variable. */
export function* correlationsIn(rel: Rel, id: number): Generator<RexCorrel> {
  for (const rex of expressionsOf(rel))
    for (const part of partsOf(rex)) {
      if (part.kind === "correl" && part.id === id) yield part;
      if (part.kind === "subquery") yield* correlationsIn(part.rel, id);
    }
  for (const input of inputsOfRel(rel)) yield* correlationsIn(input, id);
}

/** Whether a variable is read that no node below gives. */
export function readsFurtherOut(rel: Rel): boolean {
  const given = new Set<number>();
  const read = new Set<number>();
  const visit = (node: Rel): void => {
    if (node.kind === "correlate") given.add(node.id);
    else if ("variable" in node && node.variable !== null && node.variable !== undefined) given.add(node.variable);
    for (const rex of expressionsOf(node))
      for (const part of partsOf(rex)) {
        if (part.kind === "correl") read.add(part.id);
        if (part.kind === "subquery") visit(part.rel);
      }
    inputsOfRel(node).forEach(visit);
  };
  visit(rel);
  return [...read].some((id) => !given.has(id));
}

/** The first correlation variable that is still read, null when there is none. */
export function remainingCorrelation(rel: Rel): number | null {
  for (const rex of expressionsOf(rel)) for (const part of partsOf(rex)) if (part.kind === "correl") return part.id;
  for (const input of inputsOfRel(rel)) {
    const found = remainingCorrelation(input);
    if (found !== null) return found;
  }
  return null;
}

export function expressionsOf(rel: Rel): readonly Rex[] {
  switch (rel.kind) {
    case "filter":
    case "join":
      return [rel.condition];
    case "project":
      return rel.exprs;
    case "values":
      return rel.rows.flat();
    case "snapshot":
      return [rel.period];
    case "expand":
      return rel.projects.flat();
    case "unnest":
      return rel.condition === null ? [rel.collection] : [rel.collection, rel.condition];
    default:
      return [];
  }
}

/** null when the variable is read where it cannot be pulled out of. @param id null = nothing is correlated */
export function pullConditions(rel: Rel, id: number | null): PulledConditions | null {
  if (id === null || !readsCorrelation(rel, id)) return { rel, conditions: [] };
  switch (rel.kind) {
    case "filter": {
      const below = pullConditions(rel.input, id);
      if (below === null) return null;
      const parts = conjuncts(rel.condition);
      const mine = parts.filter((part) => uses(part, id));
      if (mine.some((part) => hasSubquery(part) || isAlternative(part))) return null;
      const rest = parts.filter((part) => !uses(part, id));
      const input = rest.length === 0 ? below.rel : filter(below.rel, andOf(rest), rel.variable);
      return { rel: input, conditions: [...below.conditions, ...mine] };
    }
    case "project": {
      const below = pullConditions(rel.input, id);
      if (below === null || rel.exprs.some((expr) => uses(expr, id))) return null;
      const exprs = [...rel.exprs];
      const names = namesOf(rel);
      const fieldOf = (index: number): number => {
        const known = exprs.findIndex((expr) => expr.kind === "input" && expr.index === index);
        if (known >= 0) return known;
        names.push(below.rel.columns[index].name);
        return exprs.push(inputRef(index, below.rel.columns[index].type)) - 1;
      };
      const conditions = below.conditions.map((condition) => overFields(condition, fieldOf));
      return { rel: project(below.rel, exprs, names, rel.variable), conditions };
    }
    case "aggregate":
      return rel.sets === null ? pullThroughAggregate(rel, id) : null;
    case "sort": {
      // Flink lets the condition out of a LIMIT: the rows are counted before it is asked.
      const below = pullConditions(rel.input, id);
      return below === null ? null : { ...below, rel: { ...rel, input: below.rel, columns: below.rel.columns } };
    }
    case "join": {
      if (rel.type !== "inner" || rel.asOf !== null || uses(rel.condition, id)) return null;
      const left = pullConditions(rel.left, id);
      const right = pullConditions(rel.right, id);
      if (left === null || right === null) return null;
      // Both sides give more fields than before behind their own.
      const [width, wider] = [rel.left.columns.length, left.rel.columns.length];
      const moved = (index: number): number => (index < width ? index : index - width + wider);
      const condition = overFields(rel.condition, moved);
      const joined = join(left.rel, right.rel, { type: "inner", condition, span: rel.span, hints: rel.hints });
      const added = [...left.conditions, ...right.conditions.map((part) => overFields(part, (index) => index + wider))];
      if (joined.columns.length === rel.columns.length) return { rel: joined, conditions: added };
      const order = [
        ...rel.columns.map((_, i) => moved(i)),
        ...joined.columns.map((_, i) => i).filter((i) => !isMoved(i, width, wider, rel)),
      ];
      const exprs = order.map((field) => inputRef(field, joined.columns[field].type));
      const narrowed = project(
        joined,
        exprs,
        order.map((field) => joined.columns[field].name),
      );
      return { rel: narrowed, conditions: added.map((part) => overFields(part, (index) => order.indexOf(index))) };
    }
    case "watermarkAssigner":
    case "snapshot": {
      const below = pullConditions(rel.input, id);
      return below === null ? null : { ...below, rel: { ...rel, input: below.rel } };
    }
    default:
      return null;
  }
}

function isAlternative(part: Rex): boolean {
  return contains(part, (inner) => inner.kind === "call" && inner.fn.name === "OR");
}

function isMoved(field: number, width: number, wider: number, rel: Rel): boolean {
  return field < width || (field >= wider && field < wider + rel.columns.length - width);
}

function overFields(condition: Rex, fieldOf: (index: number) => number): Rex {
  return mapLeaves(condition, (leaf) => (leaf.kind === "input" ? inputRef(fieldOf(leaf.index), leaf.type) : leaf));
}

function pullThroughAggregate(rel: Aggregate, id: number): PulledConditions | null {
  const below = pullConditions(rel.input, id);
  if (below === null || !below.conditions.every(isEqualityWithField)) return null;
  const keys = [...rel.keys];
  for (const condition of below.conditions)
    for (const part of partsOf(condition)) if (part.kind === "input" && !keys.includes(part.index)) keys.push(part.index);
  const calls = rel.calls.map(({ name, type }, i) => ({ name: name ?? `$f${keys.length + i}`, type }));
  const added = keys.slice(rel.keys.length).map((key) => below.rel.columns[key]);
  const columns = [...rel.columns.slice(0, rel.keys.length), ...added, ...calls];
  const aggregate = overKeysFirst({ ...rel, input: below.rel, keys, columns });
  // Its own fields first, then what was added.
  const order = [...rel.keys.map((_, i) => i), ...calls.map((_, i) => keys.length + i), ...added.map((_, i) => rel.keys.length + i)];
  const fieldOf = (index: number): number => order.indexOf(keys.indexOf(index));
  const conditions = below.conditions.map((condition) => overFields(condition, fieldOf));
  const ordered = project(
    aggregate,
    order.map((field) => inputRef(field, columns[field].type)),
    order.map((field) => columns[field].name),
  );
  return { rel: ordered, conditions };
}

/** The keys in front of what is aggregated, unless a filter below keeps the table's own order. */
function overKeysFirst(rel: Aggregate): Aggregate {
  const { input } = rel;
  if (input.kind !== "project" || input.input.kind === "filter") return rel;
  const order = [...rel.keys, ...input.columns.map((_, i) => i).filter((i) => !rel.keys.includes(i))];
  const made = project(
    input.input,
    order.map((i) => input.exprs[i]),
    order.map((i) => input.columns[i].name),
  );
  const moved = (field: number): number => order.indexOf(field);
  const calls = rel.calls.map((call) => ({ ...call, args: call.args.map(moved), filter: call.filter < 0 ? -1 : moved(call.filter) }));
  return { ...rel, input: made, keys: rel.keys.map(moved), calls };
}

/** `field = …` with nothing of the query itself on the other side: its rows belong to one value of the row around. */
function isEqualityWithField(condition: Rex): boolean {
  if (condition.kind !== "call" || condition.fn.name !== "=") return false;
  return condition.args.some((arg, i) => uncast(arg).kind === "input" && !contains(condition.args[1 - i], (part) => part.kind === "input"));
}

function uncast(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? uncast(rex.args[0]) : rex;
}

/** `$cor<id>` as fields of the left side of a join, the condition's own fields behind them. */
export function overJoinedRow(condition: Rex, id: number, leftWidth: number): Rex {
  return mapLeaves(condition, (leaf) => {
    if (leaf.kind === "input") return inputRef(leaf.index + leftWidth, leaf.type);
    return leaf.id === id ? inputRef(leaf.index, leaf.type) : leaf;
  });
}
