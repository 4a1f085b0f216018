import { isKnownZone } from "../functions/time-zones.ts";
import { durationMs } from "./duration.ts";
import { memoryBytes } from "./memory-size.ts";

/** A Java enum of Flink's; the names of its values are taken in either case. */
interface EnumKind {
  /** As Flink's messages name it. */
  readonly className: string;
  readonly values: readonly string[];
}

/** How an option's value reads. */
export type OptionKind = "text" | "boolean" | "duration" | "integer" | "number" | "memory" | "zone" | EnumKind;

export function enumOf(className: string, ...values: readonly string[]): EnumKind {
  return { className, values };
}

/** What would have been right for a value that does not read; null = it does. */
export function expectation(kind: OptionKind, value: string): string | null {
  if (typeof kind !== "string") {
    const { values } = kind;
    return values.some((name) => name.toLowerCase() === value.toLowerCase()) ? null : values.map((name) => `'${name}'`).join(" or ");
  }
  switch (kind) {
    case "text":
      return null;
    case "duration":
      return durationMs(value) === null ? "a duration such as '10 s', '5 min' or '1 h'" : null;
    case "integer":
      return /^\s*-?\d+\s*$/.test(value) ? null : "a whole number";
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? null : "a number";
    case "boolean":
      return /^\s*(true|false)\s*$/i.test(value) ? null : "'true' or 'false'";
    case "memory":
      return memoryBytes(value) === null ? "a size such as '200b', '64 kb' or '1 mb'" : null;
    case "zone":
      return isKnownZone(value) ? null : "'UTC', an offset such as 'GMT+02:00', or a zone such as 'Europe/Berlin'";
  }
}

/** What Flink says when such a value is read. */
export function complaint(kind: OptionKind, value: string): string {
  if (typeof kind !== "string")
    return `Could not parse value for enum class ${kind.className}. Expected one of: [[${kind.values.join(", ")}]]`;
  switch (kind) {
    case "duration":
      return /^\s*\d/.test(value)
        ? `Time interval unit label '${value.replace(/^[\s\d]+/, "")}' does not match any of the recognized units`
        : `text does not start with a number, and is not a valid ISO-8601 duration format: ${value}`;
    case "boolean":
      return `Unrecognized option for boolean: ${value}. Expected either true or false(case insensitive)`;
    case "zone":
      return "Invalid time zone. The value should be a Time Zone Database (TZDB) ID such as 'America/Los_Angeles' to include daylight saving time. Fixed offsets are supported using 'GMT-03:00' or 'GMT+03:00'. Or use 'UTC' without time zone and daylight saving time.";
    default:
      return `For input string: "${value}"`;
  }
}
