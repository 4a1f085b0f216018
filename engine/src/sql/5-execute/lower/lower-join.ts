/** Joins. */
import { bundleRows } from "./bundle-rows.ts";
import { invariant } from "../../../base/invariant.ts";
import type { IntervalJoin, Join, JoinInputSpec, LookupJoin, PhysicalNode, TemporalJoin, WindowJoin } from "../../3-plan/physical.ts";
import { binaryRowHash } from "../java-map-order.ts";
import type { Distribution, OperatorPlan } from "../operator-plan.ts";
import { resolveLookup } from "../connectors/registry.ts";
import { sessionEvaluation } from "../../session-evaluation.ts";
import { castTo } from "../../2-analyze/rex-calls.ts";
import { inputRef } from "../../2-analyze/rex.ts";
import { constantValue } from "../../2-analyze/constant.ts";
import { IntervalJoinOperator } from "../operators/interval-join.ts";
import type { LookupRequest } from "../connectors/lookup-function.ts";
import { asyncLookupJoin } from "../operators/async-lookup-join.ts";
import { LookupJoinOperator } from "../operators/lookup-join.ts";
import type { LookupJoinOptions, LookupKey } from "../operators/lookup-rows.ts";
import type { JoinBundleHashes } from "../operators/mini-batch/join-bundle.ts";
import { type MiniBatchJoinHashes, MiniBatchJoinOperator } from "../operators/mini-batch/mini-batch-join.ts";
import {
  type JoinOptions,
  type JoinSideOptions,
  RegularJoinOperator,
  type RegularJoinOptions,
  SemiAntiJoinOperator,
} from "../operators/regular-join.ts";
import { TemporalJoinOperator } from "../operators/temporal-join.ts";
import { WindowJoinOperator } from "../operators/window-join.ts";
import { labelOf, lowerInput, type Lowering, oneInput } from "./lower.ts";

type AnyJoin = Join | IntervalJoin | WindowJoin;
type TwoInput = Extract<OperatorPlan["body"], { kind: "two" }>;

/** Keys in which NULL equals NULL are keys of the state, but none that a NULL would exclude. */
function optionsOf(node: AnyJoin): JoinOptions {
  const strict = node.leftKeys.flatMap((_, i) => (node.filterNulls[i] ? [i] : []));
  return {
    type: node.joinType,
    leftKeys: strict.map((i) => node.leftKeys[i]),
    rightKeys: strict.map((i) => node.rightKeys[i]),
    condition: node.nonEqui,
    leftWidth: node.left.columns.length,
    rightWidth: node.right.columns.length,
  };
}

function twoInputs(node: AnyJoin | TemporalJoin, lowering: Lowering, create: TwoInput["create"]): OperatorPlan {
  const left = lowerInput(node.left, lowering);
  const right = lowerInput(node.right, lowering);
  const distributions = [left.distribution, right.distribution] as const;
  return { ...labelOf(node), columns: node.columns, body: { kind: "two", left: left.input, right: right.input, distributions, create } };
}

/** Fields that tell an input's rows of one join key apart, null = all. */
function identityOf(spec: JoinInputSpec): readonly number[] | null {
  if (spec.kind === "NoUniqueKey") return null;
  return spec.kind === "HasUniqueKey" ? spec.keys : [];
}

function sideOf(input: PhysicalNode, spec: JoinInputSpec, ttlMs: number, ordered: boolean): JoinSideOptions {
  const unique = identityOf(spec);
  const types = input.columns.map(({ type }) => type);
  return { unique, ttlMs, hash: ordered ? binaryRowHash(types, unique ?? types.map((_, i) => i)) : null };
}

function bundleHashesOf(node: Join): MiniBatchJoinHashes {
  const hashes = (input: PhysicalNode, keys: readonly number[], spec: JoinInputSpec): JoinBundleHashes => {
    const types = input.columns.map(({ type }) => type);
    return { joinKey: binaryRowHash(types, keys), row: binaryRowHash(types, identityOf(spec) ?? types.map((_, i) => i)) };
  };
  return { left: hashes(node.left, node.leftKeys, node.leftSpec), right: hashes(node.right, node.rightKeys, node.rightSpec) };
}

export function lowerJoin(node: Join, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const ordered = lowering.ordered.has(node);
  const options: RegularJoinOptions = {
    ...optionsOf(node),
    left: sideOf(node.left, node.leftSpec, node.leftTtlMs ?? session.stateTtlMs, ordered),
    right: sideOf(node.right, node.rightSpec, node.rightTtlMs ?? session.stateTtlMs, ordered),
  };
  if (node.joinType === "semi" || node.joinType === "anti")
    return twoInputs(node, lowering, () => new SemiAntiJoinOperator(session, options));
  const maxRows = node.miniBatch ? bundleRows(session) : null;
  if (maxRows !== null) return twoInputs(node, lowering, () => new MiniBatchJoinOperator(session, options, maxRows, bundleHashesOf(node)));
  return twoInputs(node, lowering, () => new RegularJoinOperator(session, options));
}

export function lowerIntervalJoin(node: IntervalJoin, lowering: Lowering): OperatorPlan {
  const { leftTime, rightTime, lowerMs, upperMs } = node;
  const { session } = lowering;
  const times = { leftTime, rightTime, lowerMs, upperMs, cleanupDelayMs: session.intervalJoinCleanupMs };
  const options = { ...optionsOf(node), ...times, showsOrder: lowering.ordered.has(node) };
  return twoInputs(node, lowering, () => new IntervalJoinOperator(session, options));
}

export function lowerWindowJoin(node: WindowJoin, lowering: Lowering): OperatorPlan {
  const { leftWindowing, rightWindowing } = node;
  const { localTime } = leftWindowing;
  const options = { ...optionsOf(node), leftEnd: leftWindowing.origin.end, rightEnd: rightWindowing.origin.end, localTime };
  return twoInputs(node, lowering, () => new WindowJoinOperator(lowering.session, options));
}

export function lowerTemporalJoin(node: TemporalJoin, lowering: Lowering): OperatorPlan {
  const { joinType: type, nonEqui: condition, leftTime, rightTime } = node;
  invariant(rightTime >= 0, "joins by processing time are lookup joins");
  const widths = { leftWidth: node.left.columns.length, rightWidth: node.right.columns.length };
  const options = { type, condition, leftTime, rightTime, ...widths };
  return twoInputs(node, lowering, () => new TemporalJoinOperator(lowering.session, options));
}

export function lowerLookupJoin(node: LookupJoin, lowering: Lowering): OperatorPlan {
  const { table, joinType: type, keys, projection, tableCondition, condition, async, upsertKey } = node;
  const { session } = lowering;
  const evaluation = sessionEvaluation(session);
  const source = resolveLookup(table, evaluation);
  const request: LookupRequest = { source, columns: keys.map(({ column }) => column), retry: node.hint?.retry ?? null };
  const options: LookupJoinOptions = {
    type,
    leftWidth: node.input.columns.length,
    keys: keys.map(({ column, from }): LookupKey => {
      if (from.kind === "constant") return { value: constantValue(from.rex, evaluation) };
      const [{ type: value }, { type: asked }] = [node.input.columns[from.field], table.columns[column]];
      return { field: from.field, cast: value.root === asked.root ? null : castTo(inputRef(from.field, value), asked) };
    }),
    projection,
    tableCondition,
    condition,
  };
  const { input, distribution } = lowerInput(node.input, lowering);
  if (async === null) return oneInput(node, { input, distribution }, () => new LookupJoinOperator(session, request, options));
  const create = () => asyncLookupJoin(session, request, options, async);
  // Rows of a key have to meet; a key that nobody knows is the whole row.
  const byKey: Distribution = { kind: "hash", keys: upsertKey ?? node.input.columns.map((_, i) => i) };
  return oneInput(node, { input, distribution: async.keyOrdered ? byKey : distribution }, create);
}
