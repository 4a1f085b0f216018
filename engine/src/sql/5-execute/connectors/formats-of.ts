/** Finds the formats that a table names, and their options among the table's. */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import type { Format } from "../formats/format.ts";
import { FORMATS, REFUSED_FORMATS } from "../formats/registry.ts";
import { nameHint } from "../../../base/nearest.ts";
import { type OptionDeclaration, TableOptions } from "./table-options.ts";

/** Where a connector's table may name a format. */
export interface FormatSlot {
  /** `format`, `value.format` or `key.format`. */
  readonly option: string;
  /** The format gets a part of the table's columns; the connector knows which, and has the format check them. */
  readonly ofPart?: true;
}

export interface NamedFormat {
  readonly format: Format;
  readonly slot: FormatSlot;
  /** What its options begin with in the table, e.g. `value.json.`. */
  readonly prefix: string;
}

/** The format that the option names; null when the option is not there. Throws SqlError for one that does not exist. */
export function formatIn(table: CatalogTable, slot: FormatSlot, use: "source" | "sink"): NamedFormat | null {
  const option = table.options.get(slot.option);
  if (option === undefined) return null;
  const format = FORMATS.get(option.value);
  if (format !== undefined) return { format, slot, prefix: `${slot.option.replace(/format$/, "")}${option.value}.` };
  const refusal = REFUSED_FORMATS[option.value];
  if (refusal !== undefined) {
    throw new SqlError("validate", "SQL_FORMAT_NOT_AVAILABLE", `The format '${option.value}' is not available here.`, option.valueSpan, {
      found: option.value,
      hint: refusal,
    });
  }
  const factory = use === "source" ? "DeserializationFormatFactory" : "SerializationFormatFactory";
  const names = [...FORMATS.keys()];
  throw new SqlError(
    "validate",
    "SQL_FORMAT",
    `Could not find any factory for identifier '${option.value}' that implements 'org.apache.flink.table.factories.${factory}' in the classpath.\n\nAvailable factory identifiers are:\n\n${names.join("\n")}`,
    option.valueSpan,
    { found: option.value, hint: nameHint(option.value, names, "formats") },
  );
}

/** The format in the first of the slots that names one. Throws SqlError when none does. */
export function requireFormat(table: CatalogTable, slots: readonly FormatSlot[], use: "source" | "sink"): NamedFormat {
  for (const slot of slots) {
    const named = formatIn(table, slot, use);
    if (named !== null) return named;
  }
  const { option } = slots[slots.length - 1];
  const what = use === "source" ? "scan" : "sink";
  throw new SqlError(
    "validate",
    "SQL_FORMAT",
    `Could not find required ${what} format '${option}'.`,
    table.options.get("connector")?.span ?? null,
    { expected: `'${slots[0].option}' = 'json'` },
  );
}

/** The format's options as the table writes them. */
export function declarationsOf({ format, prefix }: NamedFormat): OptionDeclaration[] {
  return format.options.map((declaration) => ({ ...declaration, key: prefix + declaration.key }));
}

/** The format's own options, without their prefix. */
export function optionsOf(table: CatalogTable, { prefix }: NamedFormat): TableOptions {
  const own = [...table.options].filter(([key]) => key.startsWith(prefix));
  return new TableOptions(new Map(own.map(([key, option]) => [key.slice(prefix.length), option])));
}
