/** Kind `tune`: the form of its settings. Judged they are as a program, see settings.ts. */
import type { Problem } from "../../pack/problem.ts";
import type { KnobYaml } from "../../pack/schema/tune.ts";
import { JudgeFault } from "../judge-fault.ts";
import type { AnswerForm, FormRow } from "../samples.ts";
import { SETTING_COLUMN } from "../settings.ts";

export function settingsForm(problem: Problem): AnswerForm {
  if (problem.tune === null) throw new JudgeFault(`${problem.id} has no tune.yaml`);
  const { prompt, knobs } = problem.tune;
  return {
    prompt,
    columns: [
      { name: "setting", label: "setting", blank: false, hint: null, options: null },
      { name: "about", label: "what it does", blank: false, hint: null, options: null },
      { name: SETTING_COLUMN, label: "value", blank: true, hint: null, options: null },
    ],
    rows: knobs.map((knob): FormRow => ({ id: knob.key, cells: [knob.label, knob.about, null], initial: knob.default, ...inputOf(knob) })),
    variation: 0,
    variations: 1,
  };
}

function inputOf(knob: KnobYaml): Pick<FormRow, "options" | "hint"> {
  switch (knob.type) {
    case "boolean":
      return { options: ["true", "false"].map((value) => ({ value, label: value })) };
    case "choice":
      return { options: (knob.options ?? []).map((value) => ({ value, label: value })) };
    case "duration":
      return { hint: "a duration, e.g. 10 s" };
    case "memory":
      return { hint: "an amount of memory, e.g. 64 mb" };
    case "integer":
      return {
        hint:
          knob.min === undefined ? "a whole number" : `a whole number from ${knob.min}${knob.max === undefined ? "" : ` to ${knob.max}`}`,
      };
  }
}
