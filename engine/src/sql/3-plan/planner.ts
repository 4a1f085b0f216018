/** Relational tree to physical tree: which operator runs each node, how rows are distributed, what the changelog looks like. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Aggregate, Expand, Filter, Project, Rel, Scan, Unnest, Values, WindowTvf } from "../2-analyze/rel.ts";
import { mapLeaves, type Rex } from "../2-analyze/rex.ts";
import { andOf } from "../2-analyze/bind-expression.ts";
import { ChangelogNormalizeOperator } from "../5-execute/operators/changelog-normalize.ts";
import { CalcOperator, ExpandOperator } from "../5-execute/operators/calc-operator.ts";
import { UnnestOperator } from "../5-execute/operators/unnest-operator.ts";
import { WindowTableFunctionOperator } from "../5-execute/operators/window-table-function.ts";
import type { SessionSettings } from "../5-execute/operators/sql-operator.ts";
import { ALL_CHANGES, INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import { planAggregate } from "./plan-aggregate.ts";
import { planJoin } from "./plan-join.ts";
import { planOver } from "./plan-over.ts";
import { planRankFilter } from "./plan-rank.ts";
import { planSetOperation } from "./plan-set-operation.ts";
import { planSort } from "./plan-sort.ts";

export class Planner {
  readonly session: SessionSettings;

  constructor(session: SessionSettings) {
    this.session = session;
  }

  plan(rel: Rel): PhysicalNode {
    switch (rel.kind) {
      case "scan":
        return this.planScan(rel);
      case "values":
        return this.planValues(rel);
      case "filter":
      case "project":
        return planRankFilter(this, rel) ?? this.planCalc(rel);
      case "aggregate":
        return planAggregate(this, rel);
      case "expand":
        return this.planExpand(rel);
      case "windowTvf":
        return this.planWindowTvf(rel);
      case "join":
        return planJoin(this, rel);
      case "union":
      case "intersect":
      case "except":
        return planSetOperation(this, rel);
      case "sort":
        return planSort(this, rel);
      case "over":
        return planOver(this, rel);
      case "unnest":
        return this.planUnnest(rel);
    }
  }

  /** State TTL of a node, ms. */
  ttlOf(_rel: Aggregate): number {
    return this.session.stateTtlMs;
  }

  private planScan(rel: Scan): PhysicalNode {
    const { table } = rel;
    const scan: PhysicalNode = {
      name: "TableSourceScan",
      detail: `table=[[${table.name}]], fields=[${rel.columns.map((column) => column.name).join(", ")}]`,
      columns: rel.columns,
      changelog: table.changelogMode === "insert" ? INSERT_ONLY : ALL_CHANGES,
      upsertKey: table.primaryKey.length > 0 ? table.primaryKey : null,
      body: { kind: "scan", table },
    };
    if (table.changelogMode !== "upsert") return scan;
    return {
      ...scan,
      name: "ChangelogNormalize",
      detail: `key=[${table.primaryKey.map((key) => rel.columns[key].name).join(", ")}]`,
      body: {
        kind: "one",
        input: scan,
        distribution: { kind: "hash", keys: table.primaryKey },
        create: () => new ChangelogNormalizeOperator(this.session),
      },
    };
  }

  private planValues(rel: Values): PhysicalNode {
    return {
      name: "Values",
      detail: "",
      columns: rel.columns,
      changelog: INSERT_ONLY,
      upsertKey: null,
      body: { kind: "values", rows: rel.rows },
    };
  }

  /** Filters and projections on top of each other become one Calc. */
  private planCalc(rel: Filter | Project): PhysicalNode {
    let condition: Rex | null = null;
    let exprs: readonly Rex[] | null = null;
    let at: Rel = rel;
    for (;;) {
      if (at.kind === "project" && (exprs === null || !at.exprs.some(isDynamic))) {
        const below: readonly Rex[] = at.exprs;
        const substitute = (rex: Rex): Rex => mapLeaves(rex, (leaf) => (leaf.kind === "input" ? below[leaf.index] : leaf));
        exprs = exprs === null ? below : exprs.map(substitute);
        condition = condition === null ? null : substitute(condition);
        at = at.input;
      } else if (at.kind === "filter") {
        condition = condition === null ? at.condition : andOf([at.condition, condition]);
        at = at.input;
      } else {
        break;
      }
      if (planRankFilter.matches(at)) break;
    }
    const input = this.plan(at);
    const finalCondition = condition;
    const projection = exprs;
    const kept = projection?.map((expr) => (expr.kind === "input" ? expr.index : -1)) ?? null;
    const upsertKey = input.upsertKey === null || kept === null ? input.upsertKey : input.upsertKey.map((field) => kept.indexOf(field));
    return {
      name: "Calc",
      detail: `select=[${rel.columns.map((column) => column.name).join(", ")}]`,
      columns: rel.columns,
      changelog: input.changelog.updates && finalCondition !== null ? ALL_CHANGES : input.changelog,
      upsertKey: upsertKey?.includes(-1) ? null : upsertKey,
      body: { kind: "one", input, distribution: { kind: "any" }, create: () => new CalcOperator(this.session, finalCondition, projection) },
    };
  }

  private planExpand(rel: Expand): PhysicalNode {
    const input = this.plan(rel.input);
    return {
      name: "Expand",
      detail: "",
      columns: rel.columns,
      changelog: input.changelog,
      upsertKey: null,
      body: {
        kind: "one",
        input,
        distribution: { kind: "any" },
        create: () => new ExpandOperator(this.session, rel.keys, rel.sets, rel.ids),
      },
    };
  }

  private planWindowTvf(rel: WindowTvf): PhysicalNode {
    const input = this.plan(rel.input);
    const { spec } = rel;
    if (spec.kind === "session") {
      throw new SqlError("plan", "SQL_SESSION_WINDOW", "A SESSION window table function without an aggregation is not available.", null);
    }
    if (rel.timeAttribute === "PROCTIME") {
      throw new SqlError(
        "plan",
        "SQL_PROCTIME_WINDOW",
        "A window table function over processing time without an aggregation is not supported.",
        null,
      );
    }
    if (!isInsertOnly(input.changelog)) {
      throw new SqlError(
        "plan",
        "SQL_UPDATES_NOT_SUPPORTED",
        `WindowTableFunction doesn't support consuming update changes which is produced by node ${input.name}.`,
        null,
      );
    }
    const localTime = rel.input.columns[rel.timeField].type.root === "TIMESTAMP_LTZ";
    return {
      name: "WindowTableFunction",
      detail: "",
      columns: rel.columns,
      changelog: input.changelog,
      upsertKey: null,
      body: {
        kind: "one",
        input,
        distribution: { kind: "any" },
        create: () => new WindowTableFunctionOperator(this.session, spec, rel.timeField, localTime),
      },
    };
  }

  private planUnnest(rel: Unnest): PhysicalNode {
    const input = this.plan(rel.input);
    const { collection, elementFields, withOrdinality, outer } = rel;
    const width = rel.columns.length - rel.input.columns.length;
    return {
      name: "Correlate",
      detail: "UNNEST",
      columns: rel.columns,
      changelog: input.changelog,
      upsertKey: null,
      body: {
        kind: "one",
        input,
        distribution: { kind: "any" },
        create: () => new UnnestOperator(this.session, { collection, elementFields, withOrdinality, outer, width }),
      },
    };
  }
}

function isDynamic(rex: Rex): boolean {
  return rex.kind === "call" && (rex.fn.dynamic === true || rex.args.some(isDynamic));
}
