/** The WITH clause: how options are declared, checked in Flink's words (`FactoryUtil`), and read. */
import type { TableOption } from "../../1-parse/ast.ts";
import type { Span } from "../../1-parse/span.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import { durationMs } from "../../catalog/duration.ts";
import { memoryBytes } from "../../catalog/memory-size.ts";
import { pathText } from "../../catalog/object-path.ts";
import { nameHint } from "../../../base/nearest.ts";

export type OptionType = "text" | "integer" | "number" | "boolean" | "duration" | "memory" | "enum";

/** One option of a connector or format. */
export interface OptionDeclaration {
  /** A `#` stands for any name, e.g. `fields.#.kind`. */
  readonly key: string;
  readonly type: OptionType;
  readonly required?: boolean;
  /** Of an enum; read without regard to case. */
  readonly values?: readonly string[];
  /** What Flink says of a wrong value, where it has words of its own for this option. */
  readonly refusal?: (value: string) => string;
}

export function required(key: string, type: OptionType = "text"): OptionDeclaration {
  return { key, type, required: true };
}

export function optional(key: string, type: OptionType = "text"): OptionDeclaration {
  return { key, type };
}

export function choice(key: string, ...values: readonly string[]): OptionDeclaration {
  return { key, type: "enum", values };
}

/** Options that every scan source takes, whatever its connector. */
export const WATERMARK_OPTIONS: readonly OptionDeclaration[] = [
  choice("scan.watermark.emit.strategy", "on-periodic", "on-event"),
  optional("scan.watermark.emit.on-event.gap", "integer"),
  optional("scan.watermark.idle-timeout", "duration"),
  optional("scan.watermark.alignment.group"),
  optional("scan.watermark.alignment.max-drift", "duration"),
  optional("scan.watermark.alignment.update-interval", "duration"),
];

/** A table's options, read by type. What is malformed has been complained about before. */
export class TableOptions {
  private readonly options: ReadonlyMap<string, TableOption>;

  constructor(options: ReadonlyMap<string, TableOption>) {
    this.options = options;
  }

  has(key: string): boolean {
    return this.options.has(key);
  }

  text(key: string): string | undefined;
  text(key: string, otherwise: string): string;
  text(key: string, otherwise?: string): string | undefined {
    return this.options.get(key)?.value ?? otherwise;
  }

  number(key: string): number | undefined;
  number(key: string, otherwise: number): number;
  number(key: string, otherwise?: number): number | undefined {
    const text = this.options.get(key)?.value;
    return text === undefined ? otherwise : Number(text);
  }

  boolean(key: string, otherwise: boolean): boolean {
    const text = this.options.get(key)?.value;
    return text === undefined ? otherwise : text.trim().toLowerCase() === "true";
  }

  /** Of an enum, in lower case. */
  choice(key: string): string | undefined;
  choice(key: string, otherwise: string): string;
  choice(key: string, otherwise?: string): string | undefined {
    return this.options.get(key)?.value.toLowerCase() ?? otherwise;
  }

  durationMs(key: string): number | undefined {
    const text = this.options.get(key)?.value;
    return text === undefined ? undefined : (durationMs(text) ?? undefined);
  }

  bytes(key: string, otherwise: number): number {
    const text = this.options.get(key)?.value;
    return text === undefined ? otherwise : (memoryBytes(text) ?? otherwise);
  }

  /** Parts between semicolons. */
  list(key: string): readonly string[] | undefined {
    return this.options
      .get(key)
      ?.value.split(";")
      .map((part) => part.trim());
  }

  /** What begins with the prefix, without it. */
  withPrefix(prefix: string): [key: string, value: string][] {
    return [...this.options.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .map(({ key, value }) => [key.slice(prefix.length), value]);
  }

  keys(): readonly string[] {
    return [...this.options.keys()];
  }

  /** Where the option stands, or its value; null when it is not there. */
  span(key: string): Span | null {
    return this.options.get(key)?.span ?? null;
  }

  valueSpan(key: string): Span | null {
    return this.options.get(key)?.valueSpan ?? null;
  }

  keySpan(key: string): Span | null {
    return this.options.get(key)?.keySpan ?? null;
  }
}

const PARALLELISM_OPTIONS = ["scan.parallelism", "sink.parallelism"];

/** Throws SqlError when a parallelism is not positive. */
export function checkParallelism(table: CatalogTable): void {
  const options = new TableOptions(table.options);
  for (const key of PARALLELISM_OPTIONS) {
    const parallelism = options.number(key);
    if (parallelism === undefined || parallelism >= 1) continue;
    const message = `Invalid configured parallelism ${parallelism} for table '${pathText(table.path)}'.`;
    throw new SqlError("plan", "SQL_OPTION_VALUE", message, options.valueSpan(key), { found: String(parallelism), expected: "1 or more" });
  }
}

export interface DeclaredOptions {
  readonly identifier: string;
  readonly declarations: readonly OptionDeclaration[];
  readonly prefixes: readonly string[];
}

/** Required options are there, unknown ones are not, values read as their types say. Throws SqlError. */
export function checkDeclaredOptions(table: CatalogTable, { identifier, declarations, prefixes }: DeclaredOptions): void {
  const options = new TableOptions(table.options);
  const missing = declarations.filter(({ key, required: needed }) => needed === true && !options.has(key)).map(({ key }) => key);
  if (missing.length > 0) {
    throw new SqlError(
      "validate",
      "SQL_MISSING_OPTION",
      `One or more required options are missing.\n\nMissing required options are:\n\n${missing.join("\n")}`,
      options.span("connector"),
      { expected: missing.map((key) => `'${key}' = '…'`).join(", ") },
    );
  }
  const known = declarations.map(({ key }) => key);
  for (const key of options.keys()) {
    const declaration = declarations.find((candidate) => matches(candidate.key, key));
    if (declaration === undefined) {
      if (prefixes.some((prefix) => key.startsWith(prefix))) continue;
      const supported = [...known].sort().join("\n");
      throw new SqlError(
        "validate",
        "SQL_UNKNOWN_OPTION",
        `Unsupported options found for '${identifier}'.\n\nUnsupported options:\n\n${key}\n\nSupported options:\n\n${supported}`,
        options.keySpan(key),
        { found: key, hint: nameHint(key, known, "options") },
      );
    }
    const expected = expectationOf(declaration, options.text(key, ""));
    if (expected !== null) {
      throw new SqlError(
        "validate",
        "SQL_OPTION_VALUE",
        declaration.refusal?.(options.text(key, "")) ?? `Invalid value for option '${key}'.${reason(declaration, options.text(key, ""))}`,
        options.valueSpan(key),
        {
          found: options.text(key, ""),
          expected,
        },
      );
    }
  }
}

/** Why, in the words of whoever reads such a value in Flink. */
function reason({ type, values = [] }: OptionDeclaration, value: string): string {
  const unit = value.replace(/^[\s\d]+/, "").trim();
  switch (type) {
    case "text":
      return "";
    case "integer":
    case "number":
      return ` For input string: "${value}"`;
    case "boolean":
      return ` Unrecognized option for boolean: ${value}. Expected either true or false(case insensitive)`;
    case "duration":
      return /^\s*\d/.test(value)
        ? ` Time interval unit label '${unit}' does not match any of the recognized units`
        : ` text does not start with a number, and is not a valid ISO-8601 duration format: ${value}`;
    case "memory":
      return /^\s*\d/.test(value)
        ? ` Memory size unit '${unit}' does not match any of the recognized units`
        : " text does not start with a number";
    case "enum":
      return ` Could not parse value for enum class. Expected one of: [[${values.join(", ")}]]`;
  }
}

function matches(pattern: string, key: string): boolean {
  if (!pattern.includes("#")) return pattern === key;
  const [before, after] = pattern.split("#");
  return key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length;
}

function expectationOf({ type, values = [] }: OptionDeclaration, value: string): string | null {
  switch (type) {
    case "text":
      return null;
    case "integer":
      return /^\s*-?\d+\s*$/.test(value) ? null : "a whole number";
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? null : "a number";
    case "boolean":
      return /^\s*(true|false)\s*$/i.test(value) ? null : "'true' or 'false'";
    case "duration":
      return durationMs(value) === null ? "a duration such as '10 s', '5 min' or '1 h'" : null;
    case "memory":
      return memoryBytes(value) === null ? "a size such as '200b', '64 kb' or '1 mb'" : null;
    case "enum":
      return values.includes(value.toLowerCase()) ? null : `one of ${values.map((name) => `'${name}'`).join(", ")}`;
  }
}
