/** All formats, one line each. */
import type { Format } from "./format.ts";
import { CANAL_JSON_FORMAT } from "./canal-json.ts";
import { CSV_FORMAT } from "./csv.ts";
import { DEBEZIUM_JSON_FORMAT } from "./debezium-json.ts";
import { JSON_FORMAT } from "./json.ts";
import { MAXWELL_JSON_FORMAT } from "./maxwell-json.ts";
import { OGG_JSON_FORMAT } from "./ogg-json.ts";
import { RAW_FORMAT } from "./raw.ts";

export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [CANAL_JSON_FORMAT, CSV_FORMAT, DEBEZIUM_JSON_FORMAT, JSON_FORMAT, MAXWELL_JSON_FORMAT, OGG_JSON_FORMAT, RAW_FORMAT].map((format) => [
    format.identifier,
    format,
  ]),
);

/** Formats of Flink that need bytes which a simulated system does not hold; each with what to take instead. */
export const REFUSED_FORMATS: Readonly<Record<string, string>> = {
  avro: "Records here are plain JSON values: take 'json'.",
  "avro-confluent": "There is no schema registry here: take 'json'.",
  "debezium-avro-confluent": "There is no schema registry here: take 'debezium-json'.",
  protobuf: "Records here are plain JSON values: take 'json'.",
  orc: "Files here hold text: take 'json' or 'csv'.",
  parquet: "Files here hold text: take 'json' or 'csv'.",
};
