/** Folder → `Pack`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import { loadCards } from "./load-cards.ts";
import { loadLessons } from "./load-lessons.ts";
import { loadProblem } from "./load-problem.ts";
import { nearest } from "./nearest.ts";
import type { Pack, Problem } from "./problem.ts";
import { packSchema } from "./schema/pack.ts";
import { readYaml } from "./yaml-file.ts";

export interface LoadedPack {
  /** null only when pack.yaml itself is unusable; problems with mistakes are left out and told in `diagnostics`. */
  readonly pack: Pack | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** Paths in diagnostics are relative to `dir`. */
export async function loadPack(dir: string): Promise<LoadedPack> {
  const file = join(dir, "pack.yaml");
  if (!existsSync(file)) {
    const message = `${dir} is not a pack: it has no pack.yaml.`;
    return {
      pack: null,
      diagnostics: [{ code: "PACK_MISSING_FILE", message, phase: "validate", file: "pack.yaml", span: { line: 1, column: 1 } }],
    };
  }
  const yaml = readYaml("pack.yaml", readFileSync(file, "utf8"), packSchema);
  if (yaml.value === null) return { pack: null, diagnostics: yaml.diagnostics };
  const head = yaml.value;
  const diagnostics: DiagnosticData[] = [];
  const problems: Problem[] = [];
  const folders = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, "problem.yaml")))
    .map((entry) => entry.name)
    .sort();
  for (const folder of folders) {
    const loaded = loadProblem(join(dir, folder), head, dir);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.problem === null) continue;
    const problem = loaded.problem;
    const complain = (code: string, message: string) =>
      diagnostics.push({ code, message, phase: "validate", file: `${folder}/problem.yaml`, span: { line: 1, column: 1 } });
    if (problems.some((other) => other.id === problem.id)) complain("PACK_DUPLICATE_ID", `Two problems have the id \`${problem.id}\`.`);
    else if (!head.sections.some((section) => section.number === problem.section)) {
      complain("PACK_UNKNOWN_SECTION", `Section ${problem.section} is not listed in pack.yaml.`);
    } else problems.push(problem);
  }
  problems.sort((a, b) => a.section - b.section);
  const names = { sections: head.sections.map((section) => section.number), problems: folders };
  diagnostics.push(...problems.flatMap((problem) => complaintsAboutFollowUp(problem, names.problems)));
  const study = { cards: loadCards(dir, names), lessons: loadLessons(dir, names, problems) };
  diagnostics.push(...study.cards.diagnostics, ...study.lessons.diagnostics);
  const { id, title, version, licence, authors, engine, sections } = head;
  const { cards } = study.cards;
  const { lessons } = study.lessons;
  return { pack: { id, title, version, licence, authors, engine, sections, problems, cards, lessons }, diagnostics };
}

/** A change leads to another problem of the pack. */
function complaintsAboutFollowUp({ id, followUp }: Problem, known: readonly string[]): DiagnosticData[] {
  if (followUp === null || (followUp.problem !== id && known.includes(followUp.problem))) return [];
  const message =
    followUp.problem === id ? "A change leads to another problem, not to the same." : `The pack has no problem \`${followUp.problem}\`.`;
  const guess = nearest(followUp.problem, known);
  const hint = followUp.problem === id || guess === null ? {} : { hint: `Did you mean \`${guess}\`?` };
  return [{ code: "PACK_UNKNOWN_PROBLEM", message, phase: "validate", file: `${id}/problem.yaml`, span: { line: 1, column: 1 }, ...hint }];
}
