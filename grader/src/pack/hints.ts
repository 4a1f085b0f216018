/**
 * hints.md: each `## Title {#id}` starts a hint. Lines directly below the heading of the form
 *
 *     when: wrong-output in lateness
 *     when: duplicate-records
 *
 * bind it to a misconception: the judge shows the first hint in the file whose verdict equals the submission's and whose group (if
 * given) is that of the first world with this verdict. Hints without `when` are only shown step by step.
 */
import type { DiagnosticData } from "@millrace/engine";
import { VERDICTS, type Verdict } from "../judge/verdict.ts";
import { nearest } from "./nearest.ts";

export interface Hint {
  readonly id: string;
  readonly title: string;
  /** Markdown without the heading. */
  readonly body: string;
  readonly when: readonly HintCondition[];
}

export interface HintCondition {
  readonly verdict: Verdict;
  /** null = any group. */
  readonly group: string | null;
}

const WHEN = /^when:\s*([a-z-]+)(?:\s+in\s+([A-Za-z0-9_.-]+))?\s*$/;

export function parseHints(file: string, text: string, groups: readonly string[]): { hints: Hint[]; diagnostics: DiagnosticData[] } {
  const hints: Hint[] = [];
  const diagnostics: DiagnosticData[] = [];
  const lines = text.split(/\r?\n/);
  const complain = (line: number, message: string, guess: string | null) =>
    diagnostics.push({
      code: "PACK_BAD_HINT",
      message,
      phase: "validate",
      file,
      span: { line: line + 1, column: 1 },
      ...(guess === null ? {} : { hint: `Did you mean \`${guess}\`?` }),
    });
  for (let i = 0; i < lines.length; i++) {
    const heading = /^##\s+(.*?)\s*(?:\{#([A-Za-z0-9_-]+)\})?\s*$/.exec(lines[i]!);
    if (heading === null) continue;
    const when: HintCondition[] = [];
    let next = i + 1;
    for (; next < lines.length && lines[next]!.startsWith("when:"); next++) {
      const match = WHEN.exec(lines[next]!);
      const verdict = VERDICTS.find((known) => known === match?.[1]);
      const group = match?.[2] ?? null;
      if (verdict === undefined) complain(next, `Not a verdict in \`${lines[next]}\`.`, nearest(match?.[1] ?? "", VERDICTS));
      else if (group !== null && !groups.includes(group)) complain(next, `No group \`${group}\` in problem.yaml.`, nearest(group, groups));
      else when.push({ verdict, group });
    }
    let end = next;
    while (end < lines.length && !lines[end]!.startsWith("## ")) end++;
    hints.push({
      id: heading[2] ?? `hint-${hints.length + 1}`,
      title: heading[1]!,
      body: lines.slice(next, end).join("\n").trim(),
      when,
    });
  }
  return { hints, diagnostics };
}
