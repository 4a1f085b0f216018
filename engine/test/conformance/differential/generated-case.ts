import type { JsonObject } from "../datastream/case-format.ts";

/** A case before real Flink has filled in `expect`. */
export interface GeneratedCase {
  readonly title: string;
  readonly pipeline: JsonObject;
  readonly input: readonly JsonObject[];
  /** Further fields of the format: `unorderedSteps`, `compare`, `informative`. */
  readonly [field: string]: unknown;
}
