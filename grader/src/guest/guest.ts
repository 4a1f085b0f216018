/**
 * The program inside the isolate: holds the engine and one learner's (or author's) program, answers requests as JSON text.
 *
 * It begins with the engine's core. SQL and the Table API are a second script (guest-tables.ts): the first program that needs them is answered
 * `incomplete`, the grading process evaluates the script, and asks again (sandbox/grading-process.ts).
 *
 * Learners' code runs in this same realm, after it was hardened. What this file needs from the language is captured before.
 */
import type { CorePart, TablesFunction } from "@millrace/engine/bundle";
import * as engine from "@millrace/engine/datastream";
import {
  CrashPointsImpossible,
  crashPoints,
  explainJob,
  InvariantViolation,
  type MissingCondition,
  type RunOutcome,
  Prng,
  readSavepoint,
  runUpgrade,
  runWorld,
  writeSavepoint,
} from "@millrace/engine/sim";
import type { SqlProgramOptions } from "@millrace/engine/sql";
import { classPathOf } from "./class-path.ts";
import { GuestConsole } from "./guest-console.ts";
import { type Ambient, freezeClasses, freezePrimordials, freezeReachable, removeForbiddenGlobals, virtualise } from "./harden.ts";
import type * as tables from "./guest-tables.ts";
import { LearnerModule } from "./learner-module.ts";
import { needsTables } from "./needs-tables.ts";
import type { WorldUpgrade } from "../plan/expand.ts";
import type { AuthorModule, GuestAnswer, GuestRequest, ProgramSource, SavepointRequest } from "./protocol.ts";

const parseJson = JSON.parse;
const stringify = JSON.stringify;
const { create, freeze, defineProperty, entries, values } = Object;

type JobProgram = ReturnType<typeof engine.datastreamProgram>;
type FunctionClasses = Extract<NonNullable<SqlProgramOptions["functions"]>, ReadonlyMap<string, unknown>>;
type FunctionClass = FunctionClasses extends ReadonlyMap<string, infer C> ? C : never;
type SourcePosition = NonNullable<ReturnType<LearnerModule["position"]>>;
type DiagnosticData = Extract<GuestAnswer, { kind: "mistake" }>["diagnostic"];

const ambient: Ambient = { nowMs: 0, random: () => 0 };
const console = new GuestConsole();
let program: JobProgram | null = null;
let learner: LearnerModule | null = null;
/** Version 1 of an upgrade; null = the loaded program takes over from nobody. */
let predecessor: JobProgram | null = null;

/** What `require("flink")` gives: the engine's learner API without the two exports that are the grader's. Never changed, but replaced when the tables come. */
let flink: Readonly<Record<string, unknown>> = (() => {
  const api: Record<string, unknown> = create(null);
  for (const [name, value] of entries(engine)) if (name !== "datastreamProgram" && name !== "setPositionProvider") api[name] = value;
  return freeze(api);
})();

/** From the second script; null = it has not been evaluated. */
let sqlProgram: typeof tables.sqlProgram | null = null;

/** Called with the second script's value, before the first program that needs it is evaluated. */
function attach(part: TablesFunction): void {
  if (sqlProgram !== null) throw new Error("the tables have been attached before");
  const { exports, classes } = part(corePart().shared);
  const { sqlProgram: program, ...api } = exports as unknown as typeof tables;
  freezeClasses(classes);
  for (const value of values(api)) freezeReachable(value);
  // Where both have a name (`json`), "flink" has the core's.
  flink = freeze(Object.assign(create(null) as Record<string, unknown>, api, flink));
  sqlProgram = program;
}

const INCOMPLETE: GuestAnswer = { kind: "incomplete" };

/** True when the scripts need the tables and these are not there yet. */
function lacksTables(scripts: readonly string[]): boolean {
  return sqlProgram === null && needsTables(scripts, (name) => name in flink);
}

function respond(request: GuestRequest): GuestAnswer {
  switch (request.kind) {
    case "load":
      return load(request);
    case "run": {
      const options = { record: request.record, maxRecordingEvents: request.maxRecordingEvents, metrics: request.metrics ?? true };
      const outcome =
        request.upgrade === undefined
          ? run(request.world, { ...options, ...savepointOptions(request.savepoint) })
          : upgrade(request.world, request.upgrade, options);
      // A savepoint is no plain JSON; it crosses as the text that a file would hold.
      const savepoint = outcome.savepoint === null ? null : writeSavepoint(outcome.savepoint);
      return {
        kind: "outcome",
        outcome: { ...outcome, failure: plainFailure(outcome.failure), savepoint: null },
        console: console.take(),
        savepoint,
      };
    }
    case "check":
      return { kind: "loaded" };
    case "explain": {
      if (program === null) throw new Error("no program loaded");
      seed(1, 0);
      return { kind: "value", value: explainJob(program, { parallelism: request.parallelism }) };
    }
    case "crashPoints": {
      if (program === null) throw new Error("no program loaded");
      return crashEverywhere(program, request.world, request.missing);
    }
    case "generate": {
      if (lacksTables(scriptsOf(request.module))) return INCOMPLETE;
      seed(request.seed, 0);
      const generate = authorFunction(request.module, "default");
      return { kind: "value", value: generate(new Prng(request.seed).fork("generate"), request.params, request.seed) };
    }
    case "compare": {
      if (lacksTables(scriptsOf(request.module))) return INCOMPLETE;
      seed(1, 0);
      return { kind: "value", value: authorFunction(request.module, "default")(request.input) ?? null };
    }
    case "solve": {
      if (lacksTables(scriptsOf(request.module))) return INCOMPLETE;
      seed(1, 0);
      return { kind: "value", value: authorFunction(request.module, "default")(request.form, request.world) ?? null };
    }
    case "trace": {
      if (lacksTables(scriptsOf(request.module))) return INCOMPLETE;
      const outcome = run(request.world, { record: true, maxRecordingEvents: 100_000 });
      const trace = authorFunction(request.module, "trace");
      return { kind: "value", value: trace({ outcome, recording: outcome.recording }) };
    }
  }
}

/** Classes that the module exports, from an evaluation of its own. */
function functionClasses(module: LearnerModule): FunctionClasses {
  const classes = new Map<string, FunctionClass>();
  for (const [name, value] of entries(module.evaluate())) if (typeof value === "function") classes.set(name, value as FunctionClass);
  return classes;
}

function crashEverywhere(job: JobProgram, world: Parameters<typeof runWorld>[1], missing: MissingCondition): GuestAnswer {
  seed(world.seed, world.startMs);
  try {
    return { kind: "value", value: crashPoints(job, world, { missing }) };
  } catch (error) {
    if (!(error instanceof CrashPointsImpossible)) throw error;
    const { failure, message } = error;
    return {
      kind: "mistake",
      diagnostic: failure?.diagnostic ?? { code: failure?.code ?? "RUNTIME_EXCEPTION", message, phase: "runtime" },
    };
  }
}

function load(request: Extract<GuestRequest, { kind: "load" }>): GuestAnswer {
  program = null;
  learner = null;
  predecessor = null;
  const before = request.predecessor === undefined ? null : programOf(request.predecessor);
  if (before !== null && before.kind !== "program") return before;
  const loaded = programOf(request);
  if (loaded.kind !== "program") return loaded;
  ({ program, learner } = loaded);
  predecessor = before?.program ?? null;
  return { kind: "loaded" };
}

/** `learner`: the module whose frames are told apart in stack traces. It is set before it is evaluated, so that its mistakes have a place. */
function programOf(
  source: ProgramSource,
): { readonly kind: "program"; readonly program: JobProgram; readonly learner: LearnerModule | null } | GuestAnswer {
  if (source.language === "sql") {
    if (sqlProgram === null) return INCOMPLETE;
    const { functions } = source;
    const module = functions === undefined ? null : new LearnerModule(functions.file, functions.code, functions.modules, flink);
    learner = module;
    const classes = module === null ? {} : { functions: () => functionClasses(module) };
    const planned = sqlProgram(source.script, { given: source.given, topics: source.topics, ...classes });
    const [mistake, ...others] = planned.diagnostics;
    if (mistake !== undefined) return { kind: "mistake", diagnostic: mistake, others };
    if (planned.program === null) throw new Error("a script without mistakes made no program");
    return { kind: "program", program: planned.program, learner: module };
  }
  if (lacksTables(scriptsOf(source))) return INCOMPLETE;
  const module = new LearnerModule("solution.ts", source.code, source.modules, flink);
  learner = module;
  const datastream = engine.datastreamProgram(() => {
    module.evaluate();
  });
  const classNames = classPathOf(
    [source.code.script, ...values(source.modules).map(({ text }) => text)],
    [flink, namesOf(corePart().tableNames), globalThis],
  );
  return {
    kind: "program",
    program: { instantiate: (defaults) => ({ ...datastream.instantiate(defaults), classNames }) },
    learner: module,
  };
}

function namesOf(list: readonly string[]): object {
  return Object.assign(create(null) as object, Object.fromEntries(list.map((name) => [name, true])));
}

function scriptsOf({ code, modules }: Pick<AuthorModule, "code" | "modules">): string[] {
  return [code.script, ...values(modules).flatMap(({ kind, text }) => (kind === "script" ? [text] : []))];
}

function savepointOptions(request: SavepointRequest | undefined): Parameters<typeof runWorld>[2] {
  if (request === undefined) return {};
  const { from, allowNonRestoredState, keep: keepSavepoint } = request;
  return from === null ? { keepSavepoint } : { keepSavepoint, startFrom: { savepoint: readSavepoint(from), allowNonRestoredState } };
}

function run(world: Parameters<typeof runWorld>[1], options: NonNullable<Parameters<typeof runWorld>[2]>): ReturnType<typeof runWorld> {
  if (program === null) throw new Error("no program loaded");
  seed(world.seed, world.startMs);
  return runWorld(program, world, { ...options, positionOf });
}

/** Version 1 is stopped with a savepoint, the loaded program goes on from it. What counts is the world at the end. */
function upgrade(
  world: Parameters<typeof runWorld>[1],
  { atMs, downtimeMs, parallelism, allowNonRestoredState }: WorldUpgrade,
  options: NonNullable<Parameters<typeof runWorld>[2]>,
): ReturnType<typeof runWorld> {
  if (program === null || predecessor === null) throw new Error("no program loaded");
  seed(world.seed, world.startMs);
  const first = { program: predecessor, end: { kind: "stop", atMs } } as const;
  const second = { program, downtimeMs, allowNonRestoredState, ...(parallelism === null ? {} : { parallelism }) };
  return runUpgrade([first, second], world, { ...options, positionOf }).outcome;
}

function seed(value: number, nowMs: number): void {
  const prng = new Prng(value).fork("learner");
  ambient.random = () => prng.next();
  ambient.nowMs = nowMs;
  console.take();
}

function authorFunction(module: AuthorModule, name: string): (...args: unknown[]) => unknown {
  const exported = new LearnerModule(module.file, module.code, module.modules, flink).evaluate()[name];
  if (typeof exported !== "function") throw new TypeError(`${module.file} exports no function \`${name}\``);
  return exported as (...args: unknown[]) => unknown;
}

/** Where in the learner's file an exception was thrown. */
function positionOf(cause: unknown): SourcePosition | undefined {
  return cause instanceof Error ? (learner?.position(String(cause.stack)) ?? undefined) : undefined;
}

// The engine's own frames come first; ten, the default, may be all of them.
Error.stackTraceLimit = 50;

/** Where the innermost learner frame stands now. */
engine.setPositionProvider(() => learner?.position(new Error().stack ?? "") ?? undefined);

/** See `latest` of the guest. */
let latestAnswer = "";

function answer(text: string): string {
  latestAnswer = "";
  const request = parseJson(text) as GuestRequest;
  let result: GuestAnswer;
  try {
    result = respond(request);
  } catch (error) {
    result = explain(error);
  }
  latestAnswer = encode(result, request.kind === "run" ? request.maxChars : 64_000_000);
  return latestAnswer;
}

function encode(result: GuestAnswer, maxChars: number): string {
  let encoded: string;
  try {
    encoded = stringify(result, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  } catch (error) {
    return stringify(explain(error, "RUNTIME_VALUE_NOT_JSON"));
  }
  return encoded.length > maxChars ? stringify({ kind: "tooLarge", chars: encoded.length }) : encoded;
}

/**
 * Whose mistake is it? A diagnostic and an exception with a frame in the learner's file are the learner's; the rest is ours. What was thrown may be
 * anything, and reading any part of it may throw again.
 */
function explain(error: unknown, code = "RUNTIME_EXCEPTION"): GuestAnswer {
  try {
    return explained(error, code);
  } catch {
    return {
      kind: "mistake",
      diagnostic: { code, message: "The program threw something that cannot even be read.", phase: "runtime", file: "solution.ts" },
    };
  }
}

function explained(error: unknown, code: string): GuestAnswer {
  if (error instanceof engine.Diagnostic) return { kind: "mistake", diagnostic: plainDiagnostic(error.data) };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
  const stack = error instanceof Error ? String(error.stack) : "";
  const position = learner?.position(stack) ?? null;
  if (position === null && code === "RUNTIME_EXCEPTION" && (error instanceof InvariantViolation || learner === null)) {
    return { kind: "broken", message: `${message}\n${stack}` };
  }
  const { file = "solution.ts", ...at } = position ?? {};
  const span = "line" in at ? { span: at } : {};
  return { kind: "mistake", diagnostic: { code, message, phase: "runtime", file, ...span } };
}

function plainFailure(failure: RunOutcome["failure"]): RunOutcome["failure"] {
  return failure?.diagnostic === undefined ? failure : { ...failure, diagnostic: plainDiagnostic(failure.diagnostic) };
}

/** Programs can make diagnostics themselves, of whatever they like. */
function plainDiagnostic(data: DiagnosticData): DiagnosticData {
  return { ...data, code: `${data.code}`, message: `${data.message}` };
}

removeForbiddenGlobals();
virtualise(ambient);
defineProperty(globalThis, "console", { value: console.facade, writable: false, configurable: false });

/** The host takes these, deletes the global and calls `seal` before any other code runs. */
const guest = {
  answer,
  /** The answer to the last request, once more; "" = there was none. For when something else was thrown at the host in its place. */
  latest: () => latestAnswer,
  attach,
  /** Put here by the bundler (engine: bundle/bundle-parts.ts). */
  part: null as CorePart | null,
  seal(): void {
    freezeClasses(corePart().classes);
    freezePrimordials();
    for (const value of values(engine)) freezeReachable(value);
  },
};

function corePart(): CorePart {
  if (guest.part === null) throw new Error("the bundler has left nothing");
  return guest.part;
}

Object.assign(globalThis, { __millraceGuest: guest });
