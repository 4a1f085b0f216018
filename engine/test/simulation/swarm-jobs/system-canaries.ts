/** Broken connectors, one for each checker of what is outside the cluster. */
import { outsideOf } from "../../../src/flow/engine-access.ts";
import { type CommitRequest, type CommitterInitContext, type Sink, TableLoader, type WriterInitContext } from "../../../src/index.ts";
import { PostgresDatabase } from "../../../src/connectors/database/database.ts";
import { fileSystemOf } from "../../../src/connectors/files/file-system.ts";
import { Path } from "../../../src/connectors/files/path.ts";
import type { IcebergCommittable } from "../../../src/connectors/iceberg/iceberg-committer.ts";
import { IcebergSink } from "../../../src/connectors/iceberg/iceberg-sink.ts";
import { systemsOf } from "../../../src/connectors/systems/outside-system.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import type { Canary } from "./canary.ts";
import { CHANGES, cdcSource, changesOf, copyOf, LOSING_CHANGES, MAY_LOSE, MIRROR, MIRRORS, mirrorOf, REPLAYS } from "./changes.ts";
import { read } from "./swarm-job.ts";
import { into, jdbcAtLeastOnce, S3, SEARCH, searchSink, TABLE, WAREHOUSE } from "./systems.ts";

const LOADER = TableLoader.fromCatalog("lake", "db.events");

/** Prepares, and never comes back. */
class ForgetfulXaSink {
  createWriter(context: WriterInitContext) {
    const database = systemsOf(outsideOf(context)).get("warehouse", PostgresDatabase);
    const names = `left-${context.getTaskInfo().getIndexOfThisSubtask()}-${context.getTaskInfo().getAttemptNumber()}`;
    let batches = 0;
    return {
      write: ({ key, id, amount }: SwarmEvent) => {
        const connection = database.connect({});
        connection.begin();
        connection.change({ op: "insert", table: "events", row: { key, id, amount } });
        connection.prepareTransaction(`${names}-${batches++}`);
        connection.close();
      },
      flush: () => {},
      close: () => {},
    };
  }
}

/** Writes a bucket's rows to the same file again and again. */
class OverwritingFileSink {
  createWriter(context: WriterInitContext) {
    const path = new Path("s3://lake/events/part");
    const files = fileSystemOf(outsideOf(context), path);
    let text = "";
    return {
      write: (event: SwarmEvent) => {
        text += `${JSON.stringify(event)}\n`;
      },
      flush: () => files.write(path, text),
      close: () => {},
    };
  }
}

/** Makes a snapshot of what each writer has, instead of one for all, and asks nobody what is there already. */
class EagerIcebergSink<T> extends IcebergSink<T> {
  override createCommitter(context: CommitterInitContext) {
    const { catalog, table } = LOADER.load(outsideOf(context));
    return {
      commit: (requests: readonly CommitRequest<IcebergCommittable>[]) => {
        for (const request of requests) {
          const { files, checkpointId } = request.getCommittable();
          const current = catalog.table(table.name);
          if (current !== undefined)
            catalog.commit(current, { files, summary: { "flink.max-committed-checkpoint-id": String(checkpointId) } });
        }
      },
      close: () => {},
    };
  }
}

type Reader = ReturnType<ReturnType<typeof cdcSource>["createReader"]>;

function cdcSourceWith(spoil: (reader: Reader) => void): ReturnType<typeof cdcSource> {
  const source = cdcSource();
  const createReader = source.createReader.bind(source);
  source.createReader = (context) => {
    const reader = createReader(context);
    spoil(reader);
    return reader;
  };
  return source;
}

/** Its checkpoints say where it was at the one before. */
function lagsBehind(reader: Reader): void {
  const snapshotState = reader.snapshotState.bind(reader);
  let before: ReturnType<Reader["snapshotState"]> | null = null;
  reader.snapshotState = (checkpointId) => {
    const now = snapshotState(checkpointId);
    const told = before ?? now;
    before = now;
    return told;
  };
}

/** Says that something is wrong, but not what. */
function mumbles(reader: Reader): void {
  const pollNext = reader.pollNext.bind(reader);
  reader.pollNext = (output) => {
    try {
      return pollNext(output);
    } catch {
      throw new Error("reading failed");
    }
  };
}

const EXACTLY_ONCE = { delivery: "exactlyOnce" } as const;

export const SYSTEM_CANARIES: readonly Canary[] = [
  {
    name: "canary: rows into a database without transactions",
    caughtBy: "exactly once",
    promises: EXACTLY_ONCE,
    workload: into(WAREHOUSE),
    build(env) {
      read(env, "events").sinkTo(jdbcAtLeastOnce()).uid("out");
    },
  },
  {
    name: "canary: documents without ids",
    caughtBy: "exactly once",
    promises: EXACTLY_ONCE,
    workload: into(SEARCH),
    build(env) {
      read(env, "events").sinkTo(searchSink(false, "NONE")).uid("out");
    },
  },
  {
    name: "canary: a transaction that stays prepared",
    caughtBy: "ends its transactions",
    promises: EXACTLY_ONCE,
    workload: { ...into(WAREHOUSE), outputSystems: [] },
    build(env) {
      read(env, "events").sinkTo(new ForgetfulXaSink()).uid("out");
    },
  },
  {
    name: "canary: a file that is written again",
    caughtBy: "publishes files once",
    promises: {},
    workload: into(S3),
    build(env) {
      read(env, "events").sinkTo(new OverwritingFileSink()).uid("out");
    },
  },
  {
    name: "canary: a snapshot per writer",
    caughtBy: "commits checkpoints once",
    promises: {},
    workload: TABLE,
    build(env) {
      const sink = new EagerIcebergSink<SwarmEvent>({ loader: LOADER, equalityFields: [], upsert: false, kindOf: undefined });
      read(env, "events")
        .sinkTo(sink as unknown as Sink<SwarmEvent>)
        .uid("out");
    },
  },
  {
    name: "canary: changes that come again",
    caughtBy: "replays to the table",
    promises: REPLAYS,
    workload: CHANGES,
    build(env) {
      copyOf(changesOf(env, cdcSourceWith(lagsBehind)));
    },
  },
  {
    name: "canary: a loss without a name",
    caughtBy: "names its loss",
    promises: MAY_LOSE,
    workload: LOSING_CHANGES,
    build(env) {
      copyOf(changesOf(env, cdcSourceWith(mumbles)));
    },
  },
  {
    name: "canary: a copy that keeps what was deleted",
    caughtBy: "mirrors the table",
    promises: MIRRORS,
    workload: MIRROR,
    build(env) {
      mirrorOf(
        changesOf(env).filter(({ after }) => after !== null),
        "exactlyOnce",
      );
    },
  },
];
