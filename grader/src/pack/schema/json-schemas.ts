/** The YAML files of a pack as JSON Schemas, for editors: `millrace pack schema` writes them to problems/schemas/. */
import { z } from "zod";
import { editedSubmissionSchema } from "../edited-submission.ts";
import { cardsSchema } from "./cards.ts";
import { coverageSchema } from "./coverage.ts";
import { decideSchema } from "./decide.ts";
import { packSchema } from "./pack.ts";
import { problemSchema } from "./problem.ts";
import { scenarioSchema } from "./scenario.ts";
import { submissionsSchema } from "./submissions.ts";
import { tuneSchema } from "./tune.ts";

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  pack: packSchema,
  problem: problemSchema,
  scenario: scenarioSchema,
  submissions: submissionsSchema,
  decide: decideSchema,
  tune: tuneSchema,
  coverage: coverageSchema,
  cards: cardsSchema,
  edit: editedSubmissionSchema,
};

/** File name → its text. What an author writes, so that what has a default may be absent. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => {
      const json = { title: `Millrace ${name}.yaml, pack format 1`, ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) };
      return [`${name}.schema.json`, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}
