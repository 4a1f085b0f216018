/**
 * Physical nodes to operators, by family: what a node says about its work becomes the options of an operator, and an Exchange below it how
 * the operator's input is distributed. Halves of an aggregation that share nothing but an exchange run as one.
 */
import { bundleRows } from "./bundle-rows.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import { invariant } from "../../../base/invariant.ts";
import { constantValue } from "../../2-analyze/constant.ts";
import { inputRef, isIdentity, literalOf, mapLeaves, type Rex, rewriteRex } from "../../2-analyze/rex.ts";
import { describe } from "../../3-plan/explain/physical-text.ts";
import { isAsyncCall } from "../../3-plan/split-async.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { ChangelogNormalize, MiniBatchAssigner, PhysicalNode, TableSourceScan } from "../../3-plan/physical.ts";
import type { Distribution, OperatorPlan } from "../operator-plan.ts";
import { asyncCallOperator } from "../operators/async-calc.ts";
import { CalcOperator } from "../operators/calc-operator.ts";
import { ChangelogNormalizeOperator } from "../operators/changelog-normalize.ts";
import { DropUpdateBeforeOperator } from "../operators/drop-update-before.ts";
import { ExpandOperator } from "../operators/expand-operator.ts";
import { MiniBatchChangelogNormalizeOperator } from "../operators/mini-batch/mini-batch-changelog-normalize.ts";
import { ProcTimeMiniBatchAssignerOperator, RowTimeMiniBatchAssignerOperator } from "../operators/mini-batch/mini-batch-assigner.ts";
import { ReplicateRowsOperator } from "../operators/replicate-rows.ts";
import type { SessionSettings } from "../operators/sql-operator.ts";
import { UnnestOperator } from "../operators/unnest-operator.ts";
import { SessionTableFunctionOperator } from "../operators/session-table-function.ts";
import { WindowTableFunctionOperator } from "../operators/window-table-function.ts";
import { lowerGroupAggregate, lowerGroupWindow, lowerWindowAggregate } from "./lower-aggregate.ts";
import { lowerOver } from "./lower-over.ts";
import { lowerIntervalJoin, lowerJoin, lowerLookupJoin, lowerTemporalJoin, lowerWindowJoin } from "./lower-join.ts";
import { lowerMultiJoin } from "./lower-multi-join.ts";
import { lowerMatch } from "./lower-match.ts";
import { binaryRowHash } from "../java-map-order.ts";
import { joinsWithSeenOrder } from "./seen-orders.ts";
import { SharedPlans } from "./shared-plans.ts";
import { lowerProcess } from "./lower-process.ts";
import { lowerLimit, lowerRank, lowerSortLimit, lowerTemporalSort, lowerWindowDeduplicate, lowerWindowRank } from "./lower-rank.ts";

export interface Lowering {
  readonly session: SessionSettings;
  /** Their rows must come in Flink's order. */
  readonly ordered: ReadonlySet<PhysicalNode>;
  lower(node: PhysicalNode): OperatorPlan;
}

/** An input and how its rows come to the operator. */
export interface LoweredInput {
  readonly input: OperatorPlan;
  readonly distribution: Distribution;
}

/** @param shared operators of the job so far; null = equal parts run each for itself. */
export function lowerPlan(root: PhysicalNode, session: SessionSettings, shared: SharedPlans | null = new SharedPlans()): OperatorPlan {
  const ordered = joinsWithSeenOrder(root);
  const once = shared?.within(ordered) ?? ((_node: PhysicalNode, make: () => OperatorPlan) => make());
  const lowering: Lowering = { session, ordered, lower: (node) => once(node, () => lower(node, lowering)) };
  return lowering.lower(root);
}

export function lowerInput(node: PhysicalNode, lowering: Lowering): LoweredInput {
  if (node.kind !== "Exchange") return { input: lowering.lower(node), distribution: { kind: "any" } };
  return { input: lowering.lower(node.input), distribution: node.distribution };
}

type OneInput = Extract<OperatorPlan["body"], { kind: "one" }>;

export function oneInput(node: PhysicalNode, { input, distribution }: LoweredInput, create: OneInput["create"]): OperatorPlan {
  return { ...labelOf(node), columns: node.columns, body: { kind: "one", input, distribution, create } };
}

/** Name and attributes as the execution plan has them. */
export function labelOf(node: PhysicalNode): { readonly name: string; readonly detail: string } {
  const text = describe(node, "execution");
  const at = text.indexOf("(");
  return at < 0 ? { name: text, detail: "" } : { name: text.slice(0, at), detail: text.slice(at + 1, -1) };
}

function lowerChangelogNormalize(node: ChangelogNormalize, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const { condition } = node;
  const maxRows = bundleRows(session);
  const input = lowerInput(node.input, lowering);
  const types = node.input.columns.map(({ type }) => type);
  return maxRows === null
    ? oneInput(node, input, () => new ChangelogNormalizeOperator(session, condition))
    : oneInput(node, input, () => new MiniBatchChangelogNormalizeOperator(session, condition, maxRows, binaryRowHash(types, node.keys)));
}

function lower(node: PhysicalNode, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  switch (node.kind) {
    case "TableSourceScan":
      return lowerScan(node, session);
    case "Values":
      return { ...labelOf(node), columns: node.columns, body: { kind: "values", rows: node.rows } };
    case "Calc":
      return node.isAsync === true ? lowerAsyncCalc(node, lowering) : lowerCalc(node, lowering);
    case "Exchange":
    case "WatermarkAssigner":
      // Watermarks come out of the source.
      return lowering.lower(node.input);
    case "MiniBatchAssigner":
      return miniBatchesOver(node, lowering.lower(node.input));
    case "ChangelogNormalize":
      return lowerChangelogNormalize(node, lowering);
    case "DropUpdateBefore":
      return oneInput(node, lowerInput(node.input, lowering), () => new DropUpdateBeforeOperator(session));
    case "Expand":
      return oneInput(node, lowerInput(node.input, lowering), () => new ExpandOperator(session, node.projects));
    case "Correlate":
      return lowerCorrelate(node, lowering);
    case "GroupAggregate":
      return lowerGroupAggregate(node, lowering);
    case "WindowAggregate":
      return lowerWindowAggregate(node, lowering);
    case "GroupWindowAggregate":
      return lowerGroupWindow(node, lowering);
    case "WindowTableFunction": {
      const { spec, origin, localTime } = node.windowing;
      invariant(origin.kind === "time", "a table function makes windows of times");
      const timeField = origin.attribute === "PROCTIME" ? -1 : origin.field;
      if (spec.kind === "session") {
        const options = { gapMs: spec.gapMs, timeField, localTime };
        return oneInput(node, lowerInput(node.input, lowering), () => new SessionTableFunctionOperator(session, options));
      }
      return oneInput(node, lowerInput(node.input, lowering), () => new WindowTableFunctionOperator(session, spec, timeField, localTime));
    }
    case "OverAggregate":
      return lowerOver(node, lowering);
    case "Rank":
      return lowerRank(node, lowering);
    case "WindowRank":
      return lowerWindowRank(node, lowering);
    case "WindowDeduplicate":
      return lowerWindowDeduplicate(node, lowering);
    case "SortLimit":
      return lowerSortLimit(node, lowering);
    case "Limit":
      return lowerLimit(node, lowering);
    case "TemporalSort":
      return lowerTemporalSort(node, lowering);
    case "Join":
      return lowerJoin(node, lowering);
    case "MultiJoin":
      return lowerMultiJoin(node, lowering);
    case "IntervalJoin":
      return lowerIntervalJoin(node, lowering);
    case "WindowJoin":
      return lowerWindowJoin(node, lowering);
    case "TemporalJoin":
      return lowerTemporalJoin(node, lowering);
    case "LookupJoin":
      return lowerLookupJoin(node, lowering);
    case "Match":
      return lowerMatch(node, lowering);
    case "ProcessTableFunction":
      return lowerProcess(node, lowering);
    case "Union":
      return {
        ...labelOf(node),
        columns: node.columns,
        body: { kind: "union", inputs: node.inputs.map((input) => lowering.lower(input)) },
      };
    case "Sink":
      return lowering.lower(node.input);
  }
}

function miniBatchesOver(node: MiniBatchAssigner, input: OperatorPlan): OperatorPlan {
  const { intervalMs, mode } = node;
  return oneInput(node, { input, distribution: { kind: "any" } }, () =>
    mode === "ProcTime" ? new ProcTimeMiniBatchAssignerOperator(intervalMs) : new RowTimeMiniBatchAssignerOperator(intervalMs),
  );
}

function scanPlan(node: TableSourceScan): OperatorPlan {
  const columns = node.table.columns.map(({ name, type }) => ({ name, type }));
  return { ...labelOf(node), columns, body: { kind: "scan", table: node.table } };
}

/** A source gives a place for every column of its table; what is planned has those of the connector only. */
function isWhole(node: TableSourceScan): boolean {
  return node.fields.length === node.table.columns.length;
}

function lowerScan(node: TableSourceScan, session: SessionSettings): OperatorPlan {
  const scan = scanPlan(node);
  if (isWhole(node)) return scan;
  const projection = node.fields.map((field, i) => inputRef(field, node.columns[i].type));
  const create = (): CalcOperator => new CalcOperator(session, null, projection);
  return { ...labelOf(node), columns: node.columns, body: { kind: "one", input: scan, distribution: { kind: "any" }, create } };
}

function lowerCalc(node: Extract<PhysicalNode, { kind: "Calc" }>, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const scan = sourceBelow(node.input);
  const fields = scan !== null && !isWhole(scan) ? scan.fields : null;
  const moved = (rex: Rex): Rex =>
    withoutLiteralCasts(
      fields === null ? rex : mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(fields[leaf.index], leaf.type) : leaf)),
    );
  const input: LoweredInput =
    fields === null || scan === null ? lowerInput(node.input, lowering) : { input: wholeSource(node.input), distribution: { kind: "any" } };
  const condition = node.condition === null ? null : moved(node.condition);
  const same = fields === null && isIdentity(node.projection, node.input.columns.length);
  const projection = same ? null : node.projection.map(moved);
  return oneInput(node, input, () => new CalcOperator(session, condition, projection));
}

/** `d > 1` over a DOUBLE compares with 1.0, made once. */
function withoutLiteralCasts(rex: Rex): Rex {
  return rewriteRex(rex, (part) =>
    part.kind === "call" &&
    (part.options.implicit === true || part.options.pinned === true) &&
    part.args[0].kind === "literal" &&
    !asksZone(part.args[0].type, part.type)
      ? literalOf(constantValue(part), part.type)
      : part,
  );
}

/** The session's zone is known where rows are. */
function asksZone(from: LogicalType, to: LogicalType): boolean {
  return from.root !== to.root && (from.root === "TIMESTAMP_LTZ" || to.root === "TIMESTAMP_LTZ");
}

function sourceBelow(node: PhysicalNode): TableSourceScan | null {
  if (node.kind === "TableSourceScan") return node;
  return node.kind === "WatermarkAssigner" || node.kind === "MiniBatchAssigner" ? sourceBelow(node.input) : null;
}

/** The same with a place for every column of the table. */
function wholeSource(node: PhysicalNode): OperatorPlan {
  switch (node.kind) {
    case "TableSourceScan":
      return scanPlan(node);
    case "MiniBatchAssigner":
      return miniBatchesOver(node, wholeSource(node.input));
    case "WatermarkAssigner":
      return wholeSource(node.input);
    default:
      invariant(false, `a ${node.kind} is no source`);
  }
}

function lowerAsyncCalc(node: Extract<PhysicalNode, { kind: "Calc" }>, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const { projection } = node;
  const call = projection.find(isAsyncCall);
  invariant(call !== undefined, "an AsyncCalc without a call");
  const fields = projection.map((rex) => (rex.kind === "input" ? rex.index + FIELD_OFFSET : -1));
  const rowsOf = (row: Row, value: unknown): Row[] => [[row[0], ...fields.map((at) => (at < 0 ? value : row[at]))]];
  return oneInput(node, lowerInput(node.input, lowering), () => asyncCallOperator(session, session.asyncScalar, call, rowsOf));
}

function lowerCorrelate(node: Extract<PhysicalNode, { kind: "Correlate" }>, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const input = lowerInput(node.input, lowering);
  const { call, outer, condition } = node;
  if (call.kind === "replicateRows") return oneInput(node, input, () => new ReplicateRowsOperator(session));
  const { collection, elementFields, withOrdinality } = call;
  const width = node.columns.length - node.input.columns.length;
  if (isAsyncCall(collection)) {
    const padding: unknown[] = Array(width).fill(null);
    const rowsOf = (row: Row, value: unknown): Row[] => {
      const rows = value as readonly unknown[][];
      return rows.length === 0 && outer ? [[...row, ...padding]] : rows.map((each) => [...row, ...each]);
    };
    return oneInput(node, input, () => asyncCallOperator(session, session.asyncTable, collection, rowsOf));
  }
  return oneInput(node, input, () => new UnnestOperator(session, { collection, elementFields, withOrdinality, outer, width, condition }));
}
