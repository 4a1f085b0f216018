/**
 * Expands planned worlds and runs the reference in them; both are remembered, since every submission to a problem meets the same worlds.
 */
import type { RunOutcome, World } from "@millrace/engine/sim";
import type { CompileService } from "../compile/compile-service.ts";
import { compileSubmission, givenModules, type LoadRequest } from "../compile/compile-submission.ts";
import type { AuthorModule, GuestModule } from "../guest/protocol.ts";
import type { Problem, Scenario } from "../pack/problem.ts";
import { expand, expandUpgrade, type GeneratedStreams, generatedTopics, type WorldUpgrade } from "../plan/expand.ts";
import type { PlannedWorld } from "../plan/plan.ts";
import type { AuthorSandbox } from "../sandbox/author-sandbox.ts";
import { JudgeFault } from "./judge-fault.ts";
import { LruCache } from "./lru-cache.ts";
import { readSettings, withSettings } from "./settings.ts";

export interface ReferenceRun {
  readonly world: World;
  readonly upgrade: WorldUpgrade | null;
  readonly outcome: RunOutcome;
}

const MAX_CACHE_CHARS = 128 * 1024 * 1024;
const MAX_ANSWER_CHARS = 64 * 1024 * 1024;

export class References {
  readonly #compile: CompileService;
  readonly #sandbox: AuthorSandbox;
  readonly #runs = new LruCache<Promise<ReferenceRun>>(MAX_CACHE_CHARS);
  readonly #loads = new Map<string, Promise<LoadRequest>>();
  readonly #modules = new Map<string, Promise<AuthorModule>>();

  constructor(compile: CompileService, sandbox: AuthorSandbox) {
    this.#compile = compile;
    this.#sandbox = sandbox;
  }

  run(problem: Problem, planned: PlannedWorld): Promise<ReferenceRun> {
    const key = `${problem.contentHash}/${planned.scenario.name}/${planned.seed}`;
    const known = this.#runs.get(key);
    if (known !== undefined) return known;
    const run = this.#run(problem, planned);
    this.#runs.set(key, run, 0);
    run.then(
      ({ world, outcome }) => this.#runs.set(key, run, JSON.stringify(outcome).length + JSON.stringify(world.topics).length),
      () => this.#runs.delete(key), // A failure is told to whoever waits, and tried again next time.
    );
    return run;
  }

  async world(problem: Problem, scenario: Scenario, seed: number): Promise<World> {
    let generated: GeneratedStreams = {};
    if (generatedTopics(scenario).length > 0 || (scenario.generate !== undefined && problem.modules.generate !== null)) {
      const module = await this.authorModule(problem, "generate.ts", problem.modules.generate ?? "");
      const request = { kind: "generate", module, params: scenario.generate ?? {}, seed } as const;
      const answer = await this.#sandbox.ask(problem.contentHash, await this.load(problem), request);
      if (answer.kind !== "value" || typeof answer.value !== "object" || answer.value === null) {
        throw new JudgeFault(`${problem.id}: generate.ts must return an object of topics`);
      }
      generated = answer.value as GeneratedStreams;
    }
    return expand(
      scenario,
      seed,
      generated,
      problem.outputs.flatMap((output) => (output.place.kind === "topic" ? [output.topic] : [])),
    );
  }

  async #run(problem: Problem, planned: PlannedWorld): Promise<ReferenceRun> {
    const world = await this.world(problem, planned.scenario, planned.seed);
    const settings = problem.tune === null ? null : readSettings(problem.tune, problem.tune.reference).settings;
    const upgrade = expandUpgrade(planned.scenario);
    const request = {
      ...({
        kind: "run",
        world: settings === null ? world : withSettings(world, settings),
        record: false,
        maxRecordingEvents: 0,
        maxChars: MAX_ANSWER_CHARS,
      } as const),
      ...(upgrade === null ? {} : { upgrade }),
    };
    const answer = await this.#sandbox.ask(problem.contentHash, await this.load(problem), request);
    if (answer.kind !== "outcome") throw new JudgeFault(`${problem.id}: the reference gave ${answer.kind} instead of an outcome`);
    if (answer.outcome.status !== "finished") {
      const why = JSON.stringify(answer.outcome.failure);
      throw new JudgeFault(
        `${problem.id}: the reference ended as ${answer.outcome.status} in ${planned.scenario.name}/${planned.seed}: ${why}`,
      );
    }
    return { world, upgrade, outcome: answer.outcome };
  }

  /** The reference's program, compiled once per content. */
  load(problem: Problem): Promise<LoadRequest> {
    let load = this.#loads.get(problem.contentHash);
    if (load === undefined) {
      load = this.#load(problem);
      this.#loads.set(problem.contentHash, load);
      load.catch(() => this.#loads.delete(problem.contentHash));
    }
    return load;
  }

  async #load(problem: Problem): Promise<LoadRequest> {
    const { load, diagnostics } = await compileSubmission(this.#compile, problem, problem.reference, { checkTypes: false });
    if (load === null) throw new JudgeFault(`${problem.id}: the reference does not compile: ${diagnostics[0]?.message}`);
    return load;
  }

  /** An author's module with everything it may import, compiled once per content. */
  authorModule(problem: Problem, file: string, text: string): Promise<AuthorModule> {
    const key = `${problem.contentHash}/${file}`;
    let module = this.#modules.get(key);
    if (module === undefined) {
      module = this.#authorModule(problem, file, text);
      this.#modules.set(key, module);
      module.catch(() => this.#modules.delete(key));
    }
    return module;
  }

  async #authorModule(problem: Problem, file: string, text: string): Promise<AuthorModule> {
    const { script, diagnostics } = await this.#compile.compile({ kind: "strip", file, text });
    if (script === null) throw new JudgeFault(`${problem.id}: ${file} does not compile: ${diagnostics[0]?.message}`);
    const modules: Record<string, GuestModule> = await givenModules(this.#compile, problem);
    for (const [name, json] of Object.entries(problem.modules.files)) modules[name] = { kind: "json", text: json };
    return { file, code: script, modules };
  }
}
