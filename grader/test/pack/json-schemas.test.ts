/** problems/schemas is what `millrace pack schema` writes now. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jsonSchemas } from "../../src/pack/schema/json-schemas.ts";

const DIR = join(import.meta.dirname, "../../../problems/schemas");

it("is fresh: npx millrace pack schema", () => {
  const written = Object.fromEntries(readdirSync(DIR).map((file) => [file, readFileSync(join(DIR, file), "utf8")]));
  expect(written).toEqual(jsonSchemas());
});

it("asks for what has no default, and knows no other key", () => {
  const problem = JSON.parse(jsonSchemas()["problem.schema.json"]!) as { required: string[]; additionalProperties: boolean };
  expect(problem.required).toEqual(["format", "id", "title", "kind", "difficulty", "section", "minutes"]);
  expect(problem.additionalProperties).toBe(false);
});
