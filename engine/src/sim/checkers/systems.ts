/** What sinks must leave behind in the systems that they write, whatever the job. */
import type { IcebergTableOutcome } from "../../connectors/iceberg/iceberg-catalog.ts";
import type { Checker } from "./checker.ts";

/** A file that readers can see is finished: nobody writes it again, also not the next attempt of a job that has died. */
export const publishesFilesOnce: Checker = {
  name: "publishes files once",
  check({ outcome }) {
    const published = new Set<string>();
    for (const event of outcome.recording?.events ?? []) {
      if (event.kind !== "system" || !PUBLISHED.has(event.what)) continue;
      const { bucket, key, to } = event.detail as { readonly bucket?: string; readonly key?: string; readonly to?: string };
      const file = `${event.system}: ${to ?? `${bucket}/${key}`}`;
      if (published.has(file)) return `${file} was published twice`;
      published.add(file);
    }
    return null;
  },
};

/** Words with which file systems and object stores say that a file is there. */
const PUBLISHED: ReadonlySet<string> = new Set(["put", "uploadCompleted", "renamed"]);

/** Each checkpoint of each operator is in the history of a table at most once. */
export const commitsCheckpointsOnce: Checker = {
  name: "commits checkpoints once",
  check({ outcome }) {
    for (const { kind, contents } of outcome.systems) {
      if (kind !== "iceberg") continue;
      for (const { name, snapshots } of (contents as { tables: readonly IcebergTableOutcome[] }).tables) {
        const seen = new Set<string>();
        for (const { summary, snapshotId } of snapshots) {
          const checkpoint = summary["flink.max-committed-checkpoint-id"];
          if (checkpoint === undefined) continue;
          const owner = `${summary["flink.job-id"]} ${summary["flink.operator-id"]} ${checkpoint}`;
          if (seen.has(owner)) return `snapshot ${snapshotId} of ${name} commits checkpoint ${checkpoint} again`;
          seen.add(owner);
        }
      }
    }
    return null;
  },
};
