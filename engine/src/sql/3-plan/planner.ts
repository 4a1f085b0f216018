/**
 * Logical tree to physical tree: every node becomes the one that Flink would run it as, with an Exchange where rows have to meet. What the
 * nodes do to the changelog is inferred afterwards, over the finished tree (changelog/).
 */
import { SqlError } from "../1-parse/sql-error.ts";
import type {
  Expand,
  Filter,
  Project,
  Rel,
  ReplicateRows,
  Scan,
  SetOperation,
  Unnest,
  Values,
  WatermarkAssigner,
} from "../2-analyze/rel.ts";
import { andOf, callOf } from "../2-analyze/bind-expression.ts";
import { PROCTIME_MATERIALIZE } from "../functions/temporal.ts";
import { conjuncts, inputRef, inputsOf, isDeterministic, isIdentity, mapLeaves, type Rex, substituteInputs } from "../2-analyze/rex.ts";
import { uniqueNames } from "../2-analyze/rel-builder.ts";
import { ALL_CHANGES, byKeys, calc, fieldRefs, INSERTS, namesOf } from "./build.ts";
import type { ChangelogNormalize, PhysicalNode } from "./physical.ts";
import { planAggregate } from "./plan-aggregate.ts";
import { planGroupWindow } from "./plan-group-window.ts";
import { planJoin } from "./plan-join.ts";
import { planMultiJoin } from "./plan-multi-join.ts";
import { planMatch } from "./plan-match.ts";
import type { PlanOptions } from "./plan-options.ts";
import { planOver } from "./plan-over.ts";
import { planProcess } from "./plan-process.ts";
import { planRank } from "./plan-rank.ts";
import { planSink } from "./plan-sink.ts";
import { normalizedTable, type SharedNormalizations, splitByAll } from "./shared-normalization.ts";
import { planSort } from "./plan-sort.ts";
import { calcWithAsync, isAsyncCall, requirePlainCorrelate } from "./split-async.ts";
import { planWindowTvf } from "./plan-window-tvf.ts";

export class Planner {
  readonly options: PlanOptions;
  private readonly shared: SharedNormalizations;

  /** @param shared tables whose changelog several readers have in common. */
  constructor(options: PlanOptions, shared: SharedNormalizations = new Map()) {
    this.options = options;
    this.shared = shared;
  }

  plan(rel: Rel): PhysicalNode {
    switch (rel.kind) {
      case "scan":
        return this.planScan(rel, -1);
      case "watermarkAssigner":
        return this.planWatermarkAssigner(rel);
      case "values":
        return this.planValues(rel);
      case "filter":
      case "project":
        return this.planCalc(rel);
      case "aggregate":
        return planAggregate(this, rel, []);
      case "windowAggregate":
        return planGroupWindow(this, rel);
      case "expand":
        return this.planExpand(rel);
      case "windowTvf":
        return planWindowTvf(this, rel);
      case "join":
        return planJoin(this, rel, []);
      case "multiJoin":
        return planMultiJoin(this, rel, []);
      case "union":
        return this.planUnion(rel);
      case "sort":
        return planSort(this, rel);
      case "over":
        return planOver(this, rel);
      case "rank":
        return planRank(this, rel);
      case "unnest":
        return this.planUnnest(rel);
      case "replicateRows":
        return this.planReplicateRows(rel);
      case "match":
        return planMatch(this, rel);
      case "process":
        return planProcess(this, rel);
      case "sink":
        return planSink(this, rel);
      case "intersect":
      case "except":
      case "correlate":
      case "snapshot":
      case "uncollect":
        throw unplanned(rel);
    }
  }

  /** Upserts become a full changelog; the pass over update kinds takes the step away where nobody needs it. */
  private planScan(rel: Scan, watermark: number): PhysicalNode {
    const scan = this.scanNode(rel, watermark);
    return rel.table.changelogMode === "upsert" ? normalized(scan, keysOf(rel), null) : scan;
  }

  private scanNode(rel: Scan, watermark: number): PhysicalNode {
    return {
      kind: "TableSourceScan",
      table: rel.table,
      fields: rel.fields,
      watermark,
      hints: rel.hints,
      columns: rel.columns,
      changelog: rel.table.changelogMode === "insert" ? INSERTS : ALL_CHANGES,
    };
  }

  /** Watermarks are made in the source itself when the rowtime column is one of the connector's. */
  private planWatermarkAssigner(rel: WatermarkAssigner): PhysicalNode {
    if (rel.input.kind === "scan" && (rel.expr === null || rel.input.table.watermarkPushDown !== false)) {
      const scan = { ...this.scanNode(rel.input, rel.field), columns: rel.columns };
      return rel.input.table.changelogMode === "upsert" ? normalized(scan, keysOf(rel.input), null) : scan;
    }
    const input = this.plan(rel.input);
    const assigner: PhysicalNode = {
      kind: "WatermarkAssigner",
      input,
      field: rel.field,
      expr: rel.expr,
      columns: rel.columns,
      changelog: INSERTS,
    };
    return assigner;
  }

  private planValues(rel: Values): PhysicalNode {
    return { kind: "Values", rows: rel.rows, columns: rel.columns, changelog: INSERTS };
  }

  /** A projection over a filter, or one of them, is one Calc. */
  private planCalc(rel: Filter | Project): PhysicalNode {
    const condition = rel.kind === "filter" ? rel.condition : rel.input.kind === "filter" ? rel.input.condition : null;
    const below = rel.kind === "project" && rel.input.kind === "filter" ? rel.input.input : rel.input;
    const names = namesOf(rel);
    const hints = rel.kind === "project" ? rel.hints : [];
    const input =
      below.kind === "aggregate"
        ? planAggregate(this, below, hints)
        : below.kind === "join"
          ? planJoin(this, below, hints)
          : below.kind === "multiJoin"
            ? planMultiJoin(this, below, hints)
            : this.plan(below);
    const projection = rel.kind === "project" ? rel.exprs : fieldRefs(input);
    return this.calcOver(input, projection, condition, names);
  }

  /** Calcs that meet merge; over upserts, a Calc splits around the normalization. */
  calcOver(input: PhysicalNode, projection: readonly Rex[], condition: Rex | null, names: readonly string[]): PhysicalNode {
    if (input.kind === "Values" && input.rows.length === 0) {
      const unique = uniqueNames(names);
      return { ...input, columns: projection.map((expr, i) => ({ name: unique[i], type: expr.type })) };
    }
    if (input.kind === "ChangelogNormalize" && input.condition === null) {
      const table = normalizedTable(input);
      const common = table === null ? undefined : this.shared.get(table);
      if (common === undefined) return calcOverNormalize(input, { projection, condition, rest: null, names });
      if (common.size > 0) {
        const { all, own } = splitByAll(condition, common);
        return calcOverNormalize(input, { projection, condition: andOf(all), rest: own.length === 0 ? null : andOf(own), names });
      }
    }
    const renamed = names.some((name, i) => /^\$\d+$/.test(name) && name !== input.columns[i]?.name);
    if (condition === null && isIdentity(projection, input.columns.length) && !renamed) return input;
    if (input.kind === "Calc" && input.isAsync !== true && [...input.projection, ...projection].every(isDeterministic)) {
      const below = input.projection;
      const merged = projection.map((expr) => substituteInputs(expr, below));
      const conditions = [input.condition, condition === null ? null : substituteInputs(condition, below)].filter((part) => part !== null);
      return this.calcOver(input.input, merged, conditions.length === 0 ? null : andOf(conditions), names);
    }
    return calcWithAsync(input, projection, condition, names);
  }

  /** Whoever reads the result reads times, not what stands for the time of each row. */
  materialized(input: PhysicalNode): PhysicalNode {
    if (input.columns.every(({ type }) => type.timeAttribute !== "PROCTIME")) return input;
    const exprs = fieldRefs(input).map((field) =>
      field.type.timeAttribute === "PROCTIME" ? callOf(PROCTIME_MATERIALIZE, [field]) : field,
    );
    return this.calcOver(input, exprs, null, namesOf(input));
  }

  private planExpand(rel: Expand): PhysicalNode {
    const input = this.plan(rel.input);
    return { kind: "Expand", input, projects: rel.projects, columns: rel.columns, changelog: INSERTS };
  }

  private planUnnest(rel: Unnest): PhysicalNode {
    const input = this.plan(rel.input);
    const { collection, withOrdinality, elementFields, id, outer, condition } = rel;
    if (isAsyncCall(collection)) requirePlainCorrelate(condition, collection.args);
    return {
      kind: "Correlate",
      input,
      call: { kind: "unnest", collection, withOrdinality, elementFields, id },
      outer,
      condition,
      columns: rel.columns,
      changelog: INSERTS,
    };
  }

  private planReplicateRows(rel: ReplicateRows): PhysicalNode {
    const input = this.plan(rel.input);
    return {
      kind: "Correlate",
      input,
      call: { kind: "replicateRows" },
      outer: false,
      condition: null,
      columns: rel.columns,
      changelog: INSERTS,
    };
  }

  private planUnion(rel: SetOperation): PhysicalNode {
    const inputs = rel.inputs.map((input) => this.plan(input));
    return { kind: "Union", inputs, columns: rel.columns, changelog: INSERTS };
  }
}

function keysOf(rel: Scan): number[] {
  return rel.table.primaryKey.map((column) => rel.fields.indexOf(column));
}

function normalized(input: PhysicalNode, keys: readonly number[], condition: Rex | null): PhysicalNode {
  return { kind: "ChangelogNormalize", input: byKeys(input, keys), keys, condition, columns: input.columns, changelog: ALL_CHANGES };
}

interface CalcOverNormalize {
  readonly projection: readonly Rex[];
  /** What the normalization asks. */
  readonly condition: Rex | null;
  /** What is asked above it. */
  readonly rest: Rex | null;
  readonly names: readonly string[];
}

/** Columns that nobody reads are cut off before rows are kept; the condition is asked by the normalization itself. */
function calcOverNormalize(node: ChangelogNormalize, { projection, condition, rest, names }: CalcOverNormalize): PhysicalNode {
  const source = node.input.kind === "Exchange" ? node.input.input : node.input;
  const needed = new Set<number>(node.keys);
  for (const expr of projection) inputsOf(expr, needed);
  if (condition !== null) inputsOf(condition, needed);
  if (rest !== null) inputsOf(rest, needed);
  const kept = [...needed].sort((a, b) => a - b);
  const moved = (rex: Rex): Rex => mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(kept.indexOf(leaf.index), leaf.type) : leaf));
  const refs = kept.map((field) => inputRef(field, source.columns[field].type));
  // What is asked of the key alone can be asked of upserts.
  const keys = new Set(node.keys);
  const parts = condition === null ? [] : conjuncts(condition);
  const asksKeys = (part: Rex): boolean => [...inputsOf(part)].every((field) => keys.has(field));
  const before = parts.filter(asksKeys);
  const after = parts.filter((part) => !asksKeys(part));
  const cut =
    kept.length === source.columns.length && before.length === 0
      ? source
      : calc(
          source,
          refs,
          before.length === 0 ? null : andOf(before),
          kept.map((field) => source.columns[field].name),
        );
  const narrowed = normalized(
    cut,
    node.keys.map((key) => kept.indexOf(key)),
    after.length === 0 ? null : moved(andOf(after)),
  );
  const exprs = projection.map(moved);
  if (rest === null && isIdentity(exprs, narrowed.columns.length)) return narrowed;
  return calc(narrowed, exprs, rest === null ? null : moved(rest), names);
}

function unplanned(rel: Rel): SqlError {
  return new SqlError(
    "plan",
    "SQL_UNSUPPORTED",
    `Cannot generate a valid execution plan for the given query: ${rel.kind} has no operator here.`,
    null,
    {
      hint: "Write the query with joins, aggregations and windows.",
    },
  );
}
