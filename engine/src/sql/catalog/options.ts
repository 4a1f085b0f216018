/** Options that SET understands, and how their values read. */
import type { SetOption } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { JOB_OPTIONS } from "./job-options.ts";
import { complaint, expectation, type OptionKind } from "./option-kind.ts";
import { TABLE_OPTIONS } from "./table-options.ts";

export { durationMs } from "./duration.ts";

const KNOWN: Readonly<Record<string, OptionKind>> = { ...TABLE_OPTIONS, ...JOB_OPTIONS };

/** Throws SQL_UNKNOWN_OPTION, SQL_OPTION_VALUE, SQL_BATCH_MODE. */
export function checkOption(option: SetOption): void {
  const kind = KNOWN[option.key];
  if (kind === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_OPTION", `There is no option '${option.key}'.`, option.keySpan, {
      found: option.key,
      hint: nameHint(option.key, Object.keys(KNOWN), "options"),
    });
  }
  const expected = expectation(kind, option.value);
  if (expected !== null) {
    throw new SqlError("validate", "SQL_OPTION_VALUE", `'${option.value}' is no value for '${option.key}'.`, option.valueSpan, {
      found: option.value,
      expected,
    });
  }
  if (option.key === "execution.runtime-mode" && option.value.toUpperCase() !== "STREAMING") {
    throw new SqlError("validate", "SQL_BATCH_MODE", "SQL runs in STREAMING mode only here.", option.valueSpan, {
      found: option.value,
      expected: "'STREAMING'",
      hint: "A streaming job over bounded tables ends with the same final tables; take a windowed or upsert sink for its results.",
    });
  }
}

/** Values that came some other way than by SET are looked at when a job is planned, as in Flink. @param all false = only the time zone. Throws SqlError. */
export function checkValues(options: ReadonlyMap<string, string>, all: boolean): void {
  for (const [key, value] of options) {
    const kind = KNOWN[key];
    if (!all && kind !== "zone") continue;
    if (kind !== undefined && expectation(kind, value) !== null)
      throw new SqlError(kind === "zone" ? "validate" : "plan", "SQL_OPTION_VALUE", complaint(kind, value), null, {
        found: `'${key}' = '${value}'`,
      });
    if (key === "execution.runtime-mode" && value.toUpperCase() !== "STREAMING") {
      throw new SqlError(
        "plan",
        "SQL_BATCH_MODE",
        "Mismatch between configured runtime mode and actual runtime mode. Currently, the 'execution.runtime-mode' can only be set when instantiating the table environment. Subsequent changes are not supported. Please instantiate a new TableEnvironment if necessary.",
        null,
      );
    }
  }
}
