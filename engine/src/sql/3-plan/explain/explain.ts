/** EXPLAIN: the three sections, in Flink's layout. */
import type { Rel } from "../../2-analyze/rel.ts";
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { logicalText } from "./logical-text.ts";
import { describe, describeWithChangelog } from "./physical-text.ts";
import { reusedText } from "./reuse-text.ts";
import { treeText } from "./tree-text.ts";

export interface ExplainParts {
  /** The logical tree before any rule. */
  readonly logical: Rel;
  readonly physical: PhysicalNode;
  readonly changelogMode: boolean;
}

export function explainText(parts: readonly ExplainParts[]): string {
  const ast = parts.map(({ logical }) => logicalText(logical)).join("\n");
  const plan = parts
    .map(({ physical, changelogMode }) =>
      treeText(physical, changelogMode ? describeWithChangelog : (node) => describe(node, "physical"), physicalInputs),
    )
    .join("\n");
  const execution = reusedText(parts.map(({ physical }) => physical));
  return `== Abstract Syntax Tree ==\n${ast}\n== Optimized Physical Plan ==\n${plan}\n== Optimized Execution Plan ==\n${execution}`;
}
