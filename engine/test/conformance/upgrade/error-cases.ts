import { argumentPrograms } from "./errors/argument-programs.ts";
import { asyncPrograms } from "./errors/async-programs.ts";
import { firstCompileErrors } from "./errors/compile-stage.ts";
import type { ErrorPrograms } from "./errors/error-program.ts";
import { keyPrograms } from "./errors/key-programs.ts";
import { missingSubstance } from "./errors/message-substance.ts";
import { settingPrograms } from "./errors/setting-programs.ts";
import { type Reaction, reactionTo, type Stage } from "./errors/stages.ts";
import { statePrograms } from "./errors/state-programs.ts";
import { thrownPrograms } from "./errors/thrown-programs.ts";
import { topologyPrograms } from "./errors/topology-programs.ts";
import { twoInputPrograms } from "./errors/two-input-programs.ts";
import { windowPrograms } from "./errors/window-programs.ts";

const PROGRAMS: ErrorPrograms = {
  ...windowPrograms,
  ...statePrograms,
  ...topologyPrograms,
  ...settingPrograms,
  ...twoInputPrograms,
  ...asyncPrograms,
  ...keyPrograms,
  ...thrownPrograms,
  ...argumentPrograms,
};

let compiled: ReadonlyMap<string, string | null> | undefined;

/** What the compiler says of the programs whose mistake it finds. */
function compileReaction(id: string): Reaction {
  compiled ??= firstCompileErrors(
    new Map(Object.entries(PROGRAMS).flatMap(([name, { source }]) => (source === undefined ? [] : [[name, source]]))),
  );
  const message = compiled.get(id);
  return typeof message === "string" ? { stage: "build", message } : { stage: "none" };
}

interface ErrorCase {
  readonly id: string;
  /** The program in words. */
  readonly program: readonly string[];
  readonly buildOnly?: boolean;
  readonly expect: { readonly stage: Stage; readonly error?: string; readonly message?: string; readonly status?: string };
}

/** Runs one case of area errors; null when it passes, else its first difference. */
export function runError(caseJson: unknown): string | null {
  const { id, program: words, buildOnly, expect } = caseJson as ErrorCase;
  const name = id.replace(/^error-/, "");
  const program = PROGRAMS[name];
  if (program === undefined) return `not covered yet: the program "${words.join(", ")}"`;
  const reaction = program.source === undefined ? reactionTo(program, buildOnly === true) : compileReaction(name);
  const got = reaction.message === undefined ? "" : ` (${reaction.code ?? "compiler"}: ${reaction.message})`;
  if (reaction.stage !== expect.stage)
    return `expected stage ${expect.stage} (${expect.message ?? expect.status}), got ${reaction.stage}${got}`;
  if (expect.stage === "none") {
    return reaction.status === expect.status ? null : `expected ${expect.status}, got ${reaction.status}`;
  }
  if (reaction.code !== program.code) return `expected code ${program.code}, got ${reaction.code}${got}`;
  const missing = missingSubstance(program, expect.message ?? "", reaction.message ?? "");
  return missing === null ? null : `expected ${missing}`;
}
