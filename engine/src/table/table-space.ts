/** What all tables of one environment share: the session that knows names, and the graph into which they are translated. */
import { Diagnostic } from "../base/diagnostic.ts";
import type { GraphBuilder } from "../datastream/graph-builder.ts";
import { submitJob } from "../datastream/evaluate-job.ts";
import type { StreamGraph, StreamNode } from "../graph/stream-graph.ts";
import { SqlError, textSpanOf } from "../sql/1-parse/sql-error.ts";
import type { InsertInto, Query } from "../sql/1-parse/ast.ts";
import type { BoundInsert } from "../sql/2-analyze/bind-insert.ts";
import type { QueryContext } from "../sql/2-analyze/query-context.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { namesOf } from "../sql/2-analyze/rel-builder.ts";
import { type ProvidedTable, type TranslateOptions, translate, translateQuery } from "../sql/5-execute/translate.ts";
import type { OperatorPlan } from "../sql/5-execute/operator-plan.ts";
import { durationMs } from "../sql/catalog/options.ts";
import { SqlRuntimeError } from "../sql/functions/sql-runtime-error.ts";
import { sessionEvaluation } from "../sql/session-evaluation.ts";
import { SharedPlans } from "../sql/5-execute/lower/shared-plans.ts";
import { operatorPlan, sinkRel } from "../sql/session/plan-statement.ts";
import { sessionSettings } from "../sql/session/session-settings.ts";
import { SqlSession } from "../sql/session/sql-session.ts";
import { jobName } from "../sql/session/sql-job.ts";
import { identifier, NOWHERE } from "./expressions/expression-base.ts";

export class TableSpace {
  readonly session: SqlSession;
  readonly builder: GraphBuilder;
  /** Tables that are streams of the program, by name. */
  readonly streams = new Map<string, ProvidedTable>();
  #unnamed = 0;
  #anonymous = 0;

  constructor(builder: GraphBuilder) {
    this.builder = builder;
    this.session = new SqlSession({ topics: null, captures: false, recordsPerWatermark: null, provided: this.streams });
  }

  /** Mistakes in tables become the program's: at the line that is being executed. @param text the SQL, if there is one */
  guarded<T>(action: () => T, text?: string): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof SqlRuntimeError) throw new Diagnostic({ code: error.code, message: error.message, phase: "plan" });
      if (!(error instanceof SqlError)) throw error;
      const { code, phase, details, span } = error;
      const place = text === undefined || span === null ? "" : placeIn(text, span.start);
      throw new Diagnostic({ code, message: `${error.message}${place}`, phase, ...details });
    }
  }

  /** Tables that expressions name as `$name` are put in. */
  context(tables: Readonly<Record<string, Rel>> = {}): QueryContext {
    const context = this.session.context();
    const entries = Object.entries(tables).map(([name, rel]) => [name, { query: STAND_IN, rel, columns: [], context }] as const);
    return { ...context, commonTables: new Map(entries) };
  }

  /** A name under which SQL can speak of a table that has none. */
  nameFor(rel: Rel): string {
    const name = `UnnamedTable$${this.#unnamed++}`;
    this.defineView(name, rel);
    return name;
  }

  defineView(name: string, rel: Rel): void {
    const { catalog } = this.session;
    const path = catalog.qualify(name.split(".").map((part) => part.replace(/^`|`$/g, "")));
    catalog.set({
      kind: "view",
      path,
      name: path.name,
      temporary: true,
      comment: null,
      columns: rel.columns,
      queryColumns: namesOf(rel),
      query: STAND_IN,
      rel,
    });
  }

  /** `*anonymous_datastream_source$1*`, counted up. */
  anonymousName(kind: string): string {
    this.#anonymous++;
    return `*anonymous_${kind}$${this.#anonymous}*`;
  }

  /** Adds what fills these sinks to the program's graph; gives the sinks. */
  addInserts(inserts: readonly BoundInsert[]): readonly StreamNode[] {
    const { options } = this.session;
    const shared = new SharedPlans();
    const plans = inserts.map((insert) => ({ sink: insert.sink, root: operatorPlan(sinkRel(insert), options, shared) }));
    const nodes = translate(plans, this.#translateOptions());
    this.builder.adopt(nodes);
    return nodes.filter(({ body }) => body.kind === "sink");
  }

  /** Adds what computes the rows; gives the node that emits them. */
  addQuery(root: OperatorPlan): StreamNode {
    const { nodes, lastId } = translateQuery(root, this.#translateOptions());
    this.builder.adopt(nodes);
    return this.builder.nodeAt(lastId);
  }

  #translateOptions(): TranslateOptions {
    const { options } = this.session;
    const session = sessionSettings(options);
    return {
      firstId: this.builder.size + 1,
      session,
      provided: this.streams,
      evaluation: sessionEvaluation(session),
      watermarks: { idleTimeoutMs: durationMs(options.get("table.exec.source.idle-timeout") ?? "0") ?? 0, recordsPerWatermark: null },
      dropNulls: options.get("table.exec.sink.not-null-enforcer")?.toUpperCase() === "DROP",
      tapOf: () => null,
    };
  }

  /** Hands the part of the graph that fills these sinks over as a job. */
  submit(inserts: readonly BoundInsert[]): string {
    const name = jobName(inserts, this.session.options);
    this.submitNodes(name, this.addInserts(inserts));
    return name;
  }

  submitNodes(name: string, ends: readonly StreamNode[]): void {
    submitJob(upstreamOf(this.builder.build(name), ends));
  }
}

/** Nothing: what stands where a statement is wanted and a table is already there. */
const STAND_IN: Query = {
  kind: "query",
  with: [],
  recursive: false,
  body: { kind: "values", rows: [], span: NOWHERE },
  orderBy: [],
  limit: null,
  offset: null,
  span: NOWHERE,
};

/** A query for a table by its name. */
export function queryOfTable(name: string): Query {
  return {
    ...STAND_IN,
    body: {
      kind: "select",
      distinct: false,
      stream: false,
      hints: [],
      items: [{ expr: { kind: "star", qualifier: [], span: NOWHERE }, alias: null, span: NOWHERE }],
      from: { kind: "table", path: [identifier(name)], alias: null, asOf: null, hints: [], span: NOWHERE },
      where: null,
      groupBy: null,
      groupDistinct: false,
      having: null,
      windows: [],
      qualify: null,
      span: NOWHERE,
    },
  };
}

export function insertInto(path: string, overwrite = false): InsertInto {
  const parts = path.split(".").map((part) => identifier(part.replace(/^`|`$/g, "")));
  const none = { hints: [], partition: [], columns: [], onConflict: null, upsert: false };
  return { kind: "insert", ...none, overwrite, path: parts, query: STAND_IN, span: NOWHERE };
}

function upstreamOf(graph: StreamGraph, ends: readonly StreamNode[]): StreamGraph {
  const needed = new Set(ends.map(({ id }) => id));
  for (const node of [...graph.nodes].reverse()) if (needed.has(node.id)) for (const { sourceId } of node.inputs) needed.add(sourceId);
  return { ...graph, nodes: graph.nodes.filter(({ id }) => needed.has(id)) };
}

function placeIn(text: string, offset: number): string {
  const { line, column } = textSpanOf(text, { start: offset, end: offset });
  return ` (line ${line}, column ${column} of the statement)`;
}
