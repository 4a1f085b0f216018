/** Directories of partitions, `dt=2026-01-01/hm=10%3A00`: their names from values, values from their names, and times from both. (Flink: `PartitionPathUtils`) */
import type { PartitionCommitTrigger } from "../../../connectors/files/sink/partition-commit/partition-committer.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { msOf } from "../../../types/timestamp.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { casterFor, textOf } from "../../functions/cast.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { parseWithPattern } from "../../functions/temporal-patterns.ts";
import { parseTimestamp } from "../../functions/temporal-text.ts";
import { instantOf, zoneOffset } from "../../functions/time-zones.ts";
import { STRING } from "../../../types/logical-type.ts";
import type { ConnectorContext } from "./connector.ts";

const DEFAULT_NAME = "__DEFAULT_PARTITION__";
const UNSAFE: ReadonlySet<string> = new Set([..."\"#%'*/:=?\\{[]^"]);

/** What cannot stand in a path, as `%` and two digits. */
function escaped(text: string): string {
  return [...text]
    .map((char) => (UNSAFE.has(char) || char < " " ? `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : char))
    .join("");
}

function unescaped(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The directory that a row belongs to, below the table's; "" when the table is not partitioned. */
export function partitionPathOf({ table, options, evaluation }: ConnectorContext, persisted: readonly TableColumn[]): (row: Row) => string {
  const keys = table.partitionKeys.map((name) => {
    const index = persisted.findIndex((column) => column.name === name);
    return { name, at: index + FIELD_OFFSET, text: textOf(persisted[index].type, evaluation) ?? String };
  });
  const defaultName = options.text("partition.default-name", DEFAULT_NAME);
  const part = (value: unknown, text: (value: never) => string): string => {
    const written = value === null ? "" : text(value as never);
    return written === "" ? defaultName : escaped(written);
  };
  return (row) => keys.map(({ name, at, text }) => `${escaped(name)}=${part(row[at], text)}`).join("/");
}

/** Values of the partition columns of a file, by its path. */
export function partitionValuesOf({ table, options, evaluation }: ConnectorContext): (path: string) => readonly unknown[] {
  const defaultName = options.text("partition.default-name", DEFAULT_NAME);
  const keys = table.partitionKeys.map((name) => {
    const { type } = table.columns.find((column) => column.name === name) as TableColumn;
    return { name, cast: type.root === "VARCHAR" ? null : casterFor(STRING, type, evaluation) };
  });
  return (path) => {
    const spec = specOf(path);
    return keys.map(({ name, cast }) => {
      const text = spec.get(name);
      if (text === undefined)
        throw new SqlRuntimeError(
          "SQL_PARTITION_PATH",
          `The file ${path} is in no directory '${name}=…' of the partitioned table ${table.name}.`,
        );
      if (text === defaultName) return null;
      return cast === null ? text : cast(text as never);
    });
  };
}

/** `…/dt=x/hr=1/part-0` → dt → x, hr → 1. */
function specOf(path: string): Map<string, string> {
  const spec = new Map<string, string>();
  for (const part of path.split("/")) {
    const at = part.indexOf("=");
    if (at > 0) spec.set(unescaped(part.slice(0, at)), unescaped(part.slice(at + 1)));
  }
  return spec;
}

/** `sink.partition-commit.*` and `partition.time-extractor.*`. */
export function commitTriggerOf({ table, options }: ConnectorContext): PartitionCommitTrigger {
  const delayMs = options.durationMs("sink.partition-commit.delay") ?? 0;
  if (options.choice("sink.partition-commit.trigger", "process-time") === "process-time") return { timeOf: null, delayMs };
  const pattern = options.text("partition.time-extractor.timestamp-pattern");
  const formatter = options.text("partition.time-extractor.timestamp-formatter");
  const zone = options.text("sink.partition-commit.watermark-time-zone", "UTC");
  return {
    delayMs,
    timeOf: (partition) => {
      const spec = specOf(partition);
      const text =
        pattern === undefined
          ? table.partitionKeys.map((key) => spec.get(key) ?? "").join(" ")
          : table.partitionKeys.reduce((filled, key) => filled.replaceAll(`$${key}`, spec.get(key) ?? ""), pattern);
      const wall = formatter === undefined ? parseTimestamp(text) : (parseWithPattern(text, formatter)?.local ?? null);
      if (wall === null)
        throw new SqlRuntimeError(
          "SQL_PARTITION_TIME",
          `Text '${text}' could not be parsed: it is no timestamp of partition '${partition}'.`,
        );
      return instantOf(msOf(wall), (epochMs) => zoneOffset(zone, epochMs));
    },
  };
}
