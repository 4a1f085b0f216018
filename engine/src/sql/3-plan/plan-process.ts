/** Process table functions: rows of a partition meet, everything else is the function's own business. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Process } from "../2-analyze/rel.ts";
import type { TableGiven } from "../functions/process-function.ts";
import { byKeys, INSERTS } from "./build.ts";
import { describeNode } from "./explain/physical-text.ts";
import { type PhysicalNode, physicalInputs } from "./physical.ts";
import type { Planner } from "./planner.ts";

/** A function without tables is called once. */
const ONCE: PhysicalNode = { kind: "Values", rows: [[]], columns: [], changelog: INSERTS };

export function planProcess(planner: Planner, rel: Process): PhysicalNode {
  const { fn, args, onTime, uidArgument, uid, through, rowtime, columns, span } = rel;
  const inputs = tablesOf(rel).map(({ given, isSet }) => {
    const input = planner.plan(rel.inputs[given.input]);
    return isSet ? byKeys(input, given.partition) : input;
  });
  return {
    kind: "ProcessTableFunction",
    inputs: inputs.length === 0 ? [ONCE] : inputs,
    fn,
    args,
    onTime,
    uidArgument,
    uid,
    through,
    rowtime,
    columns,
    span,
    changelog: INSERTS,
  };
}

/** The tables of a call, in the order of its inputs. */
export function tablesOf({ fn, args }: Pick<Process, "fn" | "args">): readonly {
  readonly given: TableGiven;
  readonly isSet: boolean;
  readonly traits: ReadonlySet<string>;
}[] {
  return args.flatMap((given, i) => {
    if (given?.kind !== "table") return [];
    const { traits } = fn.parameters[i];
    return [{ given, isSet: traits.has("SET_SEMANTIC_TABLE"), traits }];
  });
}

/** Time does not go with updates. Said when everything else is planned, as in Flink. */
export function checkOnTime(node: PhysicalNode): void {
  for (const input of physicalInputs(node)) checkOnTime(input);
  if (node.kind !== "ProcessTableFunction" || !node.rowtime || node.fn.ownKinds === true) return;
  const updates =
    node.fn.changelog(node.args) !== "insert" || node.inputs.some(({ changelog }) => changelog.updateAfter || changelog.delete);
  if (!updates) return;
  throw new SqlError(
    "validate",
    "PTF_ON_TIME",
    "Time operations using the `on_time` argument are currently not supported for PTFs that consume or produce updates.",
    node.span,
  );
}

/** State is found by the uid, so two calls of one job must not have the same, unless they are the same call. */
export function checkUids(roots: readonly PhysicalNode[]): void {
  const calls = new Map<string, string>();
  const visit = (node: PhysicalNode): void => {
    for (const input of physicalInputs(node)) visit(input);
    if (node.kind !== "ProcessTableFunction" || node.uid === null) return;
    const text = digest(node);
    const known = calls.get(node.uid);
    calls.set(node.uid, text);
    if (known === undefined || known === text) return;
    throw new SqlError(
      "validate",
      "PTF_UID",
      `Duplicate unique identifier '${node.uid}' detected among process table functions. Make sure that all PTF calls have an identifier defined that is globally unique. Please provide a custom identifier using the implicit \`uid\` argument. For example: myFunction(..., uid => 'my-id')`,
      node.span,
      { found: node.uid, expected: "uid => 'my-id'" },
    );
  };
  for (const root of roots) visit(root);
}

function digest(node: PhysicalNode): string {
  return `${describeNode(node)}(${physicalInputs(node).map(digest).join(",")})`;
}
