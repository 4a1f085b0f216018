/** Folder → `Problem`. Collects every mistake it can find instead of stopping at the first. */
import type { DiagnosticData } from "@millrace/engine";
import { FUNCTIONS_FILE, type Language } from "../judge/report.ts";
import { parseHints } from "./hints.ts";
import { formLanguageOf, functionsOf, loadSubmissions } from "./load-submissions.ts";
import type { OutputColumn, OutputPlace, OutputSpec, Problem, Scenario } from "./problem.ts";
import { ProblemFolder } from "./problem-folder.ts";
import { loadScenario } from "./load-scenario.ts";
import { type DecideYaml, decideSchema } from "./schema/decide.ts";
import { type ProblemYaml, problemSchema } from "./schema/problem.ts";
import { tuneSchema } from "./schema/tune.ts";
import type { YamlResult } from "./yaml-file.ts";

export interface LoadedProblem {
  readonly problem: Problem | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** `root` is what paths in diagnostics are relative to. */
export function loadProblem(dir: string, pack: { id: string; version: string }, root: string = dir): LoadedProblem {
  const folder = new ProblemFolder(dir, root);
  const problem = read(folder, pack);
  return { problem: folder.diagnostics.length > 0 ? null : problem, diagnostics: folder.diagnostics };
}

function read(folder: ProblemFolder, pack: { id: string; version: string }): Problem | null {
  const yaml = folder.yaml("problem.yaml", problemSchema);
  if (yaml === null) folder.missing("problem.yaml");
  if (yaml?.value == null) return null;
  const head = yaml.value;
  folder.constants = head.constants;
  checkOutputs(folder, head, yaml);
  checkGroups(folder, head, yaml);
  const statement = folder.text("statement.md", "error") ?? folder.missing("statement.md");
  const starter = starters(folder, head);
  const starterFunctions = folder.text(`starter/${FUNCTIONS_FILE}`, "keep");
  const languages = head.languages ?? (Object.keys(starter) as Language[]);
  if (languages.length === 0) folder.missing("starter/solution.ts, starter/solution.sql or starter/answer.yaml");
  const groups = head.groups.map((group) => group.name);
  const hints = parseHints(folder.shown("hints.md"), folder.text("hints.md", "error") ?? "", groups);
  folder.diagnostics.push(...hints.diagnostics);
  const scenarios = head.kind === "decide" ? [] : loadScenarios(folder, head);
  const submissions = loadSubmissions(folder, head.kind, { hints: hints.hints.map((hint) => hint.id), groups });
  const decide = head.kind === "decide" ? decideOf(folder) : null;
  const tune = head.kind === "tune" ? tuneOf(folder, head) : null;
  const jobFile = head.kind === "trace" ? "job.ts" : (tune?.job ?? null);
  const job = jobFile === null ? null : { file: jobFile, text: folder.text(jobFile, "keep") ?? folder.missing(jobFile) };
  const predecessor = head.kind === "upgrade" ? predecessorOf(folder) : null;
  const modules = {
    generate: folder.text("generate.ts", "keep"),
    trace: head.kind === "trace" ? (folder.text("trace.ts", "keep") ?? folder.missing("trace.ts")) : null,
    checker: folder.text("checker.ts", "keep"),
    files: dataFiles(folder),
  };
  checkStreams(folder, scenarios, modules.generate !== null);
  checkUpgrades(folder, head, scenarios);
  return {
    packId: pack.id,
    id: head.id,
    version: pack.version,
    title: head.title,
    kind: head.kind,
    languages,
    difficulty: head.difficulty,
    section: head.section,
    minutes: head.minutes,
    topics: head.topics,
    covers: head.covers,
    followUps: head.followUps,
    followUp: head.followUp ?? null,
    statement,
    editorial: folder.text("editorial.md", "error"),
    hints: hints.hints,
    starter,
    starterFunctions,
    given: given(folder, head, job),
    inputs: head.inputs,
    outputs: outputSpecs(head),
    groups: head.groups,
    limits: head.limits,
    stateBudget: head.stateBudget ?? null,
    stabilityWorlds: head.stability?.worlds ?? 0,
    measures: head.measures,
    plan: head.plan ?? null,
    status: head.status,
    prompt: head.prompt ?? decide?.prompt ?? tune?.prompt ?? "",
    decide,
    tune,
    predecessor,
    scenarios,
    modules,
    checkerOptions: head.checker,
    reference: reference(folder, head, job),
    submissions,
    contentHash: folder.contentHash(),
  };
}

type Job = { readonly file: string; readonly text: string } | null;

/** Kinds that compare outputs must name some. */
const WITHOUT_OUTPUTS: readonly ProblemYaml["kind"][] = ["trace", "decide", "tune"];

function checkOutputs(folder: ProblemFolder, head: ProblemYaml, yaml: YamlResult<ProblemYaml>): void {
  if (!WITHOUT_OUTPUTS.includes(head.kind) && Object.keys(head.outputs).length === 0) {
    folder.complain("PACK_NO_OUTPUTS", "problem.yaml", "`outputs` must name at least one topic to compare.");
  }
  for (const spec of outputSpecs(head)) {
    const names = spec.columns.map((column) => column.name);
    for (const [index, name] of spec.identity.entries()) {
      if (names.includes(name)) continue;
      const message = `Identity column \`${name}\` of \`${spec.topic}\` is not among its columns (${names.join(", ")}).`;
      const span = yaml.locate(["outputs", spec.topic, "identity", index]);
      folder.complainUnknown("PACK_UNKNOWN_COLUMN", "problem.yaml", message, name, names, span);
    }
  }
  for (const [index, { output }] of head.measures.entries()) {
    const names = Object.keys(head.outputs);
    if (output === undefined || names.includes(output)) continue;
    const span = yaml.locate(["measures", index, "output"]);
    folder.complainUnknown("PACK_UNKNOWN_OUTPUT", "problem.yaml", `No output \`${output}\`.`, output, names, span);
  }
}

/** Groups that require others must require earlier ones, so that nothing requires itself. */
function checkGroups(folder: ProblemFolder, head: ProblemYaml, yaml: YamlResult<ProblemYaml>): void {
  const names = head.groups.map((group) => group.name);
  for (const [index, group] of head.groups.entries()) {
    if (names.indexOf(group.name) !== index) {
      folder.complain("PACK_DUPLICATE_ID", "problem.yaml", `Two groups are called \`${group.name}\`.`, yaml.locate(["groups", index]));
    }
    for (const required of group.requires) {
      if (names.slice(0, index).includes(required)) continue;
      const message = `Group \`${group.name}\` requires \`${required}\`, which is no group before it.`;
      const span = yaml.locate(["groups", index, "requires"]);
      folder.complainUnknown("PACK_UNKNOWN_GROUP", "problem.yaml", message, required, names.slice(0, index), span);
    }
  }
  for (const [index, measure] of head.measures.entries()) {
    for (const group of measure.groups ?? []) {
      if (names.includes(group)) continue;
      const span = yaml.locate(["measures", index, "groups"]);
      folder.complainUnknown("PACK_UNKNOWN_GROUP", "problem.yaml", `No group \`${group}\`.`, group, names, span);
    }
  }
}

function starters(folder: ProblemFolder, head: ProblemYaml): Partial<Record<Language, string>> {
  const form = formLanguageOf(head.kind);
  const files: readonly (readonly [Language, string])[] =
    form === null
      ? [
          ["datastream", "solution.ts"],
          ["sql", "solution.sql"],
        ]
      : [[form, "answer.yaml"]];
  const found: Partial<Record<Language, string>> = {};
  for (const [language, file] of files) {
    const text = folder.text(`starter/${file}`, "keep");
    if (text !== null) found[language] = text;
  }
  return found;
}

function given(folder: ProblemFolder, head: ProblemYaml, job: Job): Partial<Record<Language, string>> {
  const found: Partial<Record<Language, string>> = {};
  const givenTs = folder.text("starter/given.ts", "keep");
  const givenSql = folder.text("starter/given.sql", "keep");
  if (givenTs !== null) found.datastream = givenTs;
  if (givenSql !== null) found.sql = givenSql;
  const form = formLanguageOf(head.kind);
  if (job !== null && form !== null) found[form] = job.text;
  return found;
}

function loadScenarios(folder: ProblemFolder, head: ProblemYaml): Scenario[] {
  const scenarios: Scenario[] = [];
  const groups = head.groups.map((group) => group.name);
  for (const name of folder.list("scenarios").filter((file) => file.endsWith(".yaml"))) {
    const file = `scenarios/${name}`;
    const loaded = loadScenario(folder.shown(file), folder.text(file, "error") ?? "", groups);
    folder.diagnostics.push(...loaded.diagnostics);
    if (loaded.scenario !== null) scenarios.push(loaded.scenario);
  }
  if (scenarios.length === 0 && folder.diagnostics.length === 0) folder.missing("scenarios/sample-1.yaml");
  return scenarios.sort((a, b) => Number(b.visibility === "sample") - Number(a.visibility === "sample"));
}

/** A stream without records needs generate.ts. */
function checkStreams(folder: ProblemFolder, scenarios: readonly Scenario[], generated: boolean): void {
  if (generated) return;
  for (const scenario of scenarios) {
    for (const [topic, stream] of Object.entries(scenario.streams)) {
      if (stream.records !== undefined) continue;
      const message = `Stream \`${topic}\` has no records, and the problem has no generate.ts to make them.`;
      folder.complain("PACK_EMPTY_STREAM", `scenarios/${scenario.name}.yaml`, message);
    }
  }
}

/** Kind `upgrade` upgrades in every scenario, the others in none. */
function checkUpgrades(folder: ProblemFolder, head: ProblemYaml, scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    if ((scenario.upgrade !== undefined) === (head.kind === "upgrade")) continue;
    const message =
      head.kind === "upgrade"
        ? "An upgrade problem's scenario says when: `upgrade: { at: … }`."
        : "`upgrade` belongs to problems of kind `upgrade`.";
    folder.complain("PACK_BAD_UPGRADE", `scenarios/${scenario.name}.yaml`, message);
  }
}

/** Data that generate.ts and the like import; what the form of other files is called does not count. */
function dataFiles(folder: ProblemFolder): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of folder.list(".").filter((file) => file.endsWith(".json"))) files[`./${name}`] = folder.raw(name) ?? "null";
  return files;
}

function decideOf(folder: ProblemFolder): DecideYaml | null {
  const yaml = folder.yaml("decide.yaml", decideSchema);
  if (yaml === null) folder.missing("decide.yaml");
  const decide = yaml?.value ?? null;
  for (const [index, row] of (decide?.rows ?? []).entries()) {
    const complain = (message: string, name: string, known: readonly string[], path: readonly PropertyKey[]) =>
      folder.complainUnknown("PACK_UNKNOWN_CHOICE", "decide.yaml", message, name, known, yaml?.locate(["rows", index, ...path]));
    const columns = decide!.columns.map((column) => column.name);
    for (const [name, answers] of Object.entries(row.answers)) {
      const column = decide!.columns.find((candidate) => candidate.name === name);
      if (column === undefined) complain(`Row \`${row.id}\` answers \`${name}\`, which is no column.`, name, columns, ["answers", name]);
      const choices = column?.options.map((option) => option.value) ?? answers;
      for (const answer of answers) {
        if (choices.includes(answer)) continue;
        complain(`\`${answer}\` is no choice of column \`${name}\`.`, answer, choices, ["answers", name]);
      }
    }
    for (const choice of Object.keys(row.against)) {
      const [name, value] = choice.split("=");
      const column = decide!.columns.find((candidate) => candidate.name === name);
      const choices = decide!.columns.flatMap(({ name: of, options }) => options.map((option) => `${of}=${option.value}`));
      if (column?.options.some((option) => option.value === value)) continue;
      complain(`\`against\` names a choice as column=choice; \`${choice}\` is none.`, choice, choices, ["against", choice]);
    }
  }
  return decide;
}

function tuneOf(folder: ProblemFolder, head: ProblemYaml): Problem["tune"] {
  const yaml = folder.yaml("tune.yaml", tuneSchema);
  if (yaml === null) folder.missing("tune.yaml");
  const file = head.reference ?? "submissions/accepted/reference.yaml";
  const reference = folder.text(file, "keep") ?? folder.missing(file);
  return yaml?.value == null ? null : { ...yaml.value, reference };
}

function predecessorOf(folder: ProblemFolder): Problem["predecessor"] {
  const ts = folder.text("upgrade/v1.ts", "keep");
  const sql = folder.text("upgrade/v1.sql", "keep");
  if (ts !== null) return { language: "datastream", text: ts };
  if (sql !== null) return { language: "sql", text: sql };
  folder.missing("upgrade/v1.ts");
  return null;
}

function reference(folder: ProblemFolder, head: ProblemYaml, job: Job): Problem["reference"] {
  if (head.kind === "decide") return { language: "datastream", text: "" };
  if (job !== null) return { language: job.file.endsWith(".sql") ? "sql" : "datastream", text: job.text };
  const file = head.reference ?? "submissions/accepted/reference.ts";
  const text = folder.text(file, "keep") ?? folder.missing(file);
  return { language: file.endsWith(".sql") ? "sql" : "datastream", text, functions: functionsOf(folder, file) };
}

function outputSpecs(head: ProblemYaml): OutputSpec[] {
  return Object.entries(head.outputs).map(([topic, output]) => ({
    topic,
    place: placeOf(topic, output.in),
    reads: output.reads,
    identity: output.identity,
    columns: output.columns.map(
      (column): OutputColumn => (typeof column === "string" ? { name: column, type: "any", tolerance: 0 } : column),
    ),
    role: output.role,
    order: output.order,
    languages: output.languages ?? null,
  }));
}

function placeOf(topic: string, place: ProblemYaml["outputs"][string]["in"]): OutputPlace {
  if (place === "topic" || place === "printed") return { kind: place };
  return { kind: "system", system: place.system, place: place.place ?? topic };
}
