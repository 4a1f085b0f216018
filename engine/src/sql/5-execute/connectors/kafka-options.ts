/** Options of the log connectors, and what of them does not go together. */
import { OffsetResetStrategy, OffsetsInitializer } from "../../../connectors/log/offsets-initializer.ts";
import { TopicPartition } from "../../../connectors/log/topic-partition.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { choice, type OptionDeclaration, optional, type TableOptions } from "./table-options.ts";

const STARTUP_MODES = ["earliest-offset", "latest-offset", "group-offsets", "timestamp", "specific-offsets"];
const BOUNDED_MODES = ["unbounded", "latest-offset", "group-offsets", "timestamp", "specific-offsets"];

const RESETS: Readonly<Record<string, OffsetResetStrategy | undefined>> = {
  earliest: OffsetResetStrategy.EARLIEST,
  latest: OffsetResetStrategy.LATEST,
  none: OffsetResetStrategy.NONE,
};

/** Keys and values, whichever of the two connectors. */
export const RECORD_OPTIONS: readonly OptionDeclaration[] = [
  optional("properties.bootstrap.servers"),
  optional("topic"),
  optional("key.format"),
  optional("value.format"),
  optional("key.fields-prefix"),
  choice("value.fields-include", "all", "except_key"),
  optional("scan.parallelism", "integer"),
  choice("scan.bounded.mode", ...BOUNDED_MODES),
  optional("scan.bounded.specific-offsets"),
  optional("scan.bounded.timestamp-millis", "integer"),
  optional("sink.parallelism", "integer"),
  choice("sink.delivery-guarantee", "exactly-once", "at-least-once", "none"),
  optional("sink.transactional-id-prefix"),
  choice("sink.transaction-naming-strategy", "default", "incrementing", "pooling"),
];

export const KAFKA_OPTIONS: readonly OptionDeclaration[] = [
  ...RECORD_OPTIONS,
  optional("topic-pattern"),
  optional("format"),
  optional("key.fields"),
  choice("scan.startup.mode", ...STARTUP_MODES),
  optional("scan.startup.specific-offsets"),
  optional("scan.startup.timestamp-millis", "integer"),
  optional("scan.topic-partition-discovery.interval", "duration"),
  optional("sink.partitioner"),
  choice("sink.semantic", "exactly-once", "at-least-once", "none"),
];

function invalid(message: string, options: TableOptions, key: string): SqlError {
  return new SqlError("validate", "SQL_OPTION_COMBINATION", message, options.span(key) ?? options.span("connector"));
}

/** Each mode has the options that it needs. Throws SqlError. */
export function checkScanModes(options: TableOptions): void {
  for (const kind of ["startup", "bounded"]) {
    const mode = options.choice(`scan.${kind}.mode`);
    const needs = mode === "timestamp" ? "timestamp-millis" : mode === "specific-offsets" ? "specific-offsets" : null;
    if (needs === null) continue;
    if (needs === "specific-offsets" && options.has(`scan.${kind}.${needs}`)) {
      const topics = options.list("topic") ?? [];
      if (topics.length !== 1)
        throw invalid("Currently Kafka source only supports specific offset for single topic.", options, `scan.${kind}.${needs}`);
      specificOffsets(options, `scan.${kind}.${needs}`, topics);
    }
    if (options.has(`scan.${kind}.${needs}`)) continue;
    throw invalid(`'scan.${kind}.${needs}' is required in '${mode}' ${kind} mode but missing.`, options, `scan.${kind}.mode`);
  }
}

/** Who begins where its group has committed must say which group that is. Throws SqlError. */
export function checkGroup(options: TableOptions): void {
  if (options.choice("scan.startup.mode", "group-offsets") !== "group-offsets" || options.has("properties.group.id")) return;
  throw new SqlError(
    "plan",
    "SQL_OPTION_COMBINATION",
    "Property group.id is required when using committed offset for offsets initializer",
    options.span("scan.startup.mode") ?? options.span("connector"),
    { hint: "Give 'properties.group.id', or 'scan.startup.mode' = 'earliest-offset'." },
  );
}

export function checkTopic(options: TableOptions, use: "source" | "sink"): void {
  if (options.has("topic") && options.has("topic-pattern"))
    throw invalid("Option 'topic' and 'topic-pattern' shouldn't be set together.", options, "topic-pattern");
  if (use === "sink" && options.has("topic-pattern"))
    throw invalid("Flink Kafka sink currently only supports single topic, but got 'topic-pattern'.", options, "topic-pattern");
  if (options.has("topic") || options.has("topic-pattern")) return;
  throw invalid("Either 'topic' or 'topic-pattern' must be set.", options, "connector");
}

export function checkKeyOptions(options: TableOptions): void {
  if (options.has("key.format") && !options.has("key.fields"))
    throw invalid(
      `A key format 'key.format' requires the declaration of one or more of key fields using 'key.fields'.`,
      options,
      "key.format",
    );
  const prefix = options.text("key.fields-prefix", "");
  const keys = options.list("key.fields") ?? [];
  const bare = prefix === "" ? undefined : keys.find((key) => !key.startsWith(prefix));
  if (bare !== undefined) {
    throw invalid(
      `All fields in 'key.fields' must be prefixed with '${prefix}' when option 'key.fields-prefix' is set but field '${bare}' is not prefixed.`,
      options,
      "key.fields",
    );
  }
  if (prefix !== "" && keys.length > 0 && options.choice("value.fields-include", "all") === "all") {
    throw invalid(
      `A key prefix is not allowed when option 'value.fields-include' is set to 'ALL'. Set it to 'EXCEPT_KEY' instead to avoid field overlaps.`,
      options,
      "key.fields-prefix",
    );
  }
  if (options.has("key.fields") && !options.has("key.format"))
    throw invalid(`The option 'key.fields' can only be declared if a key format is defined using 'key.format'.`, options, "key.fields");
}

/** `sink.semantic` is the older name. */
export function guaranteeOf(options: TableOptions): string {
  return options.choice("sink.delivery-guarantee") ?? options.choice("sink.semantic", "at-least-once");
}

export function checkDelivery(options: TableOptions): void {
  if (guaranteeOf(options) !== "exactly-once" || options.has("sink.transactional-id-prefix")) return;
  throw invalid(
    "sink.transactional-id-prefix must be specified when using DeliveryGuarantee.EXACTLY_ONCE.",
    options,
    options.has("sink.delivery-guarantee") ? "sink.delivery-guarantee" : "sink.semantic",
  );
}

/** `partition:0,offset:42;partition:1,offset:300` */
function specificOffsets(options: TableOptions, key: string, topics: readonly string[]): OffsetsInitializer {
  const text = options.text(key, "");
  const offsets = new Map<TopicPartition, number>();
  for (const part of text.split(";")) {
    const match = /^\s*partition:(\d+),offset:(\d+)\s*$/.exec(part);
    if (match === null) {
      throw new SqlError(
        "validate",
        "SQL_OPTION_VALUE",
        `Invalid properties '${key}' should follow the format 'partition:0,offset:42;partition:1,offset:300', but is '${text}'.`,
        options.valueSpan(key),
        { found: text },
      );
    }
    for (const topic of topics) offsets.set(new TopicPartition(topic, Number(match[1])), Number(match[2]));
  }
  return OffsetsInitializer.offsets(offsets);
}

export function startingOffsets(options: TableOptions, topics: readonly string[]): OffsetsInitializer {
  switch (options.choice("scan.startup.mode", "group-offsets")) {
    case "earliest-offset":
      return OffsetsInitializer.earliest();
    case "latest-offset":
      return OffsetsInitializer.latest();
    case "timestamp":
      return OffsetsInitializer.timestamp(options.number("scan.startup.timestamp-millis", 0));
    case "specific-offsets":
      return specificOffsets(options, "scan.startup.specific-offsets", topics);
    default:
      return OffsetsInitializer.committedOffsets(RESETS[options.text("properties.auto.offset.reset", "none").toLowerCase()]);
  }
}

/** null = it never ends. */
export function boundedOffsets(options: TableOptions, topics: readonly string[]): OffsetsInitializer | null {
  switch (options.choice("scan.bounded.mode", "unbounded")) {
    case "latest-offset":
      return OffsetsInitializer.latest();
    case "group-offsets":
      return OffsetsInitializer.committedOffsets();
    case "timestamp":
      return OffsetsInitializer.timestamp(options.number("scan.bounded.timestamp-millis", 0));
    case "specific-offsets":
      return specificOffsets(options, "scan.bounded.specific-offsets", topics);
    default:
      return null;
  }
}
