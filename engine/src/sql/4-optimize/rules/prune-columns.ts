/**
 * Every node gets the columns that somebody above reads, and no more: a projection cuts the others off, as far down as Flink's rules bring
 * it. Sorts keep whole rows (their projection has been pulled above them); windows over rows keep them too unless their frame has a bound.
 *
 * `prune(rel, needed)` gives a node with at least the needed columns in their old order, and says where each old column is now.
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import { isLookupJoin, LOOKED_UP } from "../../2-analyze/lookup-side.ts";
import type { Aggregate, MultiJoin, Over, Rank, Rel, RelColumn, SortKey } from "../../2-analyze/rel.ts";
import { filter, joinColumns, project } from "../../2-analyze/rel-builder.ts";
import { INT, withNullable } from "../../../types/logical-type.ts";
import { inputRef, inputsOf, isIdentity, literalOf, mapLeaves, type Rex } from "../../2-analyze/rex.ts";

interface Pruned {
  readonly rel: Rel;
  /** Per old column its new number, -1 = gone. */
  readonly mapping: readonly number[];
}

export function pruneColumns(rel: Rel): Rel {
  const all = rel.columns.map((_, i) => i);
  const pruned = prune(rel, new Set(all), false);
  return exactly(pruned, all, rel.columns);
}

/** Just these columns in this order, under their old names. */
function exactly({ rel, mapping }: Pruned, wanted: readonly number[], columns: readonly RelColumn[]): Rel {
  const exprs = wanted.map((field) => inputRef(mapping[field], rel.columns[mapping[field]].type));
  if (isIdentity(exprs, rel.columns.length)) return rel;
  return project(
    rel,
    exprs,
    wanted.map((field) => columns[field].name),
  );
}

function identity(rel: Rel): Pruned {
  return { rel, mapping: rel.columns.map((_, i) => i) };
}

function sorted(fields: ReadonlySet<number>): number[] {
  return [...fields].sort((a, b) => a - b);
}

function mappingOf(width: number, kept: readonly number[]): number[] {
  const mapping = new Array<number>(width).fill(-1);
  kept.forEach((field, i) => {
    mapping[field] = i;
  });
  return mapping;
}

/** The input cut down to exactly the fields that are needed. */
function pruneInput(input: Rel, needed: ReadonlySet<number>, late: boolean): { rel: Rel; mapping: readonly number[] } {
  const kept = sorted(needed);
  const pruned = prune(input, new Set(kept), late);
  return { rel: exactly(pruned, kept, input.columns), mapping: mappingOf(input.columns.length, kept) };
}

function moved(rex: Rex, mapping: readonly number[]): Rex {
  return mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(mapping[leaf.index], leaf.type) : leaf));
}

function movedKeys(keys: readonly SortKey[], mapping: readonly number[]): SortKey[] {
  return keys.map((key) => ({ ...key, field: mapping[key.field] }));
}

/** Computed columns of a table whose rows are ranked stay all: Flink's rules have passed by when the rank becomes a node. */
const BELOW_RANKS = new WeakSet<Rel>();

function noteRankedSource(rel: Rel): void {
  if (rel.kind === "watermarkAssigner") BELOW_RANKS.add(rel);
  else if (rel.kind === "project" || rel.kind === "filter") noteRankedSource(rel.input);
}

/** What lets columns be cut off below a window over rows: the others keep theirs, since Flink's rules have passed by when that window becomes a node. */
const PASSES: ReadonlySet<Rel["kind"]> = new Set(["scan", "values", "project", "filter", "watermarkAssigner", "over", "rank", "sort"]);

/** `late` = below a window over rows. */
function prune(rel: Rel, needed: ReadonlySet<number>, late: boolean): Pruned {
  if (late && !PASSES.has(rel.kind)) return prune(rel, new Set(rel.columns.keys()), false);
  switch (rel.kind) {
    case "scan":
    case "values":
      return identity(rel);
    case "project": {
      const kept = sorted(needed);
      const exprs = kept.map((field) => rel.exprs[field]);
      const below = new Set<number>();
      for (const expr of exprs) inputsOf(expr, below);
      const { rel: input, mapping } = prune(rel.input, below, late);
      const made = project(
        input,
        exprs.map((expr) => moved(expr, mapping)),
        kept.map((field) => rel.columns[field].name),
      );
      return { rel: { ...made, hints: rel.hints }, mapping: mappingOf(rel.columns.length, kept) };
    }
    case "filter": {
      const below = inputsOf(rel.condition, new Set(needed));
      const { rel: input, mapping } = prune(rel.input, new Set(sorted(below)), late);
      return { rel: filter(input, moved(rel.condition, mapping)), mapping };
    }
    case "watermarkAssigner": {
      if (BELOW_RANKS.has(rel) && rel.input.kind === "project") return identity({ ...rel, input: pruneColumns(rel.input) });
      const below = inputsOf(rel.expr ?? inputRef(rel.field, rel.columns[rel.field].type), new Set(needed));
      below.add(rel.field);
      // Flink moves references below the mark, not what computes.
      const source = rel.input;
      if (source.kind === "project" && [...below].some((field) => source.exprs[field].kind !== "input"))
        return identity({ ...rel, input: pruneColumns(source) });
      const { rel: input, mapping } = inOrder(rel.input, [...below], late);
      const columns = input.columns.map((column, i) => (i === mapping[rel.field] ? rel.columns[rel.field] : column));
      const expr = rel.expr === null ? null : moved(rel.expr, mapping);
      return { rel: { ...rel, input, field: mapping[rel.field], expr, columns }, mapping };
    }
    case "aggregate":
      return pruneAggregate(rel, needed, late);
    case "windowAggregate": {
      const below = new Set([...rel.keys, rel.window.timeField]);
      for (const call of rel.calls) for (const field of [...call.args, ...(call.filter < 0 ? [] : [call.filter])]) below.add(field);
      const { rel: input, mapping } = pruneInput(rel.input, below, late);
      const calls = rel.calls.map((call) => ({
        ...call,
        args: call.args.map((arg) => mapping[arg]),
        filter: call.filter < 0 ? -1 : mapping[call.filter],
      }));
      const window = { ...rel.window, timeField: mapping[rel.window.timeField] };
      return identity({ ...rel, input, keys: rel.keys.map((key) => mapping[key]), calls, window });
    }
    case "windowTvf": {
      const width = rel.input.columns.length;
      const below = new Set(sorted(needed).filter((field) => field < width));
      below.add(rel.timeField);
      if (rel.spec.kind === "session") for (const field of rel.spec.partition) below.add(field);
      const { rel: input, mapping } = pruneInput(rel.input, below, late);
      const spec = rel.spec.kind === "session" ? { ...rel.spec, partition: rel.spec.partition.map((field) => mapping[field]) } : rel.spec;
      const columns = [...input.columns, ...rel.columns.slice(width)];
      const narrowed: Rel = { ...rel, input, spec, timeField: mapping[rel.timeField], columns };
      return { rel: narrowed, mapping: [...mapping, ...[0, 1, 2].map((i) => input.columns.length + i)] };
    }
    case "join": {
      const semi = rel.type === "semi" || rel.type === "anti";
      const width = rel.left.columns.length;
      const all = inputsOf(rel.condition, new Set(needed));
      // A lookup join asks when it asks: nobody reads the time.
      const looksUp = isLookupJoin(rel);
      if (rel.asOf !== null && !looksUp) all.add(rel.asOf);
      const fields = sorted(all);
      const leftNeeded = new Set(fields.filter((field) => field < width));
      const rightNeeded = new Set(fields.filter((field) => field >= width).map((field) => field - width));
      if (rel.asOf !== null && !looksUp) keepVersion(rel.right, rightNeeded);
      if (leftNeeded.size === 0 && width > 0) leftNeeded.add(0);
      if (rightNeeded.size === 0 && rel.right.columns.length > 0 && !semi) rightNeeded.add(0);
      const left = pruneInput(rel.left, leftNeeded, late);
      const right = pruneInput(rel.right, rightNeeded, late);
      const leftWidth = left.rel.columns.length;
      const mapping = [...left.mapping, ...right.mapping.map((field) => (field < 0 ? -1 : field + leftWidth))];
      const columns = joinColumns(left.rel.columns, right.rel.columns, rel.type);
      const asOf = looksUp ? LOOKED_UP : rel.asOf === null ? null : mapping[rel.asOf];
      const made: Rel = { ...rel, left: left.rel, right: right.rel, condition: moved(rel.condition, mapping), asOf, columns };
      return { rel: made, mapping: semi ? left.mapping : mapping };
    }
    case "multiJoin":
      return pruneMultiJoin(rel, needed, late);
    case "union": {
      const kept = sorted(needed);
      const inputs = rel.inputs.map((input) => pruneInput(input, needed, late).rel);
      return { rel: { ...rel, inputs, columns: kept.map((field) => rel.columns[field]) }, mapping: mappingOf(rel.columns.length, kept) };
    }
    case "over":
      return pruneOver(rel, needed);
    case "rank": {
      noteRankedSource(rel.input);
      const width = rel.input.columns.length;
      const below = new Set(sorted(needed).filter((field) => field < width));
      for (const field of rel.partition) below.add(field);
      for (const key of rel.order) below.add(key.field);
      // Updates of a row are found by its key.
      for (const field of updateKey(rel.input)) below.add(field);
      const kept = withRankEnd(rel, below);
      const { rel: input, mapping } = pruneInput(rel.input, kept, !rel.computes);
      const columns = rel.outputRank ? [...input.columns, rel.columns[width]] : input.columns;
      const made: Rel = {
        ...rel,
        input,
        partition: rel.partition.map((field) => mapping[field]),
        order: movedKeys(rel.order, mapping),
        columns,
      };
      return { rel: made, mapping: rel.outputRank ? [...mapping, input.columns.length] : mapping };
    }
    case "unnest": {
      // Flink keeps all of the row: its correlation variable stands for it.
      const input = pruneColumns(rel.input);
      return identity({ ...rel, input });
    }
    case "sort": {
      const below = new Set(needed);
      for (const key of rel.keys) below.add(key.field);
      const { rel: input, mapping } = prune(rel.input, below, late);
      return { rel: { ...rel, input, keys: movedKeys(rel.keys, mapping), columns: input.columns }, mapping };
    }
    case "expand":
    case "match":
    case "replicateRows":
    case "sink":
      return identity({ ...rel, input: pruneColumns(rel.input) });
    case "intersect":
    case "except":
    case "process":
      return identity({ ...rel, inputs: rel.inputs.map(pruneColumns) });
    case "correlate":
      return identity({ ...rel, left: pruneColumns(rel.left), right: pruneColumns(rel.right) });
    case "snapshot":
    case "uncollect":
      return identity({ ...rel, input: pruneColumns(rel.input) });
  }
}

/**
 * The fields of a rank's input that stay. When Flink cuts columns off, it moves the keys but not the column with which the rank is compared (`CalcRankTransposeRule`): by its
 * number it is now another one, which stays instead, so that more can be cut off, until the number names no column any more or none is left over.
 */
function withRankEnd(rank: Rank, needed: ReadonlySet<number>): ReadonlySet<number> {
  const { end } = rank.range;
  if (typeof end === "number") return needed;
  let fields = rank.input.columns.map((_, field) => field);
  for (;;) {
    const kept = fields.filter((field, at) => needed.has(field) || at === end.field);
    if (end.field >= kept.length) throw rankEndBeyond(rank);
    if (kept.length === fields.length) return new Set(kept);
    fields = kept;
  }
}

function rankEndBeyond({ span }: Rank): SqlError {
  return new SqlError("plan", "SQL_RANK_END", "Rank end index can't greater than input field count.", span, {
    hint: "Flink loses the column that the rank is compared with when other columns before it are not read: let it stand first among those selected.",
  });
}

/** Computed columns are cut down to those that are read, in the order in which they are. */
function inOrder(rel: Rel, order: readonly number[], late: boolean): Pruned {
  if (rel.kind !== "project") return prune(rel, new Set(order), late);
  const made = project(
    rel.input,
    order.map((field) => rel.exprs[field]),
    order.map((field) => rel.columns[field].name),
  );
  const { rel: pruned, mapping } = prune({ ...made, hints: rel.hints }, new Set(order.keys()), late);
  return { rel: pruned, mapping: rel.columns.map((_, field) => (order.includes(field) ? mapping[order.indexOf(field)] : -1)) };
}

/** A versioned table needs its time attribute, whoever asks for it. Its key it needs too, but Flink brings it only where it is compared or selected. */
function keepVersion(rel: Rel, needed: Set<number>): void {
  rel.columns.forEach((column, i) => {
    if (column.type.timeAttribute === "ROWTIME") needed.add(i);
  });
}

function versionKey(rel: Rel): readonly number[] {
  switch (rel.kind) {
    case "scan":
      return rel.table.primaryKey.map((key) => rel.fields.indexOf(key)).filter((field) => field >= 0);
    case "watermarkAssigner":
    case "filter":
      return versionKey(rel.input);
    case "rank":
      return rel.partition;
    case "project": {
      const below = versionKey(rel.input);
      return below
        .map((field) => rel.exprs.findIndex((expr) => expr.kind === "input" && expr.index === field))
        .filter((field) => field >= 0);
    }
    case "aggregate":
      return rel.keys.map((_, i) => i);
    default:
      return [];
  }
}

/** Key of rows that are updated in place; none where rows are only added. */
function updateKey(rel: Rel): readonly number[] {
  switch (rel.kind) {
    case "aggregate":
      return rel.calls.length === 0 ? [] : rel.keys.map((_, i) => i);
    case "rank": {
      if (rel.range.start === 1 && rel.range.end === 1) return rel.partition;
      return rel.outputRank ? [...rel.partition, rel.input.columns.length] : updateKey(rel.input);
    }
    case "scan":
    case "watermarkAssigner":
    case "filter":
      return rel.kind === "scan" && rel.table.changelogMode === "insert" ? [] : versionKey(rel);
    case "project": {
      const below = updateKey(rel.input);
      const fields = below.map((field) => rel.exprs.findIndex((expr) => expr.kind === "input" && expr.index === field));
      return fields.includes(-1) ? [] : fields;
    }
    default:
      return [];
  }
}

/** A projection that only puts all columns into another order is left out below an aggregation. */
function withoutPermutation(rel: Aggregate): Aggregate {
  const { input } = rel;
  if (input.kind !== "project" || input.hints.length > 0 || input.exprs.length !== input.input.columns.length) return rel;
  const fields = input.exprs.map((expr) => (expr.kind === "input" ? expr.index : -1));
  if (fields.includes(-1) || new Set(fields).size < fields.length) return rel;
  const calls = rel.calls.map((call) => ({
    ...call,
    args: call.args.map((arg) => fields[arg]),
    filter: call.filter < 0 ? -1 : fields[call.filter],
  }));
  return { ...rel, input: input.input, keys: rel.keys.map((key) => fields[key]), calls };
}

function pruneAggregate(given: Aggregate, needed: ReadonlySet<number>, late: boolean): Pruned {
  const rel = withoutPermutation(given);
  const keys = rel.keys.length;
  // Without keys a row comes out even if nothing is computed.
  const usedCalls = rel.calls.filter((call, i) => needed.has(keys + i) || call.always === true);
  const calls = usedCalls.length === 0 && keys === 0 ? rel.calls.slice(0, 1) : usedCalls;
  const below = new Set<number>(rel.keys);
  // What an unused call would have read is not cut off, as in Flink.
  for (const call of rel.calls) for (const field of [...call.args, ...(call.filter < 0 ? [] : [call.filter])]) below.add(field);
  const direct = rel.input.kind === "expand" || rel.input.columns.length === 0;
  const cut = direct ? { rel: pruneColumns(rel.input), mapping: rel.input.columns.map((_, i) => i) } : prunedInOrder(rel, below, late);
  const place = (field: number): number => cut.mapping[field];
  const kept = [...rel.keys.map((_, i) => i), ...calls.map((call) => keys + rel.calls.indexOf(call))];
  const made: Aggregate = {
    ...rel,
    input: cut.rel,
    keys: rel.keys.map(place),
    calls: calls.map((call) => ({ ...call, args: call.args.map(place), filter: call.filter < 0 ? -1 : place(call.filter) })),
    columns: kept.map((field) => rel.columns[field]),
  };
  return { rel: made, mapping: mappingOf(rel.columns.length, kept) };
}

function prunedInOrder(rel: Aggregate, below: ReadonlySet<number>, late: boolean): { rel: Rel; mapping: readonly number[] } {
  const { input } = rel;
  if (input.kind === "project" && input.input.kind === "filter" && rel.calls.some((call) => call.args.length > 0) && below.size > 0) {
    // A projection of columns only falls away above a filter, and columns are cut off in their order below it.
    const places = input.exprs.map((expr) => (expr.kind === "input" ? expr.index : -1));
    const order = [...below].sort((a, b) => places[a] - places[b]);
    if (!places.includes(-1) && input.input.input.kind !== "join") {
      const sorted = project(
        input.input,
        order.map((field) => input.exprs[field]),
        order.map((field) => input.columns[field].name),
      );
      const pruned = pruneInput(sorted, new Set(order.keys()), late);
      return { rel: pruned.rel, mapping: input.columns.map((_, i) => order.indexOf(i)) };
    }
  }
  if (below.size === 0) {
    if (rel.input.kind === "project") return pruneInput(rel.input, new Set([0]), late);
    const { rel: input } = prune(rel.input, below, late);
    // COUNT(*) counts zeros.
    return { rel: project(input, [literalOf(0, withNullable(INT, false))], ["$f0"]), mapping: rel.input.columns.map(() => -1) };
  }
  return pruneInput(rel.input, below, late);
}

function pruneOver(rel: Over, needed: ReadonlySet<number>): Pruned {
  const width = rel.input.columns.length;
  const bounded = rel.groups.some(
    (group) => group.frame.preceding !== null || group.calls.some((call) => call.args.some((arg) => arg.kind === "literal")),
  );
  const nonTime = rel.groups.some(
    (group) => group.order.length !== 1 || rel.input.columns[group.order[0].field].type.timeAttribute === undefined,
  );
  if (!bounded && !nonTime && !computesWithOver(rel)) return identity({ ...rel, input: pruneOverInput(rel) });
  const below = new Set(sorted(needed).filter((field) => field < width));
  for (const group of rel.groups) {
    for (const field of group.partition) below.add(field);
    for (const key of group.order) below.add(key.field);
    for (const call of group.calls) for (const arg of call.args) inputsOf(arg, below);
  }
  const { rel: input, mapping } = pruneInput(rel.input, below, !rel.computes && !computesWithOver(rel));
  const groups = rel.groups.map((group) => ({
    ...group,
    partition: group.partition.map((field) => mapping[field]),
    order: movedKeys(group.order, mapping),
    calls: group.calls.map((call) => ({ ...call, args: call.args.map((arg) => moved(arg, mapping)) })),
  }));
  const columns = [...input.columns, ...rel.columns.slice(width)];
  const appended = rel.columns.slice(width).map((_, i) => input.columns.length + i);
  return { rel: { ...rel, input, groups, columns }, mapping: [...mapping, ...appended] };
}

/** Several calls, as SUM makes them: Flink prunes below those. */
function computesWithOver(rel: Over): boolean {
  return rel.groups.some((group) => group.calls.some((call) => call.name === "$SUM0"));
}

function pruneOverInput(rel: Over): Rel {
  return pruneColumns(rel.input);
}

function pruneMultiJoin(rel: MultiJoin, needed: ReadonlySet<number>, late: boolean): Pruned {
  const all = new Set(needed);
  for (const condition of rel.conditions) inputsOf(condition, all);
  const mapping: number[] = [];
  const inputs: Rel[] = [];
  let width = 0;
  for (const input of rel.inputs) {
    const from = mapping.length;
    const own = new Set(sorted(all).flatMap((field) => (field >= from && field < from + input.columns.length ? [field - from] : [])));
    if (own.size === 0) own.add(0);
    const pruned = pruneInput(input, own, late);
    for (const field of pruned.mapping) mapping.push(field < 0 ? -1 : field + width);
    inputs.push(pruned.rel);
    width += pruned.rel.columns.length;
  }
  // Names stay, as numbered where there were more.
  const columns = rel.columns.filter((_, i) => mapping[i] >= 0);
  const conditions = rel.conditions.map((condition) => moved(condition, mapping));
  return { rel: { ...rel, inputs, conditions, columns }, mapping };
}
