/** Submission → diagnostics, or what a grading process needs to run it. */
import type { DiagnosticData } from "@millrace/engine";
import type { GuestModule, GuestRequest } from "../guest/protocol.ts";
import { JudgeFault } from "../judge/judge-fault.ts";
import { FUNCTIONS_FILE, type Submission } from "../judge/report.ts";
import type { Problem } from "../pack/problem.ts";
import type { CompileService } from "./compile-service.ts";

export const MAX_SUBMISSION_BYTES = 256 * 1024;

export type LoadRequest = Extract<GuestRequest, { kind: "load" }>;

export interface Compiled {
  readonly diagnostics: readonly DiagnosticData[];
  /** null when there are diagnostics. */
  readonly load: LoadRequest | null;
}

/** Mistakes that show without compiling. */
export function checkSize(submission: Submission): DiagnosticData[] {
  const bytes = Buffer.byteLength(submission.text) + Buffer.byteLength(submission.functions ?? "");
  const span = { line: 1, column: 1 };
  if (bytes > MAX_SUBMISSION_BYTES) {
    const found = `${Math.ceil(bytes / 1024)} kB`;
    const expected = `at most ${MAX_SUBMISSION_BYTES / 1024} kB`;
    const message = `The submission is too large: ${found}, ${expected}.`;
    return [
      {
        code: "SUBMISSION_TOO_LARGE",
        message,
        phase: "compile",
        span,
        found,
        expected,
        hint: "Data belong into the topics, not into the program.",
      },
    ];
  }
  if (submission.text.trim() === "") {
    const hint = "The starter shows where to begin.";
    return [{ code: "SUBMISSION_EMPTY", message: "The submission is empty.", phase: "compile", span, hint }];
  }
  return [];
}

/** For languages that run as a program. `checkTypes: false` strips types only (the check runs elsewhere, or is not wanted). */
export async function compileSubmission(
  service: CompileService,
  problem: Problem,
  submission: Submission,
  options: { checkTypes: boolean },
): Promise<Compiled> {
  const compiled = await compileProgram(service, problem, submission, options);
  const before = problem.predecessor;
  if (compiled.load === null || before === null) return compiled;
  const predecessor = await compileProgram(service, problem, before, { checkTypes: false });
  if (predecessor.load === null) throw new JudgeFault(`${problem.id}: version 1 does not compile: ${predecessor.diagnostics[0]?.message}`);
  return { ...compiled, load: { ...compiled.load, predecessor: predecessor.load } };
}

async function compileProgram(
  service: CompileService,
  problem: Problem,
  submission: Submission,
  options: { checkTypes: boolean },
): Promise<Compiled> {
  const size = checkSize(submission);
  if (size.length > 0) return { diagnostics: size, load: null };
  if (submission.language === "sql") {
    const given = problem.given.sql ?? "";
    const topics = topicNames(problem);
    if (hasFunctions(submission)) return compileWithFunctions(service, problem, submission, { ...options, given, topics });
    const { diagnostics } = await service.compile({ kind: "sql", text: submission.text, given, topics });
    if (diagnostics.length > 0) return { diagnostics, load: null };
    return { diagnostics, load: { kind: "load", language: "sql", script: submission.text, given, topics } };
  }
  const given = problem.given.datastream ?? null;
  const answer = await service.compile({
    kind: "typescript",
    file: "solution.ts",
    text: submission.text,
    given,
    checkTypes: options.checkTypes,
  });
  if (answer.script === null) return { diagnostics: answer.diagnostics, load: null };
  const modules = await givenModules(service, problem);
  return { diagnostics: [], load: { kind: "load", language: "datastream", code: answer.script, modules } };
}

/** Whether a module of functions belongs to the submission. Its script can be analyzed in the sandbox only, where those classes may be evaluated. */
export function hasFunctions(submission: Submission): submission is Submission & { readonly functions: string } {
  return submission.language === "sql" && (submission.functions ?? "").trim() !== "";
}

async function compileWithFunctions(
  service: CompileService,
  problem: Problem,
  submission: Submission & { readonly functions: string },
  { given, topics, checkTypes }: { readonly given: string; readonly topics: readonly string[]; readonly checkTypes: boolean },
): Promise<Compiled> {
  const types = problem.given.datastream ?? null;
  const request = { kind: "typescript", file: FUNCTIONS_FILE, text: submission.functions, given: types, checkTypes } as const;
  const answer = await service.compile(request);
  if (answer.script === null) return { diagnostics: answer.diagnostics, load: null };
  const functions = { file: FUNCTIONS_FILE, code: answer.script, modules: await givenModules(service, problem) };
  return { diagnostics: [], load: { kind: "load", language: "sql", script: submission.text, given, topics, functions } };
}

const givenMemo = new Map<string, GuestModule>();

/** "./given" as the guest wants it. */
export async function givenModules(service: CompileService, problem: Problem): Promise<Record<string, GuestModule>> {
  const text = problem.given.datastream;
  if (text === undefined) return {};
  const known = givenMemo.get(text);
  if (known !== undefined) return { "./given": known };
  const { script, diagnostics } = await service.compile({ kind: "strip", file: "given.ts", text });
  if (script === null) throw new JudgeFault(`${problem.id}: given.ts does not compile: ${diagnostics[0]?.message}`);
  const module: GuestModule = { kind: "script", text: script.script };
  givenMemo.set(text, module);
  return { "./given": module };
}

/** Every topic that some world of the problem has. */
export function topicNames(problem: Problem): string[] {
  const names = new Set(problem.outputs.map((output) => output.topic));
  for (const scenario of problem.scenarios) {
    for (const topic of Object.keys(scenario.streams)) names.add(topic);
    for (const output of scenario.outputs) names.add(typeof output === "string" ? output : output.topic);
  }
  return [...names];
}
