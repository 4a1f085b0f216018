/** Top-N, deduplication, limits and sorts. */
import { bundleRows } from "./bundle-rows.ts";
import type { Limit, Rank, SortLimit, TemporalSort, WindowDeduplicate, WindowRank } from "../../3-plan/physical.ts";
import { isInsertOnly } from "../../3-plan/build.ts";
import { binaryRowHash } from "../java-map-order.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { DeduplicateOperator } from "../operators/deduplicate.ts";
import { MiniBatchDeduplicateOperator } from "../operators/mini-batch/mini-batch-deduplicate.ts";
import { LimitOperator } from "../operators/limit-operator.ts";
import type { SessionSettings } from "../operators/sql-operator.ts";
import { TemporalSortOperator } from "../operators/temporal-sort.ts";
import { AppendOnlyTopNOperator } from "../operators/top-n/append-only-top-n.ts";
import { FastTopOneOperator } from "../operators/top-n/fast-top-one.ts";
import { RetractableTopNOperator } from "../operators/top-n/retractable-top-n.ts";
import type { TopNOperator, TopNOptions } from "../operators/top-n/top-n-operator.ts";
import { UpdatableTopNOperator } from "../operators/top-n/updatable-top-n.ts";
import { WindowDeduplicateOperator } from "../operators/window-deduplicate.ts";
import { WindowTopNOperator } from "../operators/window-top-n.ts";
import { lowerInput, type Lowering, oneInput } from "./lower.ts";

export function lowerRank(node: Rank, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const input = lowerInput(node.input, lowering);
  const { order, range, outputRank, deduplicate } = node;
  if (deduplicate !== null) {
    const timeField = deduplicate.timeAttribute === "ROWTIME" ? order[0].field : -1;
    const { keepLast } = deduplicate;
    const { updateBefore } = node.changelog;
    const options = { timeField, keepLast, arrivalField: order[0].field, updatesFirst: node.miniBatch, updateBefore };
    const maxRows = bundleRows(session);
    const types = node.input.columns.map(({ type }) => type);
    return maxRows === null
      ? oneInput(node, input, () => new DeduplicateOperator(session, options))
      : oneInput(node, input, () => new MiniBatchDeduplicateOperator(session, options, maxRows, binaryRowHash(types, node.partition)));
  }
  return oneInput(node, input, topN(node, { order, start: range.start, end: range.end, outputRank }, session));
}

function topN(
  { input, strategy, changelog: { updateBefore } }: Rank | SortLimit,
  shown: Pick<TopNOptions, "order" | "start" | "outputRank"> & Pick<Rank["range"], "end">,
  session: SessionSettings,
): () => TopNOperator {
  const end = typeof shown.end === "number" ? shown.end : { ...shown.end, type: input.columns[shown.end.field].type };
  const options: TopNOptions = { ...shown, end, updateBefore, width: input.columns.length };
  if (strategy.kind === "Retract") return () => new RetractableTopNOperator(session, options);
  if (shown.start === 1 && shown.end === 1) return () => new FastTopOneOperator(session, options);
  return strategy.kind === "UpdateFast"
    ? () => new UpdatableTopNOperator(session, options, strategy.keys)
    : () => new AppendOnlyTopNOperator(session, options);
}

export function lowerWindowRank(node: WindowRank, lowering: Lowering): OperatorPlan {
  const { order, start, end, outputRank } = node;
  const options = { order, start, end, outputRank, windowEnd: node.windowing.origin.end, localTime: node.windowing.localTime };
  return oneInput(node, lowerInput(node.input, lowering), () => new WindowTopNOperator(lowering.session, options));
}

export function lowerWindowDeduplicate(node: WindowDeduplicate, lowering: Lowering): OperatorPlan {
  const options = {
    timeField: node.timeField,
    keepLast: node.keepLast,
    windowEnd: node.windowing.origin.end,
    localTime: node.windowing.localTime,
  };
  return oneInput(node, lowerInput(node.input, lowering), () => new WindowDeduplicateOperator(lowering.session, options));
}

export function lowerSortLimit(node: SortLimit, lowering: Lowering): OperatorPlan {
  const { order, offset, fetch } = node;
  const shown = { order, start: offset + 1, end: offset + fetch, outputRank: false };
  return oneInput(node, lowerInput(node.input, lowering), topN(node, shown, lowering.session));
}

export function lowerLimit(node: Limit, lowering: Lowering): OperatorPlan {
  if (!isInsertOnly(node.input.changelog)) {
    const { offset, fetch, input } = node;
    const width = input.columns.length;
    const options: TopNOptions = { order: [], start: offset + 1, end: offset + fetch, outputRank: false, updateBefore: true, width };
    return oneInput(node, lowerInput(input, lowering), () => new RetractableTopNOperator(lowering.session, options));
  }
  return oneInput(
    node,
    lowerInput(node.input, lowering),
    () => new LimitOperator(lowering.session, node.offset + 1, node.offset + node.fetch),
  );
}

export function lowerTemporalSort(node: TemporalSort, lowering: Lowering): OperatorPlan {
  const { order, timeAttribute } = node;
  return oneInput(
    node,
    lowerInput(node.input, lowering),
    () => new TemporalSortOperator(lowering.session, order, timeAttribute === "ROWTIME"),
  );
}
