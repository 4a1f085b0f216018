/** Top-N, deduplication, limits and sorts. */
import type { Limit, Rank, SortLimit, TemporalSort, WindowDeduplicate, WindowRank } from "../../3-plan/physical.ts";
import { isInsertOnly } from "../../3-plan/build.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { DeduplicateOperator } from "../operators/deduplicate.ts";
import { LimitOperator } from "../operators/limit-operator.ts";
import { OffsetTopNOperator } from "../operators/offset-top-n.ts";
import { TemporalSortOperator } from "../operators/temporal-sort.ts";
import { TopNOperator } from "../operators/top-n.ts";
import { WindowDeduplicateOperator } from "../operators/window-deduplicate.ts";
import { WindowTopNOperator } from "../operators/window-top-n.ts";
import { lowerInput, type Lowering, oneInput } from "./lower.ts";

export function lowerRank(node: Rank, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const input = lowerInput(node.input, lowering);
  const { order, range, outputRank, strategy, deduplicate } = node;
  if (deduplicate !== null) {
    const timeField = deduplicate.timeAttribute === "ROWTIME" ? order[0].field : -1;
    const { keepLast } = deduplicate;
    const options = { timeField, keepLast, arrivalField: order[0].field, outputRank: false };
    return oneInput(node, input, () => new DeduplicateOperator(session, options));
  }
  const updateKey = strategy.kind === "UpdateFast" ? strategy.keys : null;
  const retract = strategy.kind !== "AppendFast";
  const { updateBefore } = node.changelog;
  const options = { order, start: range.start, end: range.end, outputRank, retract, updateKey, updateBefore };
  return oneInput(node, input, () => new TopNOperator(session, options));
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
  const { order, offset, fetch, strategy } = node;
  if (offset > 0 && strategy.kind === "Retract") {
    const options = { order, start: offset + 1, end: offset + fetch, updateBefore: node.changelog.updateBefore };
    return oneInput(node, lowerInput(node.input, lowering), () => new OffsetTopNOperator(lowering.session, options));
  }
  const options = {
    order,
    start: offset + 1,
    end: offset + fetch,
    outputRank: false,
    retract: strategy.kind !== "AppendFast",
    updateKey: strategy.kind === "UpdateFast" ? strategy.keys : null,
    updateBefore: node.changelog.updateBefore,
  };
  return oneInput(node, lowerInput(node.input, lowering), () => new TopNOperator(lowering.session, options));
}

export function lowerLimit(node: Limit, lowering: Lowering): OperatorPlan {
  if (!isInsertOnly(node.input.changelog)) {
    const { offset, fetch } = node;
    const options = {
      order: [],
      start: offset + 1,
      end: offset + fetch,
      outputRank: false,
      retract: true,
      updateKey: null,
      updateBefore: true,
    };
    return oneInput(node, lowerInput(node.input, lowering), () => new TopNOperator(lowering.session, options));
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
