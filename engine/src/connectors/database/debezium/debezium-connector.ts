/**
 * A Debezium connector: reads a database's tables and then its changes, and writes them to the log, keyed by primary key. With a job that reads
 * these topics it is the other way from a database into Flink, beside the CDC source.
 *
 * At least once: the connector's position is stored now and then. After a crash it begins at the stored position, and everything that it had
 * written since then is written again; a snapshot that was not stored as done begins anew. A database that goes away is waited for, and lost
 * is nothing: the slot keeps the log up to the stored position.
 */
import { KafkaPartitioner } from "../../log/kafka-partitioner.ts";
import type { OutsideSystem, SystemAction, SystemFactory, SystemHost } from "../../systems/outside-system.ts";
import { changeRecords, type EventOrigin, type SourceRecord, snapshotRecord } from "../cdc/change-event.ts";
import { PostgresDatabase } from "../database.ts";
import { PostgresError } from "../postgres-error.ts";
import type { ReplicationStream } from "../replication/replication-stream.ts";
import type { Table } from "../storage/table.ts";
import { lsnText } from "../storage/wal.ts";
import type { DebeziumDescription } from "./debezium-description.ts";

/** What a connector has come to at the end of a run. */
export interface DebeziumOutcome {
  readonly state: "running" | "down" | "failed";
  /** Why it has failed. */
  readonly error: string | null;
  readonly snapshotCompleted: boolean;
  /** Events written to the log, tombstones not counted, those that were written again counted. */
  readonly events: number;
  readonly restarts: number;
  /** Position from which it would begin after a crash; null = from the start. */
  readonly storedOffset: string | null;
}

/** How far it is: transactions up to `lsn`, and so many events of the next one. Null before and in a snapshot. */
interface Offset {
  readonly lsn: number;
  readonly events: number;
}

const DEFAULTS = {
  tables: [],
  partitions: 1,
  slotName: "debezium",
  publication: "dbz_publication",
  plugin: "pgoutput",
  snapshotMode: "initial",
  pollIntervalMs: 500,
  maxBatchSize: 2048,
  produceMs: 5,
  offsetFlushIntervalMs: 60_000,
  tombstonesOnDelete: true,
  retryMs: 10_000,
} as const;

export class DebeziumConnector implements OutsideSystem {
  readonly kind = "debezium";
  readonly name: string;
  private readonly settings: Required<Omit<DebeziumDescription, "kind" | "name" | "startMs">>;
  private readonly host: SystemHost;
  private readonly partitioner = new KafkaPartitioner(0);
  private readonly origin: EventOrigin;
  private state: DebeziumOutcome["state"] = "down";
  private error: string | null = null;
  private restarts = 0;
  private eventsWritten = 0;
  private stored: Offset | null = null;
  private offset: Offset | null = null;
  private stream: ReplicationStream | null = null;
  private pending: { cancel(): void } | null = null;
  private flush: { cancel(): void } | null = null;
  private startedAtMs = 0;
  /** It waits for something of its own. */
  private busy = true;

  constructor(description: DebeziumDescription, host: SystemHost) {
    const { kind: _kind, name, startMs, ...settings } = description;
    this.name = name;
    this.host = host;
    this.settings = { ...DEFAULTS, ...settings };
    this.origin = { name: settings.topicPrefix, database: settings.database };
    host.clock.schedule(startMs ?? host.clock.currentMs(), () => this.start());
  }

  /** Everything that is in the database's log has been written, or nothing will be any more. */
  get atRest(): boolean {
    return this.state === "failed" || !this.busy;
  }

  /** Faults: `crash` (`downMs`): the process dies, and another one begins at the stored position. */
  strike(action: SystemAction): void {
    if (action.what !== "crash") throw new Error(`A Debezium connector does not know the fault "${action.what}": crash.`);
    this.host.observer.systemEvent(this, "crash", {});
    const downMs = typeof action["downMs"] === "number" ? action["downMs"] : 1000;
    this.stop();
    this.offset = this.stored;
    this.restartAfter(downMs);
  }

  outcome(): DebeziumOutcome {
    return {
      state: this.state,
      error: this.error,
      snapshotCompleted: this.offset !== null,
      events: this.eventsWritten,
      restarts: this.restarts,
      storedOffset: this.stored === null ? null : lsnText(this.stored.lsn),
    };
  }

  // ---- Life ----

  private start(): void {
    this.state = "running";
    this.startedAtMs = this.host.clock.currentMs();
    this.attempt(() => {
      const { slotName, publication, plugin, snapshotMode } = this.settings;
      const { database } = this;
      database.health.requireAvailable(database.name);
      database.publications.createForAllTablesIfMissing(publication);
      const slot = database.slots.find(slotName) ?? database.createReplicationSlot(slotName, plugin);
      for (const table of this.tables()) this.requireTopic(table);
      if (this.offset === null && snapshotMode === "initial") this.readTables(slot.confirmedFlushLsn);
      else this.readLog(this.offset ?? { lsn: slot.confirmedFlushLsn, events: 0 });
    });
  }

  private stop(): void {
    this.state = "down";
    this.pending?.cancel();
    this.pending = null;
    this.flush?.cancel();
    this.flush = null;
    this.stream?.close();
    this.stream = null;
  }

  private restartAfter(delayMs: number): void {
    this.restarts++;
    this.busy = true;
    this.pending = this.host.clock.schedule(this.host.clock.currentMs() + delayMs, () => {
      this.pending = null;
      this.start();
    });
  }

  /** Runs a step. A database that has gone away is tried again; anything else that it refuses ends the connector. */
  private attempt(step: () => void): void {
    try {
      step();
    } catch (failure) {
      if (!(failure instanceof PostgresError)) throw failure;
      this.stop();
      if (failure.retryable) {
        this.restartAfter(this.settings.retryMs);
        return;
      }
      this.state = "failed";
      this.error = failure.message;
      this.host.observer.systemEvent(this, "failed", { error: failure.message });
    }
  }

  // ---- The tables as they are ----

  /**
   * All of them as of one moment; then the log from the slot's beginning, which is earlier when a first snapshot was given up: rows that were
   * in that one and have been deleted since are deleted in the topic as well.
   */
  private readTables(slotLsn: number): void {
    const { database, host } = this;
    const lsn = database.wal.insertLsn;
    const nowMs = host.clock.currentMs();
    const records = this.tables().flatMap((table) =>
      database.read(null, table.qualifiedName).map((row) => snapshotRecord(this.origin, table, row, nowMs, lsn)),
    );
    this.writeSnapshot(records, 0, slotLsn);
  }

  private writeSnapshot(records: readonly SourceRecord[], from: number, slotLsn: number): void {
    const batch = records.slice(from, from + this.settings.maxBatchSize);
    this.after(this.database.costMs(batch.length) + this.settings.produceMs, () => {
      this.database.health.requireAvailable(this.database.name);
      for (const record of batch) this.write(record);
      const next = from + batch.length;
      if (next < records.length) this.writeSnapshot(records, next, slotLsn);
      else {
        this.host.observer.systemEvent(this, "snapshotCompleted", { rows: records.length });
        this.moveTo({ lsn: slotLsn, events: 0 });
        this.readLog({ lsn: slotLsn, events: 0 });
      }
    });
  }

  // ---- The log ----

  private readLog(offset: Offset): void {
    this.offset = offset;
    const { slotName, publication } = this.settings;
    this.stream = this.database.startReplication(slotName, publication, offset.lsn);
    this.stream.onAvailable(() => this.pollLater());
    this.pollLater();
  }

  /** At the next beat of the poll interval, when there is something to poll for. */
  private pollLater(): void {
    if (this.pending !== null || this.state !== "running") return;
    this.attempt(() => {
      this.busy = this.stream?.peek() !== null;
      if (!this.busy) return;
      const { pollIntervalMs } = this.settings;
      const sinceStartMs = this.host.clock.currentMs() - this.startedAtMs;
      const waitMs = pollIntervalMs === 0 ? 0 : Math.ceil(sinceStartMs / pollIntervalMs) * pollIntervalMs - sinceStartMs;
      this.after(waitMs, () => this.poll());
    });
  }

  private poll(): void {
    const { stream, settings } = this;
    if (stream === null || this.offset === null) return;
    const batch: SourceRecord[] = [];
    let { offset } = this;
    for (let next = stream.peek(); next !== null && batch.length < settings.maxBatchSize; next = stream.peek()) {
      const transaction = next;
      const nowMs = this.host.clock.currentMs();
      const records = transaction.changes
        .filter(({ table }) => this.captures(table))
        .flatMap((change) => changeRecords(this.origin, transaction, change, nowMs));
      const room = settings.maxBatchSize - batch.length;
      batch.push(...records.slice(offset.events, offset.events + room));
      if (offset.events + room < records.length) offset = { lsn: offset.lsn, events: offset.events + room };
      else {
        stream.next();
        // A transaction without any change of ours does not move the position.
        offset = { lsn: records.length === 0 ? offset.lsn : transaction.endLsn, events: 0 };
      }
    }
    this.after(settings.produceMs, () => {
      for (const record of batch) this.write(record);
      this.moveTo(offset);
      this.pollLater();
    });
  }

  /** Written up to here. The position is stored, and confirmed to the database, at the next beat of the flush interval. */
  private moveTo(offset: Offset): void {
    this.offset = offset;
    if (this.flush !== null) return;
    const { clock } = this.host;
    const { offsetFlushIntervalMs } = this.settings;
    const sinceStartMs = clock.currentMs() - this.startedAtMs;
    const atMs = this.startedAtMs + (Math.floor(sinceStartMs / offsetFlushIntervalMs) + 1) * offsetFlushIntervalMs;
    this.flush = clock.schedule(atMs, () => {
      this.flush = null;
      this.stored = this.offset;
      if (this.stream !== null && this.stored !== null) this.database.confirm(this.stream, this.stored.lsn);
    });
  }

  private write({ key, value }: SourceRecord): void {
    const { broker } = this.host;
    const { schema, table } = value.source;
    const topic = this.topicOf(schema, table);
    const keyText = key === null ? null : JSON.stringify(key);
    const partition = this.partitioner.partitionFor(keyText, broker.partitionCount(topic));
    broker.append(topic, partition, { key: keyText, value, timestampMs: null });
    this.eventsWritten++;
    if (value.op === "d" && this.settings.tombstonesOnDelete && keyText !== null) {
      broker.append(topic, partition, { key: keyText, value: null, timestampMs: null });
    }
  }

  // ---- Names ----

  private get database(): PostgresDatabase {
    return this.host.systems.get(this.settings.database, PostgresDatabase);
  }

  private tables(): readonly Table[] {
    return this.database.tables.all().filter((table) => this.captures(table));
  }

  private captures({ qualifiedName }: Table): boolean {
    const { tables } = this.settings;
    return tables.length === 0 || tables.some((pattern) => new RegExp(`^(?:${pattern})$`, "i").test(qualifiedName));
  }

  private topicOf(schema: string, table: string): string {
    return `${this.settings.topicPrefix}.${schema}.${table}`;
  }

  private requireTopic({ schema, name }: Table): void {
    const { broker } = this.host;
    const topic = this.topicOf(schema, name);
    if (!broker.hasTopic(topic)) broker.createTopic(topic, this.settings.partitions);
  }

  private after(delayMs: number, step: () => void): void {
    const { clock } = this.host;
    this.busy = true;
    this.pending = clock.schedule(clock.currentMs() + delayMs, () => {
      this.pending = null;
      this.attempt(step);
    });
  }
}

/** Makes connectors of kind `debezium`. */
export const DEBEZIUM_FACTORY: SystemFactory<DebeziumDescription> = {
  kind: "debezium",
  create: (description, host) => new DebeziumConnector(description, host),
};
