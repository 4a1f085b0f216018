/**
 * Run and changed worlds without a grading process: in a browser's worker that holds the guest. The same guest, worlds and comparison as the judge's, so the
 * same report; what is missing is the sandbox's limit of memory, which the browser has its own of.
 */
import type { DiagnosticData } from "@millrace/engine";
import { checkOutcome } from "../checkers/check-outcome.ts";
import type { GuestAnswer, GuestRequest } from "../guest/protocol.ts";
import { judgedIn } from "../pack/problem.ts";
import { changedWorld, type WorldChange } from "../plan/world-changes.ts";
import { CHANGED_RUN, changedRunOf, MAX_PLACED_RECORDS, notCompiled } from "./changed-outcome.ts";
import type { ChangedRunAnswer, ShownWorld } from "./changed-run-report.ts";
import { type JudgedSample, judgeSamples, rejectedReport, SAMPLE_RUN } from "./judge-samples.ts";
import type { SampleReport, Submission } from "./report.ts";
import type { RunKit } from "./run-kit.ts";
import { type SubmissionRun, submissionRunOf } from "./submission-run.ts";

type LoadRequest = Extract<GuestRequest, { kind: "load" }>;

/** Where the guest lives. */
export interface LocalGuest {
  /** null = it was given up: there was no answer within so many ms. */
  ask(request: GuestRequest, withinMs: number): Promise<GuestAnswer | null>;
}

/** What the server makes of a text; see `LoadRequest`. */
export interface LocalProgram {
  /** null when there are diagnostics. */
  readonly load: LoadRequest | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** A browser's clock tells no processor time, and its machine may have other things to do. */
const WALL_PER_CPU = 2;

/**
 * As Run on the server. Throws a JudgeFault when the guest itself breaks.
 *
 * @param types what a check of the text's types finds, which goes on meanwhile: when it finds a mistake, what the run came to is thrown away.
 */
export async function runSamplesLocally(
  kit: RunKit,
  { language, text }: Submission,
  program: LocalProgram,
  types: Promise<readonly DiagnosticData[]>,
  guest: LocalGuest,
  now: () => number,
): Promise<SampleReport> {
  const startedAt = now();
  const timed = (report: Omit<SampleReport, "ranInMs">): SampleReport => ({ ...report, ranInMs: Math.round(now() - startedAt) });
  const { load } = program;
  if (load === null) return timed(rejectedReport(program.diagnostics));
  const problem = judgedIn(kit, language);
  const withinMs = kit.limits.cpuMs * WALL_PER_CPU;

  async function* samples(): AsyncGenerator<JudgedSample> {
    for (const { planned, world, upgrade, bounds, expected } of kit.samples) {
      const request = { kind: "run", world, ...SAMPLE_RUN, ...(upgrade === null ? {} : { upgrade }) } as const;
      const run = await runIn(guest, load!, request, withinMs, now);
      const check: JudgedSample["check"] = (outcome) => checkOutcome(problem, { world, bounds, reference: expected }, outcome);
      yield { problem, planned, reference: { world, outcome: expected }, run, check };
    }
  }
  const [mistakes, report] = await Promise.all([types, judgeSamples(samples(), text)]);
  return timed(mistakes.length > 0 ? rejectedReport(mistakes) : report);
}

/** As the server's changed run. Throws a JudgeFault when the guest itself breaks. */
export async function runChangedLocally(
  { world: given, upgrade }: ShownWorld,
  limits: RunKit["limits"],
  text: string,
  program: LocalProgram,
  changes: readonly WorldChange[],
  guest: LocalGuest,
  now: () => number,
): Promise<ChangedRunAnswer> {
  const startedAt = now();
  const changed = changedWorld(given, changes);
  if (changed.kind === "refused") return changed;
  const records = changed.records.slice(0, MAX_PLACED_RECORDS);
  const request = { kind: "run", world: changed.world, ...CHANGED_RUN, ...(upgrade === null ? {} : { upgrade }) } as const;
  const run =
    program.load === null
      ? notCompiled(program.diagnostics)
      : changedRunOf(limits, text, await runIn(guest, program.load, request, limits.cpuMs * WALL_PER_CPU, now));
  return { kind: "ran", run: { ...run, records, ranInMs: Math.round(now() - startedAt) } };
}

/** The program is loaded for each world anew, so that none leaves anything behind for the next. */
async function runIn(
  guest: LocalGuest,
  load: LoadRequest,
  request: Extract<GuestRequest, { kind: "run" }>,
  withinMs: number,
  now: () => number,
): Promise<SubmissionRun> {
  const loaded = await guest.ask(load, withinMs);
  if (loaded === null) return { kind: "limit", verdict: "time-limit", runMs: 0 };
  if (loaded.kind !== "loaded") return submissionRunOf(loaded, { runMs: 0, cpuMs: 0 });
  const startedAt = now();
  const answer = await guest.ask(request, withinMs);
  const runMs = Math.round((now() - startedAt) * 10) / 10;
  return answer === null ? { kind: "limit", verdict: "time-limit", runMs: 0 } : submissionRunOf(answer, { runMs, cpuMs: 0 });
}
