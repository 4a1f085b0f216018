/**
 * What can be seen of a problem without running it, beyond what the loader insists on. Complaints fail a pack; warnings say what a good problem has.
 */
import type { Problem, Scenario } from "../pack/problem.ts";
import { complaintsAboutProse } from "./prose.ts";

export interface StructureReport {
  readonly complaints: readonly string[];
  readonly warnings: readonly string[];
}

const MIN_WRONG_SUBMISSIONS = 3;
const MIN_SEEDS = 20;
/** Points of all groups together, so that problems can be compared. */
const POINTS = 100;

/** Pure. */
export function checkStructure(problem: Problem): StructureReport {
  const complaints: string[] = [];
  const warnings: string[] = [];
  const isForm = problem.kind === "trace" || problem.kind === "decide";
  if (!isForm) checkWorlds(problem, complaints, warnings);
  checkGroups(problem, complaints, warnings);
  checkSubmissions(problem, warnings);
  for (const scenario of problem.scenarios) complaints.push(...leaksOf(problem, scenario));
  const texts = { "statement.md": problem.statement, "editorial.md": problem.editorial ?? "" };
  for (const [file, text] of Object.entries(texts))
    complaints.push(...complaintsAboutProse(text).map((complaint) => `${file}: ${complaint}`));
  for (const hint of problem.hints)
    complaints.push(...complaintsAboutProse(hint.body).map((complaint) => `hints.md, ${hint.id}: ${complaint}`));
  if (problem.editorial === null) warnings.push("no editorial.md: nobody learns what the answer would be in an interview");
  return { complaints, warnings };
}

function checkWorlds(problem: Problem, complaints: string[], warnings: string[]): void {
  const secret = problem.scenarios.filter((scenario) => scenario.visibility !== "sample");
  if (secret.length === problem.scenarios.length)
    complaints.push("no scenario is a sample (`visibility: sample`), so Run has nothing to show");
  if (secret.length === 0) warnings.push("every scenario is a sample: an answer made for them passes");
  const seeds = secret.reduce((sum, scenario) => sum + scenario.seeds.length, 0);
  if (seeds < MIN_SEEDS && problem.kind !== "tune") warnings.push(`${seeds} seeds in secret scenarios; ${MIN_SEEDS} tell more`);
}

function checkGroups(problem: Problem, complaints: string[], warnings: string[]): void {
  const points = problem.groups.reduce((sum, group) => sum + group.weight, 0);
  if (points !== POINTS) warnings.push(`the groups' weights add up to ${points}, not ${POINTS}`);
  if (problem.kind === "decide") return;
  for (const group of problem.groups) {
    if (!problem.scenarios.some((scenario) => scenario.group === group.name)) complaints.push(`group \`${group.name}\` has no scenario`);
  }
}

function checkSubmissions(problem: Problem, warnings: string[]): void {
  const wrong = problem.submissions.filter((submission) => !submission.permitted.includes("accepted"));
  if (wrong.length < MIN_WRONG_SUBMISSIONS)
    warnings.push(`${wrong.length} wrong submissions; ${MIN_WRONG_SUBMISSIONS} are the least that show what the worlds tell apart`);
  if (problem.hints.length === 0) {
    warnings.push("no hints.md");
    return;
  }
  const unbound = wrong.filter((submission) => submission.hint === null).map((submission) => submission.path);
  if (unbound.length > 0) warnings.push(`no hint in submissions.yaml for ${unbound.join(", ")}`);
}

/** The title of a world is told even when its data are not: it must not say what is in them, nor what to write. */
function leaksOf(problem: Problem, scenario: Scenario): string[] {
  if (scenario.visibility === "sample") return [];
  const words = new Set(scenario.title.match(/[\w./-]+/g) ?? []);
  const imported = problem.reference.text.match(/import\s*\{([^}]*)\}\s*from "flink"/)?.[1] ?? "";
  const names = imported.split(",").map((name) => name.replace(/^\s*type\s+/, "").trim());
  const keys = Object.values(scenario.streams).flatMap((stream) => (stream.records ?? []).map((record) => record.key));
  const leaked = [...names, ...keys].filter((word) => typeof word === "string" && word.length > 3 && words.has(word));
  return [...new Set(leaked)].map(
    (word) => `scenarios/${scenario.name}.yaml: its title is shown to everybody and says \`${String(word)}\``,
  );
}
