/**
 * Pass 2 over the physical tree, from the top down: does an edge have to carry -U before +U? A node asks its inputs for what it needs to give
 * its parent what that asked for; where an input cannot, the next best is tried. What the pass decides it writes into the nodes: the kinds of
 * rows they emit, whether aggregates have to take rows back, how a Top-N keeps its rows. Steps that nobody needs go: a normalization of
 * upserts above which every row is found by its key, and -U that a source gives but nobody reads.
 */
import type { AggregateCall } from "../../2-analyze/rel.ts";
import { inputsOf } from "../../2-analyze/rex.ts";
import { ALL_CHANGES, INSERTS } from "../build.ts";
import type { GroupAggregate, MultiJoin, PhysicalNode, ProcessTableFunction, Rank, RankStrategy, SortLimit } from "../physical.ts";
import { tablesOf } from "../plan-process.ts";
import { uniqueKeys } from "../unique-keys.ts";
import { upsertKeys } from "../upsert-keys.ts";
import { aggregateMonotonicities, monotonicitiesOf, movesForwardOnly } from "./monotonicity.ts";
import type { ModifyKinds, ModifyKindsOf } from "./modify-kinds.ts";

export type UpdateKind = "NONE" | "ONLY_UPDATE_AFTER" | "BEFORE_AND_AFTER";

export interface UpdateKindContext {
  readonly kinds: ModifyKindsOf;
}

/** The tree with its changelogs, or null when the request cannot be met. */
export function inferUpdateKinds(node: PhysicalNode, required: UpdateKind, context: UpdateKindContext): PhysicalNode | null {
  return new UpdateKindPass(context.kinds).visit(node, required);
}

class UpdateKindPass {
  private readonly kinds: ModifyKindsOf;

  constructor(kinds: ModifyKindsOf) {
    this.kinds = kinds;
  }

  private kindsOf(node: PhysicalNode): ModifyKinds {
    return this.kinds.get(node)!;
  }

  /** A full changelog, if there are updates at all. */
  private full(node: PhysicalNode): UpdateKind {
    return this.kindsOf(node).update ? "BEFORE_AND_AFTER" : "NONE";
  }

  private onlyAfter(node: PhysicalNode): UpdateKind {
    return this.kindsOf(node).update ? "ONLY_UPDATE_AFTER" : "NONE";
  }

  private done<T extends PhysicalNode>(original: PhysicalNode, node: T, update: UpdateKind): T {
    const kinds = this.kindsOf(original);
    const emitted =
      !kinds.update && !kinds.delete
        ? INSERTS
        : { updateBefore: kinds.update && update === "BEFORE_AND_AFTER", updateAfter: kinds.update, delete: kinds.delete };
    return { ...node, changelog: emitted };
  }

  visit(node: PhysicalNode, required: UpdateKind): PhysicalNode | null {
    switch (node.kind) {
      case "TableSourceScan":
        return this.visitScan(node, required);
      case "Values":
        return this.done(node, node, "NONE");
      case "ChangelogNormalize": {
        const input = this.visit(node.input, "ONLY_UPDATE_AFTER");
        if (input === null) return null;
        // Every row is found by its key: the upserts may go on as they are.
        if (required === "ONLY_UPDATE_AFTER" && node.condition === null) return input.kind === "Exchange" ? input.input : input;
        return { ...node, input, changelog: { ...ALL_CHANGES, updateBefore: required === "BEFORE_AND_AFTER" } };
      }
      case "Calc": {
        if (required === "ONLY_UPDATE_AFTER" && node.condition !== null && !asksKeysOnly(node)) return null;
        return this.through(node, required);
      }
      case "Exchange":
      case "WindowTableFunction":
      case "WatermarkAssigner":
      case "MiniBatchAssigner":
      case "Expand":
      case "LookupJoin":
      case "DropUpdateBefore":
      case "Sink":
        return this.through(node, required);
      case "Correlate":
        return required === "ONLY_UPDATE_AFTER" && (node.condition !== null || node.call.kind === "replicateRows")
          ? null
          : this.through(node, required);
      case "Limit": {
        const input = this.visit(node.input, this.full(node.input));
        return input === null ? null : this.done(node, { ...node, input }, required);
      }
      case "GroupAggregate":
        return this.visitGroupAggregate(node, required);
      case "WindowAggregate": {
        const input = this.visit(node.input, this.full(node.input));
        if (input === null) return null;
        const retract = node.phase === "GLOBAL" ? localRetract(input) : this.takesBack(node.input);
        return this.done(node, { ...node, input, retract }, node.phase === "LOCAL" ? this.full(node) : required);
      }
      case "GroupWindowAggregate": {
        const input = this.visit(node.input, this.full(node.input));
        return input === null ? null : this.done(node, { ...node, input, retract: this.takesBack(node.input) }, required);
      }
      case "OverAggregate": {
        const input = this.visit(node.input, this.full(node.input));
        return input === null ? null : this.done(node, { ...node, input }, required);
      }
      case "WindowRank":
      case "WindowDeduplicate":
      case "TemporalSort":
      case "Match": {
        const input = this.visit(node.input, "NONE");
        return input === null ? null : this.done(node, { ...node, input }, "NONE");
      }
      case "ProcessTableFunction":
        return this.visitProcess(node, required);
      case "Rank":
        return this.visitRank(node, required);
      case "SortLimit":
        return this.visitSortLimit(node, required);
      case "Join":
        return this.visitJoin(node, required);
      case "MultiJoin":
        return this.visitMultiJoin(node, required);
      case "IntervalJoin":
      case "WindowJoin": {
        const left = this.visit(node.left, "NONE");
        const right = this.visit(node.right, "NONE");
        return left === null || right === null ? null : this.done(node, { ...node, left, right }, "NONE");
      }
      case "TemporalJoin": {
        const left = this.visit(node.left, required === "ONLY_UPDATE_AFTER" ? this.onlyAfter(node.left) : this.full(node.left));
        const right = this.visit(node.right, this.onlyAfter(node.right)) ?? this.visit(node.right, this.full(node.right));
        return left === null || right === null ? null : this.done(node, { ...node, left, right }, required);
      }
      case "Union": {
        const inputs: PhysicalNode[] = [];
        for (const input of node.inputs) {
          const kinds = this.kindsOf(input);
          const visited = this.visit(input, kinds.update ? required : "NONE");
          if (visited === null) return null;
          inputs.push(visited);
        }
        return this.done(node, { ...node, inputs }, required);
      }
    }
  }

  private through(node: Extract<PhysicalNode, { readonly input: PhysicalNode }>, required: UpdateKind): PhysicalNode | null {
    const input = this.visit(node.input, this.kindsOf(node.input).update ? required : "NONE");
    return input === null ? null : this.done(node, { ...node, input }, required);
  }

  private takesBack(input: PhysicalNode): boolean {
    const kinds = this.kindsOf(input);
    return kinds.update || kinds.delete;
  }

  private visitScan(node: Extract<PhysicalNode, { kind: "TableSourceScan" }>, required: UpdateKind): PhysicalNode | null {
    const mode = node.table.changelogMode;
    if (mode === "insert") return { ...node, changelog: INSERTS };
    if (mode === "upsert") {
      const upserts = { updateBefore: false, updateAfter: true, delete: true };
      return required === "BEFORE_AND_AFTER" ? null : { ...node, changelog: upserts };
    }
    const scan: PhysicalNode = { ...node, changelog: ALL_CHANGES };
    if (required !== "ONLY_UPDATE_AFTER") return scan;
    return { kind: "DropUpdateBefore", input: scan, columns: node.columns, changelog: { ...ALL_CHANGES, updateBefore: false } };
  }

  private visitGroupAggregate(node: GroupAggregate, required: UpdateKind): PhysicalNode | null {
    const input = this.visit(node.input, this.full(node.input));
    if (input === null) return null;
    const retract = node.phase === "GLOBAL" || node.phase === "INCREMENTAL" ? localRetract(input) : this.takesBack(node.input);
    const calls = node.phase === "GLOBAL" ? this.callsBehind(node, input) : this.extremesKept(node, retract);
    return this.done(node, { ...node, input, retract, calls }, required);
  }

  /** Where rows stay in their groups and values only move one way, MAX and MIN need not remember what is taken back. */
  private extremesKept(node: GroupAggregate, retract: boolean): readonly AggregateCall[] {
    if (!retract || node.phase === "INCREMENTAL" || this.kindsOf(node.input).delete) return node.calls;
    const changes = aggregateMonotonicities(node, this.kinds);
    if (changes === null) return node.calls;
    return node.calls.map((call, i): AggregateCall => {
      const wanted = call.fn.name === "MAX" ? "growing" : call.fn.name === "MIN" ? "shrinking" : null;
      const change = changes[node.keys.length + i];
      return wanted !== null && (change === wanted || change === "constant") ? { ...call, keepsExtreme: true } : call;
    });
  }

  /** What the first half can do without, the second can too. */
  private callsBehind(node: GroupAggregate, input: PhysicalNode): readonly AggregateCall[] {
    const local = input.kind === "Exchange" ? input.input : input;
    return local.kind === "GroupAggregate" && local.phase === "LOCAL"
      ? node.calls.map((call, i) => (local.calls[i].keepsExtreme === true ? { ...call, keepsExtreme: true } : call))
      : node.calls;
  }

  /** A function says which kinds of rows it gives and takes; upserts will do where PARTITION BY has every version of a row meet. */
  private visitProcess(node: ProcessTableFunction, required: UpdateKind): PhysicalNode | null {
    const given = node.fn.changelog(node.args);
    if (given === "upsert" && required === "BEFORE_AND_AFTER") return null;
    if (given === "retract" && required === "ONLY_UPDATE_AFTER") return null;
    const tables = tablesOf(node);
    const inputs: PhysicalNode[] = [];
    for (const [i, input] of node.inputs.entries()) {
      const table = tables[i];
      const upserts =
        table?.isSet === true && !table.traits.has("REQUIRE_UPDATE_BEFORE") && isKey(table.given.partition, upsertKeys(input));
      const visited = (upserts ? this.visit(input, this.onlyAfter(input)) : null) ?? this.visit(input, this.full(input));
      if (visited === null) return null;
      inputs.push(visited);
    }
    return this.done(
      node,
      { ...node, inputs },
      given === "upsert" ? "ONLY_UPDATE_AFTER" : required === "NONE" ? this.full(node) : required,
    );
  }

  private visitRank(node: Rank, required: UpdateKind): PhysicalNode | null {
    if (node.deduplicate !== null && !this.takesBack(node.input)) {
      const input = this.visit(node.input, "NONE");
      return input === null ? null : this.done(node, { ...node, input, strategy: { kind: "AppendFast" } }, required);
    }
    for (const strategy of this.strategiesOf(node)) {
      const input = this.visit(node.input, this.inputKind(strategy, node.input));
      if (input !== null) return this.done(node, { ...node, input, strategy, deduplicate: null }, required);
    }
    return null;
  }

  private visitSortLimit(node: SortLimit, required: UpdateKind): PhysicalNode | null {
    for (const strategy of this.strategiesOf(node)) {
      const input = this.visit(node.input, this.inputKind(strategy, node.input));
      if (input !== null) return this.done(node, { ...node, input, strategy }, required);
    }
    return null;
  }

  private inputKind(strategy: RankStrategy, input: PhysicalNode): UpdateKind {
    if (strategy.kind === "AppendFast") return "NONE";
    return strategy.kind === "UpdateFast" ? this.onlyAfter(input) : this.full(input);
  }

  /** The cheapest first. */
  private strategiesOf(node: Rank | SortLimit): readonly RankStrategy[] {
    const kinds = this.kindsOf(node.input);
    if (!kinds.update && !kinds.delete) return [{ kind: "AppendFast" }];
    const partition = node.kind === "Rank" ? node.partition : [];
    const keys = upsertKeys(node.input);
    const key =
      keys.find((each) => partition.every((field) => each.includes(field))) ??
      uniqueKeys(node.input).find((each) => partition.every((field) => each.includes(field)));
    if (key === undefined) return [{ kind: "Retract" }];
    // An updated row may only move towards the front.
    const changes = monotonicitiesOf(node.input, this.kinds);
    const forward = changes !== null && node.order.every((sort) => movesForwardOnly(changes[sort.field], sort.descending));
    return forward ? [{ kind: "UpdateFast", keys: key }, { kind: "Retract" }] : [{ kind: "Retract" }];
  }

  private visitJoin(node: Extract<PhysicalNode, { kind: "Join" }>, required: UpdateKind): PhysicalNode | null {
    const left = this.visitJoined(node.left, node.leftKeys, required);
    const right = left === null ? null : this.visitJoined(node.right, node.rightKeys, required);
    return left === null || right === null ? null : this.done(node, { ...node, left, right }, required);
  }

  private visitMultiJoin(node: MultiJoin, required: UpdateKind): PhysicalNode | null {
    const inputs: PhysicalNode[] = [];
    for (const [i, input] of node.inputs.entries()) {
      const visited = this.visitJoined(input, node.commonKeys[i], required);
      if (visited === null) return null;
      inputs.push(visited);
    }
    return this.done(node, { ...node, inputs }, required);
  }

  private visitJoined(input: PhysicalNode, keys: readonly number[], required: UpdateKind): PhysicalNode | null {
    const { update } = this.kindsOf(input);
    // All versions of a row must meet under one join key.
    const together = uniqueKeys(input).some((unique) => keys.every((field) => unique.includes(field)));
    if (required === "ONLY_UPDATE_AFTER" && update && !together) return null;
    return this.visit(input, required === "ONLY_UPDATE_AFTER" ? this.onlyAfter(input) : this.full(input));
  }
}

/** A condition on the key alone lets either all versions of a row through or none. */
function asksKeysOnly(node: Extract<PhysicalNode, { kind: "Calc" }>): boolean {
  const fields = [...inputsOf(node.condition!)];
  return upsertKeys(node.input).some((key) => fields.every((field) => key.includes(field)));
}

function isKey(fields: readonly number[], keys: readonly (readonly number[])[]): boolean {
  return keys.some((key) => key.length === fields.length && key.every((field) => fields.includes(field)));
}

function localRetract(input: PhysicalNode): boolean {
  const local = input.kind === "Exchange" ? input.input : input;
  return (local.kind === "GroupAggregate" || local.kind === "WindowAggregate") && local.retract;
}
