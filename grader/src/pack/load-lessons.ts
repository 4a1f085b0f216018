/**
 * lessons/*.md → lessons. A file is a head in YAML between two lines of `---`, then Markdown. A fence that begins with ```run holds YAML as well
 * (schema/lesson.ts) and becomes a figure: its script in a sample world of the pack, expanded here, so that the reader's browser needs nothing else.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { World } from "@millrace/engine/sim";
import { expand, generatedTopics } from "../plan/expand.ts";
import type { PackNames } from "./load-cards.ts";
import type { Problem } from "./problem.ts";
import { ProblemFolder } from "./problem-folder.ts";
import { figureSchema, lessonSchema } from "./schema/lesson.ts";
import type { Lesson, LessonPart } from "./study.ts";
import { readYaml, type YamlResult } from "./yaml-file.ts";

const FOLDER = "lessons";
const FENCE = /^```run\s*$/;

interface LoadedLessons {
  readonly lessons: Lesson[];
  readonly diagnostics: readonly DiagnosticData[];
}

/** In the order of the files' names; those with a mistake are left out and told. */
export function loadLessons(dir: string, { sections }: Pick<PackNames, "sections">, problems: readonly Problem[]): LoadedLessons {
  const folder = new ProblemFolder(dir, dir);
  const lessons: Lesson[] = [];
  for (const name of folder.list(FOLDER).filter((file) => file.endsWith(".md"))) {
    const file = `${FOLDER}/${name}`;
    const before = folder.diagnostics.length;
    const lesson = readLesson(folder, file, problems);
    if (lesson === null || folder.diagnostics.length > before) continue;
    if (!sections.includes(lesson.section)) {
      folder.complain("PACK_UNKNOWN_SECTION", file, `Section ${lesson.section} is not listed in pack.yaml.`);
    } else if (lessons.some((other) => other.id === lesson.id)) {
      folder.complain("PACK_DUPLICATE_ID", file, `Two lessons have the id \`${lesson.id}\`: the number in front of a name does not count.`);
    } else lessons.push(lesson);
  }
  return { lessons, diagnostics: folder.diagnostics };
}

function readLesson(folder: ProblemFolder, file: string, problems: readonly Problem[]): Lesson | null {
  const lines = (folder.raw(file) ?? "").split(/\r?\n/);
  const end = lines.indexOf("---", 1);
  if (lines[0] !== "---" || end < 0) {
    folder.complain("PACK_LESSON_HEAD", file, "A lesson begins with its title, section and minutes between two lines of `---`.");
    return null;
  }
  const head = readYaml(folder.shown(file), yamlAt(lines, 1, end), lessonSchema);
  folder.diagnostics.push(...head.diagnostics);
  const parts: LessonPart[] = [];
  const text = (from: number, to: number) => {
    const markdown = lines.slice(from, to).join("\n").trim();
    if (markdown !== "") parts.push({ kind: "text", text: markdown });
  };
  let from = end + 1;
  for (let i = from; i < lines.length; i++) {
    if (!FENCE.test(lines[i]!)) continue;
    const close = lines.findIndex((line, at) => at > i && /^```\s*$/.test(line));
    if (close < 0) {
      folder.complain("PACK_LESSON_FENCE", file, "This figure has no end: a line of three back-ticks.", { line: i + 1, column: 1 });
      return null;
    }
    text(from, i);
    const yaml = readYaml(folder.shown(file), yamlAt(lines, i + 1, close), figureSchema);
    folder.diagnostics.push(...yaml.diagnostics);
    const world = yaml.value === null ? null : worldOf(folder, file, yaml, yaml.value, problems);
    if (yaml.value !== null && world !== null) {
      const { title, problem, sql, key = null } = yaml.value;
      parts.push({ kind: "figure", title, problem, sql, key, world });
    }
    from = close + 1;
    i = close;
  }
  text(from, lines.length);
  if (head.value === null) return null;
  return { ...head.value, id: file.replace(/^.*\/(\d+-)?/, "").replace(/\.md$/, ""), parts };
}

/** Lines of YAML inside of another file, so that positions are those of the file. */
function yamlAt(lines: readonly string[], from: number, to: number): string {
  return "\n".repeat(from) + lines.slice(from, to).join("\n");
}

/** Samples only: all that a learner has seen anyway. */
function worldOf(
  folder: ProblemFolder,
  file: string,
  yaml: YamlResult<unknown>,
  { problem: id, world: name }: { readonly problem: string; readonly world: string },
  problems: readonly Problem[],
): World | null {
  const problem = problems.find((candidate) => candidate.id === id);
  if (problem === undefined) {
    const message = `The pack has no problem \`${id}\`.`;
    const known = problems.map((candidate) => candidate.id);
    folder.complainUnknown("PACK_UNKNOWN_PROBLEM", file, message, id, known, yaml.locate(["problem"]));
    return null;
  }
  const samples = problem.scenarios.filter(({ visibility, upgrade }) => visibility === "sample" && upgrade === undefined);
  const scenario = samples.find((sample) => sample.name === name && generatedTopics(sample).length === 0);
  if (scenario === undefined) {
    const message = `\`${id}\` has no sample world \`${name}\` with explicit records.`;
    const known = samples.map((sample) => sample.name);
    folder.complainUnknown("PACK_UNKNOWN_WORLD", file, message, name, known, yaml.locate(["world"]));
    return null;
  }
  return expand(scenario, scenario.seeds[0] ?? 1, {}, []);
}
