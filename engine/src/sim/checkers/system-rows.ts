/** What a job has written into systems outside the cluster, as rows that can be compared. */
import type { DatabaseOutcome } from "../../connectors/database/database.ts";
import type { IndexOutcome } from "../../connectors/elasticsearch/elasticsearch.ts";
import { type FileOutcome, isHidden } from "../../connectors/files/file-store.ts";
import type { IcebergTableOutcome } from "../../connectors/iceberg/iceberg-catalog.ts";
import type { KinesisStreamOutcome } from "../../connectors/kinesis/kinesis.ts";
import type { BucketOutcome } from "../../connectors/object-store/object-store.ts";
import type { RunOutcome, SystemOutcome } from "../outcome.ts";
import type { OutputRow } from "./checker.ts";

/**
 * Everything that anybody finds in these systems at the end: rows of tables, documents, records of streams, lines of visible files. What is prepared,
 * in progress or named by no snapshot is not there.
 */
export function systemRows(outcome: Pick<RunOutcome, "systems">, names: readonly string[]): OutputRow[] {
  return outcome.systems.filter(({ name }) => names.includes(name)).flatMap(rowsOf);
}

function rowsOf({ kind, name, contents }: SystemOutcome): OutputRow[] {
  switch (kind) {
    case "postgres":
      return (contents as DatabaseOutcome).tables.flatMap((table) => placed(table.name, table.rows));
    case "iceberg":
      return (contents as { tables: readonly IcebergTableOutcome[] }).tables.flatMap((table) => placed(table.name, table.rows));
    case "elasticsearch":
      return (contents as { indices: readonly IndexOutcome[] }).indices.flatMap((index) =>
        index.documents.map(({ source }): OutputRow => ({ place: index.name, key: null, value: source })),
      );
    case "kinesis":
      return (contents as { streams: readonly KinesisStreamOutcome[] }).streams.flatMap(({ name: stream, shards }) =>
        shards.flatMap(({ records }) =>
          records.map(({ partitionKey, data }): OutputRow => ({ place: stream, key: partitionKey, value: data })),
        ),
      );
    case "files":
      return linesOf(
        name,
        (contents as { files: readonly FileOutcome[] }).files.filter(({ inProgress }) => !inProgress),
      );
    case "objectStore":
      return (contents as { buckets: readonly BucketOutcome[] }).buckets.flatMap((bucket) =>
        linesOf(
          bucket.name,
          bucket.objects.filter(({ key }) => !isHidden(key)),
        ),
      );
    default:
      throw new Error(`What is in a system of kind "${kind}" cannot be compared row by row.`);
  }
}

function placed(place: string, rows: readonly unknown[]): OutputRow[] {
  return rows.map((value) => ({ place, key: null, value }));
}

function linesOf(place: string, files: readonly { readonly content: string }[]): OutputRow[] {
  return files.flatMap(({ content }) =>
    placed(
      place,
      content.split("\n").filter((line) => line !== ""),
    ),
  );
}
