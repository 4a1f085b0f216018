/** Kind `tune`: an answer sets the knobs of a job; the job runs in a world that has them. */
import type { DiagnosticData } from "@millrace/engine";
import type { World } from "@millrace/engine/sim";
import type { KnobYaml, TuneYaml } from "../pack/schema/tune.ts";
import { parseDurationUs } from "../plan/time-text.ts";
import { readAnswer } from "./forms/answer-table.ts";

/** Configuration key → value as text. */
export type Settings = Readonly<Record<string, string>>;

/** The one column of the form that is filled in. */
export const SETTING_COLUMN = "value";

export const DEFAULT_PARALLELISM = "parallelism.default";
const SLOTS = "taskmanager.numberOfTaskSlots";

/** What the answer sets, defaults where it says nothing. */
export function readSettings(
  tune: TuneYaml,
  text: string,
): { readonly settings: Settings; readonly diagnostics: readonly DiagnosticData[] } {
  const rows = tune.knobs.map((knob) => knob.key);
  const answer = readAnswer(text, { rows, columns: [SETTING_COLUMN] });
  const settings: Record<string, string> = {};
  const diagnostics = [...answer.diagnostics];
  for (const knob of tune.knobs) {
    const given = answer.values[knob.key]?.[SETTING_COLUMN];
    const value = given === undefined || given === null || given === "" ? knob.default : String(given).trim();
    const complaint = complaintAbout(knob, value);
    if (complaint !== null) {
      const { line, column } = answer.locate(knob.key);
      const expected = complaint;
      const message = `\`${knob.key}\` cannot be \`${value}\`: it is ${complaint}.`;
      diagnostics.push({
        code: "TUNE_BAD_VALUE",
        message,
        phase: "validate",
        file: "answer.yaml",
        span: { line, column },
        found: value,
        expected,
      });
    }
    settings[knob.key] = value;
  }
  return { settings, diagnostics };
}

/** What the value should be; null when it is. */
function complaintAbout(knob: KnobYaml, value: string): string | null {
  switch (knob.type) {
    case "duration":
      return parseDurationUs(value) === null ? "a duration such as 500 ms, 10 s or 2 min" : null;
    case "memory":
      return /^\d+\s*(b|kb|mb|gb)$/i.test(value) ? null : "an amount of memory such as 512 kb or 64 mb";
    case "integer": {
      const number = Number(value);
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = knob;
      if (Number.isInteger(number) && number >= min && number <= max) return null;
      return knob.min === undefined && knob.max === undefined ? "a whole number" : `a whole number from ${min} to ${max}`;
    }
    case "boolean":
      return value === "true" || value === "false" ? null : "true or false";
    case "choice":
      return knob.options?.includes(value) === false ? `one of ${knob.options.join(", ")}` : null;
  }
}

/** The world with these settings in its cluster's configuration. */
export function withSettings(world: World, settings: Settings): World {
  const { [DEFAULT_PARALLELISM]: parallelism, [SLOTS]: slots, ...rest } = settings;
  const cluster = {
    ...world.cluster,
    ...(parallelism === undefined ? {} : { parallelism: Number(parallelism) }),
    ...(slots === undefined ? {} : { slotsPerTaskManager: Number(slots) }),
    configuration: { ...world.cluster.configuration, ...rest },
  };
  return { ...world, cluster };
}
