/** From the optimized logical tree to the physical tree with its changelog: nodes, mini-batches, and the two passes. */
import { SqlError } from "../1-parse/sql-error.ts";
import { invariant } from "../../base/invariant.ts";
import type { Rel } from "../2-analyze/rel.ts";
import { inferModifyKinds } from "./changelog/modify-kinds.ts";
import { prepareSink } from "./changelog/sink-changelog.ts";
import { inferUpdateKinds, type UpdateKind } from "./changelog/update-kinds.ts";
import { isInsertOnly } from "./build.ts";
import { describeNode } from "./explain/physical-text.ts";
import { tableText } from "./explain/table-text.ts";
import { addMiniBatches } from "./mini-batch.ts";
import { nonDeterministicUpdates } from "./non-deterministic-updates.ts";
import { physicalInputs, type PhysicalNode } from "./physical.ts";
import type { PlanOptions } from "./plan-options.ts";
import { checkMatches } from "./plan-match.ts";
import { checkAggregates } from "./check-aggregates.ts";
import { checkOnTime, checkUids } from "./plan-process.ts";
import { Planner } from "./planner.ts";
import { sharedNormalizations } from "./shared-normalization.ts";
import { withLookupModes } from "./changelog/lookup-modes.ts";

export interface PlanRequest {
  readonly options: PlanOptions;
  /** Whoever reads the result wants -U before every +U, as the reader of a changelog stream does; EXPLAIN of a query asks for nothing. */
  readonly updateBefore: boolean;
}

export function planRel(rel: Rel, request: PlanRequest): PhysicalNode {
  const planned = withChangelog(rel, request);
  checkMatches(planned);
  if (request.options.refuseNonDeterministicUpdates) {
    refuseNonDeterministicUpdates(planned);
    refuseForgetfulLookups(planned);
  }
  if (request.options.forceDeltaJoin) refuseDeltaJoins(planned);
  checkUids([planned]);
  checkOnTime(planned);
  checkAggregates(planned);
  return planned;
}

function planNodes(planner: Planner, rel: Rel): PhysicalNode {
  const planned = planner.plan(rel);
  return rel.kind === "sink" ? planned : planner.materialized(planned);
}

function withChangelog(rel: Rel, { options, updateBefore }: PlanRequest): PhysicalNode {
  const alone = planNodes(new Planner(options), rel);
  const shared = sharedNormalizations(alone);
  const planned = shared.size === 0 ? alone : planNodes(new Planner(options, shared), rel);
  const tree = addMiniBatches(planned, options);
  const kinds = inferModifyKinds(tree, describeNode);
  if (tree.kind === "Sink") return withLookupModes(prepareSink(tree, kinds, options), options.asyncLookup);
  const { update } = kinds.get(tree)!;
  const wanted: readonly UpdateKind[] = !update
    ? ["NONE"]
    : updateBefore
      ? ["BEFORE_AND_AFTER"]
      : ["ONLY_UPDATE_AFTER", "BEFORE_AND_AFTER"];
  for (const required of wanted) {
    const planned = inferUpdateKinds(tree, required, { kinds });
    if (planned !== null) return withLookupModes(planned, options.asyncLookup);
  }
  invariant(updateBefore || tree.kind !== "TableSourceScan", "a source's changelog can be read as it is");
  throw new SqlError(
    "plan",
    "SQL_CHANGELOG",
    "Can't generate a valid execution plan for the given query: its changelog cannot be read.",
    null,
  );
}

/** A delta join asks indexed tables by key instead of keeping their rows; no connector here answers a stream that way. */
function refuseDeltaJoins(node: PhysicalNode): void {
  if (node.kind === "Join") {
    throw new SqlError(
      "validate",
      "SQL_DELTA_JOIN",
      `The current sql doesn't support to do delta join optimization. The plan is: ${describeNode(node)}`,
      null,
      {
        hint: "Set 'table.optimizer.delta-join.strategy' to 'AUTO' or 'NONE'.",
      },
    );
  }
  for (const input of physicalInputs(node)) refuseDeltaJoins(input);
}

/** Flink would ask synchronously and keep what was answered, so that a row is taken back as it was made. */
function refuseForgetfulLookups(node: PhysicalNode): void {
  if (node.kind === "LookupJoin" && !isInsertOnly(node.input.changelog)) {
    if (!node.table.lookup!.sync) {
      throw new SqlError(
        "plan",
        "SQL_LOOKUP",
        `Required sync lookup function by planner, but table [${tableText(node.table)}]does not offer a valid lookup function neither as TableSourceTable nor LegacyTableSourceTable`,
        null,
      );
    }
    const hint = "Set 'table.optimizer.non-deterministic-update.strategy' to 'IGNORE'.";
    throw new SqlError(
      "plan",
      "SQL_NOT_AVAILABLE",
      "Lookup joins that keep their answers for updates (TRY_RESOLVE) are not available.",
      null,
      { hint },
    );
  }
  for (const input of physicalInputs(node)) refuseForgetfulLookups(input);
}

function refuseNonDeterministicUpdates(root: PhysicalNode): void {
  const found = nonDeterministicUpdates(root);
  if (found !== null) throw new SqlError("plan", "SQL_NON_DETERMINISTIC", found.message, null);
}
