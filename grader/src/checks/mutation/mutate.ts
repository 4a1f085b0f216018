/** The mutants of a submission: jobs by their syntax tree, scripts by their tokens, settings knob by knob. Forms of `trace` and `decide` have none. */
import { parseDocument } from "yaml";
import type { BundledSubmission, Problem } from "../../pack/problem.ts";
import { applyChanges, type Mutant } from "./mutant.ts";
import { changesOfScript } from "./sql/mutate-script.ts";
import { changesOfJob } from "./typescript/mutate-job.ts";

export function mutantsOf(problem: Problem, submission: BundledSubmission): Mutant[] {
  const { text, functions } = submission;
  const given = problem.given.datastream ?? "";
  switch (submission.language) {
    case "datastream":
      return applyChanges(text, changesOfJob(text, given, problem.kind)).map((mutant) => ({ ...mutant, functions }));
    case "sql": {
      const mutants: Mutant[] = applyChanges(text, changesOfScript(text, problem.given.sql ?? "")).map((mutant) => ({
        ...mutant,
        functions,
      }));
      if (functions === undefined) return mutants;
      const inFunctions = applyChanges(functions, changesOfJob(functions, given, problem.kind), "functions.ts, ");
      return [...mutants, ...inFunctions.map((mutant) => ({ ...mutant, text, functions: mutant.text }))];
    }
    case "config":
      return mutantsOfSettings(problem, submission);
    default:
      return [];
  }
}

/** Each knob as it stood before anybody touched it. */
function mutantsOfSettings(problem: Problem, { text }: BundledSubmission): Mutant[] {
  return (problem.tune?.knobs ?? []).flatMap((knob): Mutant[] => {
    const document = parseDocument(text);
    const set = document.getIn([knob.key, "value"]);
    if (set === undefined || String(set) === knob.default) return [];
    document.setIn([knob.key, "value"], knob.default);
    const name = `${knob.key}: ${String(set)} → ${knob.default}`;
    return [{ name, line: 1, shown: `${knob.key}: { value: ${knob.default} }`, text: document.toString(), functions: undefined }];
  });
}
