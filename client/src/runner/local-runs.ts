/**
 * Run and changed worlds in this browser where that is possible, else on the server: the same report either way. What cannot run here: answers that are forms,
 * problems without a run kit, browsers that cannot open the frame, and a guest that breaks, which the server then has to say more about.
 */
import type {
  ChangedRun,
  DiagnosticData,
  LocalProgram,
  ProgramAnswer,
  RunKitAnswer,
  SampleReport,
  ShownWorld,
  SubmissionWorld,
  SubmissionBody,
} from "@millrace/server/contract";
import type * as local from "@millrace/grader/local";
import { type Api, api } from "../api/client.ts";
import { type ChangedRunApi, changedRuns } from "../api/changed-runs.ts";
import { ApiFailure } from "../api/failure.ts";
import { type LocalRunApi, localRunApi } from "../api/local-runs.ts";
import { texts } from "../texts/en.ts";
import { CannotRun, type GuestScripts, ProgramFrame } from "./program-frame.ts";

export interface LocalRunsParts {
  readonly api: Pick<Api, "run" | "check" | "submission">;
  readonly changedRuns: ChangedRunApi;
  readonly localRunApi: LocalRunApi;
  /** Makes what programs run in. */
  readonly openFrame: (scripts: () => Promise<GuestScripts>) => Pick<ProgramFrame, "open" | "ask" | "close">;
  /** Ms of some clock. */
  readonly now: () => number;
}

type Answer = Pick<SubmissionBody, "language" | "text" | "functions">;
type Kit = RunKitAnswer & { readonly kit: NonNullable<RunKitAnswer["kit"]> };

/** How long a run may go on that nobody waits for. */
const PATIENCE_MS = 300;
/** Worlds of verdicts that are kept for the next change. */
const MOST_WORLDS = 4;

export class LocalRuns implements ChangedRunApi {
  readonly #parts: LocalRunsParts;
  readonly #kits = new Map<string, Promise<RunKitAnswer>>();
  readonly #worlds = new Map<string, Promise<SubmissionWorld & { readonly text: string }>>();
  /** The last text that was made a program: a world is changed many times, its program seldom. */
  #program: { readonly key: string; readonly made: Promise<ProgramAnswer> } | null = null;
  #frame: { readonly guest: string; readonly frame: ReturnType<LocalRunsParts["openFrame"]> } | null = null;
  /** Once it could not, it will not be tried again. */
  #cannot = false;

  constructor(parts: LocalRunsParts) {
    this.#parts = parts;
  }

  /** Has everything ready for a first run. Nothing is said when that is impossible. */
  async prepare(problem: string): Promise<void> {
    try {
      const kit = await this.#kitOf(problem);
      if (kit !== null) await Promise.all([this.#frameOf(kit.guest).open(), loadLocal()]);
    } catch (error) {
      if (error instanceof CannotRun) this.#cannot = true;
      // Everything else will be met again, and told, by who runs something.
    }
  }

  /** Run: the samples. An arrow function, so that it can take the place of the server's. */
  readonly run = (problem: string, answer: SubmissionBody): Promise<SampleReport> =>
    this.#here(
      () => this.#runHere(problem, answer),
      () => this.#parts.api.run(problem, answer),
    );

  async sample(problem: string, body: Parameters<ChangedRunApi["sample"]>[1], signal?: AbortSignal): Promise<ChangedRun> {
    const { changes, sample, ...answer } = body;
    const changeHere = async () => {
      const kit = await this.#kitOf(problem);
      const world = kit?.kit.samples[sample];
      if (kit === null || world === undefined) return null;
      const where = { guest: kit.guest, limits: kit.kit.limits };
      return this.#change(where, answer.text, await this.#programOf(problem, answer), world, changes, signal);
    };
    return this.#here(changeHere, () => this.#parts.changedRuns.sample(problem, body, signal));
  }

  async submission(id: string, body: Parameters<ChangedRunApi["submission"]>[1], signal?: AbortSignal): Promise<ChangedRun> {
    const changeHere = async () => {
      const { text, ...world } = await this.#worldOf(id);
      return this.#change(world, text, world.program, world, body.changes, signal);
    };
    return this.#here(changeHere, () => this.#parts.changedRuns.submission(id, body, signal));
  }

  /** @param here null = not here. */
  async #here<T>(here: () => Promise<T | null>, there: () => Promise<T>): Promise<T> {
    if (this.#cannot) return there();
    try {
      return (await here()) ?? (await there());
    } catch (error) {
      if (error instanceof CannotRun) this.#cannot = true;
      // A bug of ours: the learner gets the server's run, and whoever looks after the room, a trace.
      else if (error instanceof Error && error.name === "JudgeFault") console.error(error);
      else if (!(error instanceof ApiFailure && error.code === "RUNS_ON_SERVER")) throw error;
      return there();
    }
  }

  async #runHere(problem: string, answer: SubmissionBody): Promise<SampleReport | null> {
    if (answer.language !== "datastream" && answer.language !== "sql") return null;
    const known = await this.#kitOf(problem);
    if (known === null) return null;
    // Types are checked meanwhile.
    const isTyped = answer.language === "datastream" || (answer.functions ?? "").trim() !== "";
    const types = isTyped ? this.#check(problem, answer) : Promise.resolve([]);
    types.catch(() => undefined);
    const program = await this.#programOf(problem, answer);
    const kit = program.version === known.version ? known : await this.#renewedKit(problem);
    if (kit === null) return null;
    const { runSamplesLocally } = await loadLocal();
    return runSamplesLocally(kit.kit, answer, program, types, this.#frameOf(kit.guest), this.#parts.now);
  }

  /** A server that has too much to do to check them says so, and Submit will say what they are. */
  async #check(problem: string, answer: SubmissionBody): Promise<readonly DiagnosticData[]> {
    try {
      return (await this.#parts.api.check(problem, answer)).diagnostics;
    } catch (error) {
      if (error instanceof ApiFailure && error.away) return [];
      throw error;
    }
  }

  async #change(
    { guest, limits }: Pick<SubmissionWorld, "guest" | "limits">,
    text: string,
    program: LocalProgram,
    world: ShownWorld,
    changes: Parameters<ChangedRunApi["submission"]>[1]["changes"],
    signal: AbortSignal | undefined,
  ): Promise<ChangedRun> {
    const { runChangedLocally } = await loadLocal();
    signal?.throwIfAborted();
    const frame = this.#frameOf(guest);
    // Nobody waits for it any more. Most runs end before a new frame would be open; one that goes on would keep the next one waiting.
    let patience: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      patience = setTimeout(() => frame.close(), PATIENCE_MS);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const ran = await runChangedLocally(world, limits, text, program, changes, frame, this.#parts.now);
      if (ran.kind === "ran") return ran.run;
      const message = ran.change === null ? ran.message : texts.stage.world.refused(ran.change + 1, ran.message);
      throw new ApiFailure(400, "CHANGE_REFUSED", message);
    } finally {
      clearTimeout(patience);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #kitOf(problem: string): Promise<Kit | null> {
    let kit = this.#kits.get(problem);
    if (kit === undefined) {
      kit = this.#parts.localRunApi.kit(problem);
      this.#kits.set(problem, kit);
      kit.catch(() => this.#kits.delete(problem));
    }
    // Whatever keeps it from here, the server's own run will say better.
    const answer = await kit.catch(() => null);
    return answer === null || answer.kit === null ? null : { ...answer, kit: answer.kit };
  }

  #renewedKit(problem: string): Promise<Kit | null> {
    this.#kits.delete(problem);
    return this.#kitOf(problem);
  }

  #worldOf(submission: string): Promise<SubmissionWorld & { readonly text: string }> {
    let world = this.#worlds.get(submission);
    if (world === undefined) {
      world = this.#fetchWorld(submission);
      if (this.#worlds.size >= MOST_WORLDS) this.#worlds.clear();
      this.#worlds.set(submission, world);
      world.catch(() => this.#worlds.delete(submission));
    }
    return world;
  }

  async #fetchWorld(submission: string): Promise<SubmissionWorld & { readonly text: string }> {
    const { submission: detail } = this.#parts.api;
    const [{ text }, world] = await Promise.all([detail(submission), this.#parts.localRunApi.world(submission)]);
    return { ...world, text };
  }

  #programOf(problem: string, { language, text, functions }: Answer): Promise<ProgramAnswer> {
    const key = JSON.stringify([problem, language, text, functions ?? ""]);
    if (this.#program?.key === key) return this.#program.made;
    const made = this.#parts.localRunApi.program(problem, { language, text, ...(functions === undefined ? {} : { functions }) });
    const program = { key, made };
    this.#program = program;
    made.catch(() => {
      if (this.#program === program) this.#program = null;
    });
    return made;
  }

  #frameOf(guest: string): ReturnType<LocalRunsParts["openFrame"]> {
    if (this.#frame?.guest === guest) return this.#frame.frame;
    this.#frame?.frame.close();
    const script = (name: "shell" | "core" | "tables") => this.#parts.localRunApi.script(guest, name);
    const frame = this.#parts.openFrame(async () => {
      const [shell, core, tables] = await Promise.all([script("shell"), script("core"), script("tables")]);
      return { shell, core, tables };
    });
    this.#frame = { guest, frame };
    return frame;
  }
}

/** Comparison and reports: a chunk of its own, which nobody needs who only reads. */
function loadLocal(): Promise<typeof local> {
  return import("@millrace/grader/local");
}

/** The page's own. */
export const localRuns = new LocalRuns({
  api,
  changedRuns,
  localRunApi,
  openFrame: (scripts) => new ProgramFrame(scripts),
  now: () => performance.now(),
});
