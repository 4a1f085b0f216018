/** Physical trees to the stream graph that the runtime deploys. Nodes get the same ids at every evaluation. */
import { CollectionSource } from "../../connectors/collection-source.ts";
import type { Sink, Source } from "../../flow/connector.ts";
import type { Partitioning, StreamEdge, StreamNode } from "../../graph/stream-graph.ts";
import { WatermarkStrategy } from "../../operators/watermarks/watermark-strategy.ts";
import { invariant } from "../../base/invariant.ts";
import { INSERT } from "../../types/row-kind.ts";
import type { Row } from "../../types/row.ts";
import { constantValue } from "../2-analyze/constant.ts";

import type { CatalogTable } from "../catalog/catalog.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import { printedRow } from "./connectors/print.ts";
import type { TableSink } from "./connectors/connector.ts";
import { resolveSink, resolveSource } from "./connectors/registry.ts";
import { TableOptions } from "./connectors/table-options.ts";
import { type TableSource, type WatermarkSettings, watermarksOf } from "./source-watermarks.ts";
import { keySelectorOf } from "./key-of.ts";
import type { Distribution, OperatorPlan } from "./operator-plan.ts";
import { ForwardOperator } from "./operators/forward-operator.ts";
import { addTopology, hasTopology } from "./sink-topology.ts";
import { SinkPreparationOperator } from "./operators/sink-preparation.ts";
import type { SessionSettings } from "./operators/sql-operator.ts";

export interface SinkPlan {
  readonly sink: CatalogTable;
  readonly root: OperatorPlan;
}

/** A table that code stands behind, in place of a connector: benches and tests read and write native rows. */
export interface ProvidedTable {
  /** Rows of the physical columns, with their watermarks. */
  readonly source?: TableSource;
  /** Of the source; default = the job's. */
  readonly parallelism?: number;
  /** Takes rows of the persisted columns. */
  readonly sink?: Sink<Row>;
  /** Instead of `source`: a node of the program's that emits the rows already. */
  readonly node?: StreamNode;
}

export interface TranslateOptions {
  /** Id of the first node that is made; default 1. */
  readonly firstId?: number;
  readonly session: SessionSettings;
  readonly provided?: ReadonlyMap<string, ProvidedTable> | undefined;
  readonly evaluation: EvalContext;
  readonly watermarks: WatermarkSettings;
  readonly dropNulls: boolean;
  /** A sink beside the table's own that gets the same rows; null = none. */
  readonly tapOf: (table: CatalogTable) => Sink<unknown> | null;
}

export function translate(plans: readonly SinkPlan[], options: TranslateOptions): StreamNode[] {
  return new Translation(options).run(plans);
}

/** A query without a sink: the nodes, of which the last one (or one that was there before) emits its rows. */
export function translateQuery(root: OperatorPlan, options: TranslateOptions): { readonly nodes: StreamNode[]; readonly lastId: number } {
  return new Translation(options).runQuery(root);
}

class Translation {
  private readonly options: TranslateOptions;
  private readonly nodes: StreamNode[] = [];
  /** Tables are read once, however often the script names them. */
  private readonly sources = new Map<CatalogTable, number>();
  private readonly added = new Map<OperatorPlan, number>();
  private readonly context: EvalContext;
  /** Nodes by id that are read here and were there before. */
  private readonly foreign = new Map<number, StreamNode>();

  constructor(options: TranslateOptions) {
    this.options = options;
    this.context = options.evaluation;
  }

  run(plans: readonly SinkPlan[]): StreamNode[] {
    for (const { sink, root } of plans) this.addSink(sink, this.add(root));
    return this.nodes;
  }

  runQuery(root: OperatorPlan): { nodes: StreamNode[]; lastId: number } {
    const lastId = this.add(root);
    return { nodes: this.nodes, lastId };
  }

  private get firstId(): number {
    return this.options.firstId ?? 1;
  }

  private nodeOf(id: number): StreamNode {
    return this.foreign.get(id) ?? this.nodes[id - this.firstId];
  }

  /**
   * As in Flink, a node whose rows stay where they are has its inputs' parallelism: else what one subtask gave in order would be spread over several
   * and meet again in another order. Only an exchange by hash begins anew with the job's parallelism.
   */
  private push(name: string, body: StreamNode["body"], inputs: readonly StreamEdge[], more: Partial<StreamNode> = {}): number {
    const id = this.firstId + this.nodes.length;
    const ofInputs = new Set(
      inputs.map(({ sourceId, partitioning }) => (partitioning === undefined ? this.nodeOf(sourceId).parallelism : undefined)),
    );
    this.nodes.push({
      id,
      name,
      uid: undefined,
      parallelism: ofInputs.size === 1 ? [...ofInputs][0] : undefined,
      maxParallelism: undefined,
      chaining: "ALWAYS",
      slotSharingGroup: undefined,
      body,
      inputs,
      keySelectors: inputs.map((edge) => (edge.partitioning?.kind === "hash" ? edge.partitioning.keySelector : undefined)),
      position: undefined,
      outputIsImmutable: body.kind !== "sink",
      ...more,
    });
    return id;
  }

  private edge(sourceId: number, distribution: Distribution, input: 1 | 2 = 1): StreamEdge {
    return { sourceId, sideOutput: undefined, partitioning: partitioningOf(distribution), input };
  }

  private add(node: OperatorPlan): number {
    const known = this.added.get(node);
    if (known !== undefined) return known;
    const id = this.addNew(node);
    this.added.set(node, id);
    return id;
  }

  private addNew(node: OperatorPlan): number {
    const { body } = node;
    switch (body.kind) {
      case "scan":
        return this.addScan(body.table);
      case "values": {
        const rows = body.rows.map((row): Row => [INSERT, ...row.map((rex) => constantValue(rex, this.context))]);
        const source = new CollectionSource<Row>(rows) as unknown as Source<unknown>;
        return this.push("Values", { kind: "source", source, watermarks: WatermarkStrategy.noWatermarks<unknown>() }, [], {
          parallelism: 1,
        });
      }
      case "union": {
        const inputs = body.inputs.map((input) => this.edge(this.add(input), { kind: "any" }));
        const { session } = this.options;
        return this.push("Union", { kind: "oneInput", createOperator: () => new ForwardOperator(session) }, inputs, {
          keySelectors: [undefined],
        });
      }
      case "one": {
        const input = this.edge(this.add(body.input), body.distribution);
        const more = keyedLike([body.distribution]);
        return this.push(nameOf(node), { kind: "oneInput", createOperator: body.create }, [input], more);
      }
      case "two": {
        const left = this.edge(this.add(body.left), body.distributions[0], 1);
        const right = this.edge(this.add(body.right), body.distributions[1], 2);
        const more = keyedLike(body.distributions);
        return this.push(nameOf(node), { kind: "twoInput", createOperator: body.create }, [left, right], more);
      }
    }
  }

  private addScan(table: CatalogTable): number {
    const known = this.sources.get(table);
    if (known !== undefined) return known;
    const provided = this.options.provided?.get(table.name);
    if (provided?.node !== undefined) {
      this.foreign.set(provided.node.id, provided.node);
      return provided.node.id;
    }
    const { source, watermarks } = provided?.source ?? this.sourceOf(table);
    const parallelism = provided?.parallelism ?? new TableOptions(table.options).number("scan.parallelism");
    const id = this.push(table.name, { kind: "source", source: source as Source<unknown>, watermarks }, [], { parallelism });
    this.sources.set(table, id);
    return id;
  }

  private sourceOf(table: CatalogTable): TableSource {
    const { connector, context } = resolveSource(table, this.context);
    const { source } = connector.source!(context);
    return { source, watermarks: watermarksOf(table, this.context, this.options.watermarks) };
  }

  private sinkOf(table: CatalogTable): TableSink {
    const provided = this.options.provided?.get(table.name)?.sink;
    if (provided !== undefined) return { sink: provided as Sink<unknown> };
    const { connector, context } = resolveSink(table, this.context);
    return connector.sink!(context);
  }

  private addSink(table: CatalogTable, from: number): void {
    const { sink, wantsText = false, byPrimaryKey = false } = this.sinkOf(table);
    const columns = table.columns.filter((column) => column.persisted);
    const notNull = columns.flatMap((column, field) => (column.type.nullable ? [] : [{ field, name: column.name }]));
    const { session, dropNulls, tapOf } = this.options;
    const key = table.primaryKey.map((index) => columns.indexOf(table.columns[index]));
    invariant(!key.includes(-1), "a primary key column is persisted");
    const distribution: Distribution = byPrimaryKey ? { kind: "hash", keys: key } : { kind: "any" };
    let id = from;
    if (notNull.length > 0) {
      const create = () => new SinkPreparationOperator(session, { notNull, toText: null, dropNulls });
      id = this.push("ConstraintEnforcer", { kind: "oneInput", createOperator: create }, [this.edge(id, { kind: "any" })]);
    }
    const tap = tapOf(table);
    if (tap !== null)
      this.push(`${table.name} (captured)`, { kind: "sink", sink: tap }, [this.edge(id, distribution)], { keySelectors: [undefined] });
    if (wantsText) {
      const toText = (evaluation: EvalContext) => printedRow(columns, evaluation);
      const create = () => new SinkPreparationOperator(session, { notNull: [], toText, dropNulls });
      id = this.push("Print", { kind: "oneInput", createOperator: create }, [this.edge(id, { kind: "any" })]);
    }
    const parallelism = new TableOptions(table.options).number("sink.parallelism");
    const edge = this.edge(id, distribution);
    if (!hasTopology(sink)) {
      this.push(table.name, { kind: "sink", sink }, [edge], { keySelectors: [undefined], parallelism });
      return;
    }
    addTopology(sink, edge, (name, createOperator, input) => {
      const keySelectors = [input.partitioning?.kind === "hash" ? input.partitioning.keySelector : undefined];
      return this.nodeOf(this.push(`${table.name}: ${name}`, { kind: "oneInput", createOperator }, [input], { keySelectors, parallelism }));
    });
  }
}

function nameOf(node: OperatorPlan): string {
  return node.detail === "" ? node.name : `${node.name}(${node.detail})`;
}

/** Rows that all meet in one place have one key: operators keep their state by key. */
function keyedLike(distributions: readonly Distribution[]): Partial<StreamNode> {
  const keySelectors = distributions.map((distribution) =>
    distribution.kind === "any" ? undefined : keySelectorOf(distribution.kind === "hash" ? distribution.keys : []),
  );
  return distributions[0].kind === "single" ? { parallelism: 1, keySelectors } : { keySelectors };
}

function partitioningOf(distribution: Distribution): Partitioning | undefined {
  switch (distribution.kind) {
    case "hash":
      return { kind: "hash", keySelector: keySelectorOf(distribution.keys), neverNull: true };
    case "single":
      return { kind: "global" };
    case "any":
      return undefined;
  }
}
