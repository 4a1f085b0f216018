/** Folder → `Problem`. Collects every mistake it can find instead of stopping at the first. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import type { z } from "zod";
import { FUNCTIONS_FILE, type Language } from "../judge/report.ts";
import { VERDICTS, type Verdict } from "../judge/verdict.ts";
import { type Constants, substitute } from "./constants.ts";
import { parseHints } from "./hints.ts";
import { nearest } from "./nearest.ts";
import type { BundledSubmission, OutputColumn, OutputSpec, Problem, Scenario } from "./problem.ts";
import { loadScenario } from "./load-scenario.ts";
import { type ProblemYaml, problemSchema, type SubmissionsYaml, submissionsSchema } from "./schema.ts";
import { readYaml, type YamlResult } from "./yaml-file.ts";

/** Files larger than this are refused; a pack's data stay small enough to be sent to a worker for each run. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

const LANGUAGE_BY_ENDING: Readonly<Record<string, Language>> = { ts: "datastream", sql: "sql", yaml: "trace" };
const STARTERS: Readonly<Record<Language, string>> = { datastream: "solution.ts", sql: "solution.sql", trace: "answer.yaml" };

export interface LoadedProblem {
  readonly problem: Problem | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** `root` is what paths in diagnostics are relative to. */
export function loadProblem(dir: string, pack: { id: string; version: string }, root: string = dir): LoadedProblem {
  return new ProblemLoader(dir, pack, root).load();
}

class ProblemLoader {
  readonly #diagnostics: DiagnosticData[] = [];
  readonly #hash = createHash("sha256");
  readonly #dir: string;
  readonly #pack: { id: string; version: string };
  readonly #root: string;
  #constants: Constants = {};

  constructor(dir: string, pack: { id: string; version: string }, root: string) {
    this.#dir = dir;
    this.#pack = pack;
    this.#root = root;
  }

  load(): LoadedProblem {
    const yaml = this.#yaml("problem.yaml", problemSchema);
    if (yaml?.value == null) return { problem: null, diagnostics: this.#diagnostics };
    const head = yaml.value;
    this.#constants = head.constants;
    this.#checkOutputs(head, yaml);
    const statement = this.#text("statement.md", "error") ?? this.#missing("statement.md");
    const starter = this.#starters();
    const starterFunctions = this.#text(`starter/${FUNCTIONS_FILE}`, "keep");
    const languages = head.languages ?? (Object.keys(starter) as Language[]);
    if (languages.length === 0) this.#missing("starter/solution.ts, starter/solution.sql or starter/answer.yaml");
    const groups = head.groups.map((group) => group.name);
    const hints = parseHints(this.#shown("hints.md"), this.#text("hints.md", "error") ?? "", groups);
    this.#diagnostics.push(...hints.diagnostics);
    const scenarios = this.#scenarios(head);
    const submissions = this.#submissions(hints.hints.map((hint) => hint.id));
    const given: Partial<Record<Language, string>> = {};
    const givenTs = this.#text("starter/given.ts", "keep");
    const givenSql = this.#text("starter/given.sql", "keep");
    if (givenTs !== null) given.datastream = givenTs;
    if (givenSql !== null) given.sql = givenSql;
    const job = head.kind === "trace" ? this.#text("job.ts", "keep") : null;
    if (job !== null) given.trace = job;
    const reference = this.#reference(head, job);
    const modules = {
      generate: this.#text("generate.ts", "keep"),
      trace: head.kind === "trace" ? (this.#text("trace.ts", "keep") ?? this.#missing("trace.ts")) : null,
      files: this.#dataFiles(),
    };
    this.#checkStreams(scenarios, modules.generate !== null);
    const editorial = this.#text("editorial.md", "error");
    if (this.#diagnostics.length > 0) return { problem: null, diagnostics: this.#diagnostics };
    const problem: Problem = {
      packId: this.#pack.id,
      id: head.id,
      version: this.#pack.version,
      contentHash: this.#hash.digest("hex"),
      title: head.title,
      kind: head.kind,
      languages,
      difficulty: head.difficulty,
      section: head.section,
      minutes: head.minutes,
      topics: head.topics,
      covers: head.covers,
      followUps: head.followUps,
      statement,
      editorial,
      hints: hints.hints,
      starter,
      starterFunctions,
      given,
      inputs: head.inputs,
      outputs: outputSpecs(head),
      groups: head.groups,
      limits: head.limits,
      stateBudget: head.stateBudget ?? null,
      stabilityWorlds: head.stability?.worlds ?? 0,
      prompt: head.prompt ?? "",
      scenarios,
      modules,
      reference,
      submissions,
    };
    return { problem, diagnostics: this.#diagnostics };
  }

  #shown(file: string): string {
    return relative(this.#root, join(this.#dir, file)) || file;
  }

  #complain(
    code: string,
    file: string,
    message: string,
    span: { line: number; column: number } = { line: 1, column: 1 },
    hint?: string,
  ): void {
    this.#diagnostics.push({ code, message, phase: "validate", file: this.#shown(file), span, ...(hint === undefined ? {} : { hint }) });
  }

  #missing(file: string): string {
    this.#complain("PACK_MISSING_FILE", file, `Missing: ${file}.`);
    return "";
  }

  /** Text of a file with constants filled in, null when it does not exist. */
  #text(file: string, unknown: "error" | "keep"): string | null {
    const raw = this.#raw(file);
    if (raw === null) return null;
    const { text, diagnostics } = substitute(this.#shown(file), raw, this.#constants, unknown);
    this.#diagnostics.push(...diagnostics);
    return text;
  }

  #raw(file: string): string | null {
    const path = join(this.#dir, file);
    if (!existsSync(path)) return null;
    if (statSync(path).size > MAX_FILE_BYTES) {
      this.#complain("PACK_FILE_TOO_LARGE", file, `${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB.`);
      return null;
    }
    const raw = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    this.#hash.update(`${file}\0${raw.length}\0`).update(raw);
    return raw;
  }

  #yaml<T>(file: string, schema: z.ZodType<T>): YamlResult<T> | null {
    const text = this.#text(file, "error");
    if (text === null) {
      this.#missing(file);
      return null;
    }
    const result = readYaml(this.#shown(file), text, schema);
    this.#diagnostics.push(...result.diagnostics);
    return result;
  }

  #list(folder: string): string[] {
    const path = join(this.#dir, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => !name.startsWith("."))
      .sort();
  }

  #checkOutputs(head: ProblemYaml, yaml: YamlResult<ProblemYaml>): void {
    if (head.kind !== "trace" && Object.keys(head.outputs).length === 0) {
      this.#complain("PACK_NO_OUTPUTS", "problem.yaml", "`outputs` must name at least one topic to compare.");
    }
    for (const spec of outputSpecs(head)) {
      const names = spec.columns.map((column) => column.name);
      for (const [index, name] of spec.identity.entries()) {
        if (names.includes(name)) continue;
        const guess = nearest(name, names);
        const message = `Identity column \`${name}\` of \`${spec.topic}\` is not among its columns (${names.join(", ")}).`;
        const span = yaml.locate(["outputs", spec.topic, "identity", index]);
        this.#complain("PACK_UNKNOWN_COLUMN", "problem.yaml", message, span, guess === null ? undefined : `Did you mean \`${guess}\`?`);
      }
    }
  }

  #starters(): Partial<Record<Language, string>> {
    const starters: Partial<Record<Language, string>> = {};
    for (const [language, file] of Object.entries(STARTERS)) {
      const text = this.#text(`starter/${file}`, "keep");
      if (text !== null) starters[language as Language] = text;
    }
    return starters;
  }

  #scenarios(head: ProblemYaml): Scenario[] {
    const scenarios: Scenario[] = [];
    const groups = head.groups.map((group) => group.name);
    for (const name of this.#list("scenarios").filter((file) => file.endsWith(".yaml"))) {
      const file = `scenarios/${name}`;
      const text = this.#text(file, "error") ?? "";
      const loaded = loadScenario(this.#shown(file), text, groups);
      this.#diagnostics.push(...loaded.diagnostics);
      if (loaded.scenario !== null) scenarios.push(loaded.scenario);
    }
    if (scenarios.length === 0 && this.#diagnostics.length === 0) this.#missing("scenarios/sample-1.yaml");
    return scenarios.sort((a, b) => Number(b.visibility === "sample") - Number(a.visibility === "sample"));
  }

  /** A stream without records needs generate.ts. */
  #checkStreams(scenarios: readonly Scenario[], generated: boolean): void {
    if (generated) return;
    for (const scenario of scenarios) {
      for (const [topic, stream] of Object.entries(scenario.streams)) {
        if (stream.records !== undefined) continue;
        const message = `Stream \`${topic}\` has no records, and the problem has no generate.ts to make them.`;
        this.#complain("PACK_EMPTY_STREAM", `scenarios/${scenario.name}.yaml`, message);
      }
    }
  }

  #dataFiles(): Record<string, string> {
    const files: Record<string, string> = {};
    for (const name of this.#list(".").filter((file) => file.endsWith(".json"))) files[`./${name}`] = this.#raw(name) ?? "null";
    return files;
  }

  #reference(head: ProblemYaml, job: string | null): Problem["reference"] {
    if (head.kind === "trace") return { language: "datastream", text: job ?? this.#missing("job.ts") };
    const text = this.#text(head.reference, "keep") ?? this.#missing(head.reference);
    const functions = this.#functionsOf(head.reference);
    return { language: head.reference.endsWith(".sql") ? "sql" : "datastream", text, functions };
  }

  /** The module of functions beside a script: `<name>.functions.ts` of `<name>.sql`. */
  #functionsOf(script: string): string | undefined {
    return script.endsWith(".sql") ? (this.#text(functionsFileOf(script), "keep") ?? undefined) : undefined;
  }

  #submissions(hintIds: readonly string[]): BundledSubmission[] {
    const text = this.#text("submissions.yaml", "error");
    const yaml = text === null ? null : readYaml<SubmissionsYaml>(this.#shown("submissions.yaml"), text, submissionsSchema);
    this.#diagnostics.push(...(yaml?.diagnostics ?? []));
    const exceptions = yaml?.value ?? {};
    const found: BundledSubmission[] = [];
    for (const folder of this.#list("submissions")) {
      const verdict = VERDICTS.find((known) => known === folder);
      if (verdict === undefined) {
        const guess = nearest(folder, VERDICTS);
        const hint = guess === null ? undefined : `Did you mean \`${guess}\`?`;
        this.#complain("PACK_UNKNOWN_VERDICT", `submissions/${folder}`, `Folder submissions/${folder} names no verdict.`, undefined, hint);
        continue;
      }
      for (const name of this.#list(`submissions/${folder}`)) {
        if (name.endsWith(".functions.ts")) continue;
        const path = `${folder}/${name}`;
        const language = exceptions[path]?.language ?? LANGUAGE_BY_ENDING[name.slice(name.lastIndexOf(".") + 1)];
        if (language === undefined) {
          this.#complain("PACK_UNKNOWN_LANGUAGE", `submissions/${path}`, `${name}: a submission ends in .ts, .sql or .yaml.`);
          continue;
        }
        const permitted: readonly Verdict[] = exceptions[path]?.permitted ?? [verdict];
        const hint = exceptions[path]?.hint ?? null;
        if (hint !== null && !hintIds.includes(hint)) {
          const guess = nearest(hint, hintIds);
          const advice = guess === null ? undefined : `Did you mean \`${guess}\`?`;
          this.#complain(
            "PACK_UNKNOWN_HINT",
            "submissions.yaml",
            `hints.md has no hint \`${hint}\`.`,
            yaml?.locate([path, "hint"]),
            advice,
          );
        }
        const score = exceptions[path]?.score ?? null;
        const text = this.#text(`submissions/${path}`, "keep") ?? "";
        found.push({ path, language, text, functions: this.#functionsOf(`submissions/${path}`), permitted, hint, score });
      }
    }
    for (const path of Object.keys(exceptions)) {
      if (found.some((submission) => submission.path === path)) continue;
      this.#complain("PACK_MISSING_FILE", "submissions.yaml", `submissions/${path} does not exist.`, yaml?.locate([path]));
    }
    if (!found.some((submission) => submission.permitted.includes("accepted"))) this.#missing("submissions/accepted/*");
    return found;
  }
}

/** What a script's functions stand in: `my.functions.ts` beside `my.sql`. */
export function functionsFileOf(script: string): string {
  return `${script.slice(0, -".sql".length)}.functions.ts`;
}

function outputSpecs(head: ProblemYaml): OutputSpec[] {
  return Object.entries(head.outputs).map(([topic, output]) => ({
    topic,
    identity: output.identity,
    columns: output.columns.map(
      (column): OutputColumn => (typeof column === "string" ? { name: column, type: "any", tolerance: 0 } : column),
    ),
    role: output.role,
    order: output.order,
    languages: output.languages ?? null,
  }));
}
