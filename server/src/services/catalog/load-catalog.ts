/**
 * Pack folders → catalog for learners and problems for the judge. Statements and hints are rendered here, once. A problem with a
 * mistake is left out and told; it never keeps the others from being served.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loadPack, type Problem } from "@millrace/grader";
import type { SectionSummary } from "../../contract/index.ts";
import { Catalog, type CatalogProblem } from "./catalog.ts";
import { renderMarkdown } from "./markdown.ts";
import { type CatalogStudy, toCatalogStudy } from "./study.ts";

export interface LoadedCatalog {
  readonly catalog: Catalog;
  /** For the judge only: hidden worlds, reference and all. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** What is wrong with packs, one line each, with file and position. */
  readonly complaints: readonly string[];
}

/** @param dirs packs (they hold pack.yaml) or folders of packs. */
export async function loadCatalog(dirs: readonly string[]): Promise<LoadedCatalog> {
  const complaints: string[] = [];
  const titles: string[] = [];
  const sections = new Map<number, SectionSummary>();
  const problems = new Map<string, Problem>();
  const study: CatalogStudy[] = [];
  for (const dir of dirs.flatMap((path) => packFolders(path, complaints))) {
    const { pack, diagnostics } = await loadPack(dir);
    for (const { file, span, message, hint } of diagnostics) {
      const place = [join(dir, file ?? ""), span?.line, span?.column].filter((part) => part !== undefined).join(":");
      complaints.push([place, message, hint].filter((part) => part !== undefined).join(" "));
    }
    if (pack === null) continue;
    titles.push(pack.title);
    study.push(toCatalogStudy(pack));
    for (const section of pack.sections) if (!sections.has(section.number)) sections.set(section.number, section);
    for (const problem of pack.problems) {
      if (problems.has(problem.id))
        complaints.push(`${dir} Another pack already has a problem with the id ${problem.id}; this one is left out.`);
      else problems.set(problem.id, problem);
    }
  }
  const order = [...sections.values()].sort((a, b) => a.number - b.number);
  const catalog = new Catalog(titles.join(" · "), order, [...problems.values()].map(toCatalogProblem), study);
  return { catalog, problems, complaints };
}

function packFolders(path: string, complaints: string[]): string[] {
  if (!existsSync(path)) {
    complaints.push(`${path} There is no such folder of problems.`);
    return [];
  }
  if (existsSync(join(path, "pack.yaml"))) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, "pack.yaml")))
    .map((entry) => join(path, entry.name))
    .sort();
}

/** Names what learners see, field by field: scenarios, reference and submissions stay behind. */
export function toCatalogProblem(problem: Problem): CatalogProblem {
  const { id, title, kind, languages, difficulty, minutes, section, topics, covers, packId, version, followUps } = problem;
  const { starter, starterFunctions, given, predecessor } = problem;
  return {
    id,
    title,
    kind,
    languages,
    difficulty,
    minutes,
    section,
    topics,
    covers,
    packId,
    version,
    followUps,
    followUp: problem.followUp === null ? null : { problemId: problem.followUp.problem, change: problem.followUp.change },
    starter,
    starterFunctions,
    given,
    jobLanguage: problem.kind === "trace" || problem.kind === "tune" ? problem.reference.language : null,
    predecessor,
    statementHtml: renderMarkdown(problem.statement),
    hintTitles: new Map(problem.hints.map((hint) => [hint.body, hint.title])),
    editorialHtml: problem.editorial === null ? null : renderMarkdown(problem.editorial),
    hintsHtml: problem.hints.map((hint) => renderMarkdown(`### ${hint.title}\n\n${hint.body}`)),
  };
}
