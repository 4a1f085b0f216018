/** The WITH clause, checked per connector: unknown connectors and options are named with the nearest known one. */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import { nameHint } from "../../../base/nearest.ts";

const KAFKA = [
  "connector",
  "topic",
  "properties.bootstrap.servers",
  "properties.group.id",
  "properties.isolation.level",
  "properties.transaction.timeout.ms",
  "properties.auto.offset.reset",
  "scan.startup.mode",
  "scan.startup.timestamp-millis",
  "scan.watermark.idle-timeout",
  "scan.watermark.emit.strategy",
  "scan.parallelism",
  "format",
  "value.format",
  "key.format",
  "key.fields",
  "value.fields-include",
  "json.ignore-parse-errors",
  "json.fail-on-missing-field",
  "json.timestamp-format.standard",
  "value.json.ignore-parse-errors",
  "value.json.fail-on-missing-field",
  "value.json.timestamp-format.standard",
  "sink.delivery-guarantee",
  "sink.transactional-id-prefix",
  "sink.transaction-naming-strategy",
  "sink.partitioner",
  "sink.parallelism",
  "transaction.timeout.ms",
];

const CONNECTORS: Readonly<Record<string, readonly string[]>> = {
  kafka: KAFKA,
  "upsert-kafka": KAFKA,
  print: ["connector", "print-identifier", "standard-error", "sink.parallelism"],
  blackhole: ["connector"],
  datagen: ["connector", "rows-per-second", "number-of-rows", "fields.#"],
};

export type ConnectorName = "kafka" | "upsert-kafka" | "print" | "blackhole" | "datagen";

/** The connector of a table. Throws SQL_CONNECTOR, SQL_UNKNOWN_OPTION, SQL_UNKNOWN_TOPIC. */
export function checkTableOptions(table: CatalogTable, topics: readonly string[]): ConnectorName {
  const connector = table.options.get("connector");
  const names = Object.keys(CONNECTORS);
  if (connector === undefined) {
    throw new SqlError("validate", "SQL_CONNECTOR", `Table '${table.name}' has no 'connector' option.`, null, {
      expected: `'connector' = '${names.join("' | '")}'`,
    });
  }
  if (CONNECTORS[connector.value] === undefined) {
    throw new SqlError("validate", "SQL_CONNECTOR", `There is no connector '${connector.value}'.`, connector.valueSpan, {
      found: connector.value,
      hint: nameHint(connector.value, names, "connectors"),
    });
  }
  const known = CONNECTORS[connector.value];
  for (const option of table.options.values()) {
    if (known.includes(option.key) || (option.key.startsWith("fields.") && known.includes("fields.#")) || /^properties\./.test(option.key))
      continue;
    throw new SqlError("validate", "SQL_UNKNOWN_OPTION", `Connector '${connector.value}' has no option '${option.key}'.`, option.keySpan, {
      found: option.key,
      hint: nameHint(option.key, known, "options"),
    });
  }
  if (connector.value === "kafka" || connector.value === "upsert-kafka") checkKafka(table, connector.value, topics);
  return connector.value as ConnectorName;
}

function checkKafka(table: CatalogTable, connector: string, topics: readonly string[]): void {
  const topic = table.options.get("topic");
  if (topic === undefined) throw new SqlError("validate", "SQL_CONNECTOR", `Table '${table.name}' needs the option 'topic'.`, null);
  if (!topics.includes(topic.value)) {
    throw new SqlError("validate", "SQL_UNKNOWN_TOPIC", `There is no topic '${topic.value}'.`, topic.valueSpan, {
      found: topic.value,
      hint: nameHint(topic.value, topics, "topics"),
    });
  }
  const format = table.options.get("value.format") ?? table.options.get("format");
  if (format !== undefined && format.value !== "json") {
    throw new SqlError("validate", "SQL_FORMAT", `The format '${format.value}' is not available.`, format.valueSpan, {
      found: format.value,
      expected: "json",
    });
  }
  if (format === undefined) {
    throw new SqlError("validate", "SQL_FORMAT", `Table '${table.name}' needs the option 'format'.`, topic.span, {
      expected: "'format' = 'json'",
    });
  }
  if (connector === "upsert-kafka" && table.primaryKey.length === 0) {
    throw new SqlError(
      "validate",
      "SQL_PRIMARY_KEY",
      `'upsert-kafka' tables require to define a PRIMARY KEY constraint; '${table.name}' has none.`,
      topic.span,
      {
        hint: "PRIMARY KEY (id) NOT ENFORCED",
      },
    );
  }
  const guarantee = table.options.get("sink.delivery-guarantee");
  if (guarantee !== undefined && !["exactly-once", "at-least-once", "none"].includes(guarantee.value)) {
    throw new SqlError("validate", "SQL_OPTION_VALUE", `'${guarantee.value}' is no delivery guarantee.`, guarantee.valueSpan, {
      found: guarantee.value,
      expected: "exactly-once, at-least-once or none",
    });
  }
  if (guarantee?.value === "exactly-once" && !table.options.has("sink.transactional-id-prefix")) {
    throw new SqlError(
      "validate",
      "SQL_TRANSACTIONAL_ID",
      "sink.transactional-id-prefix must be specified when using DeliveryGuarantee.EXACTLY_ONCE.",
      guarantee.span,
    );
  }
}

export function optionValue(table: CatalogTable, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const option = table.options.get(key);
    if (option !== undefined) return option.value;
  }
  return undefined;
}
