/**
 * A warehouse as Snowflake: `kind: "snowflake"`.
 *
 * There are two ways in, each with a promise of its own.
 *
 * *Files*: a file is put on a stage, and `COPY INTO` loads it. The table remembers the names of files that it has loaded for 64 days and skips them when
 * they are copied again; an older file of which it knows nothing any more it skips as well, loaded or not. Staging and copying are two steps; between them
 * rows are on the stage and not in the table.
 *
 * *Channels* (Snowpipe Streaming): rows are appended under an offset token of the client's own, and become visible within a second or so. Who opens a
 * channel is told the token up to which it is committed, and everybody who had it open before is shut out.
 *
 * Rows are never updated; nothing but these two memories keeps a row from coming twice.
 */
import { randomUuid } from "../../base/uuid.ts";
import { CallConditions, numberOf, SystemClient, textOf, unknownFault } from "../systems/call-conditions.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { SnowflakeFailure } from "./snowflake-failures.ts";

export type SnowflakeRow = Readonly<Record<string, unknown>>;

/** A warehouse of a world. */
export interface SnowflakeDescription extends SystemDescription {
  readonly kind: "snowflake";
  readonly tables: readonly SnowflakeTableDescription[];
  /** What each request takes; default 0. */
  readonly latencyMs?: number;
  /** How long rows of a channel wait until they are committed; default 1000. */
  readonly flushIntervalMs?: number;
  /** How long a table remembers files that it has loaded; default 64 days. */
  readonly loadHistoryMs?: number;
}

export interface SnowflakeTableDescription {
  /** "DB.PUBLIC.ORDERS" */
  readonly name: string;
  /** Columns that rows may have; others are refused. Absent = any. */
  readonly columns?: readonly string[];
}

export interface SnowflakeRowOutcome {
  readonly row: SnowflakeRow;
  /** When queries could see it, epoch ms. */
  readonly visibleAtMs: number;
  /** File or channel that it came from. */
  readonly from: string;
}

export interface SnowflakeTableOutcome {
  readonly name: string;
  readonly rows: readonly SnowflakeRowOutcome[];
  /** Files on its stage that were never copied. */
  readonly stagedFiles: readonly string[];
  /** Committed offset tokens by channel. */
  readonly channels: Readonly<Record<string, string | null>>;
}

interface Channel {
  /** Raised by each client that opens it. */
  clientSequencer: number;
  committedToken: string | null;
  /** Token of the last row that was taken. */
  pendingToken: string | null;
  pending: SnowflakeRow[];
  flush: { cancel(): void } | null;
}

interface Table {
  readonly name: string;
  readonly columns: ReadonlySet<string> | null;
  readonly rows: SnowflakeRowOutcome[];
  readonly stage: Map<string, { readonly rows: readonly SnowflakeRow[]; readonly stagedAtMs: number }>;
  readonly loadedAtMs: Map<string, number>;
  readonly channels: Map<string, Channel>;
}

/** A client's hold on a channel. */
export interface OpenChannel {
  readonly table: string;
  readonly channel: string;
  readonly clientSequencer: number;
}

const SIXTY_FOUR_DAYS_MS = 64 * 86_400_000;
const RETRY_FOR_MS = 30_000;

export class Snowflake implements OutsideSystem {
  readonly kind = "snowflake";
  readonly name: string;
  private readonly host: SystemHost;
  private readonly conditions: CallConditions;
  private readonly flushIntervalMs: number;
  private readonly loadHistoryMs: number;
  private readonly tables = new Map<string, Table>();
  private lostAnswers = 0;

  constructor({ name, tables, latencyMs, flushIntervalMs, loadHistoryMs }: SnowflakeDescription, host: SystemHost) {
    this.name = name;
    this.host = host;
    this.conditions = new CallConditions(host.clock, latencyMs ?? 0);
    this.flushIntervalMs = flushIntervalMs ?? 1000;
    this.loadHistoryMs = loadHistoryMs ?? SIXTY_FOUR_DAYS_MS;
    for (const { name: table, columns } of tables) {
      this.tables.set(table, {
        name: table,
        columns: columns === undefined ? null : new Set(columns),
        rows: [],
        stage: new Map(),
        loadedAtMs: new Map(),
        channels: new Map(),
      });
    }
  }

  /** Rows of channels that are taken but not committed yet will be. */
  get atRest(): boolean {
    for (const { channels } of this.tables.values()) for (const { flush } of channels.values()) if (flush !== null) return false;
    return true;
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    if (action.what === "loseAnswers") this.lostAnswers = numberOf(action, "count");
    else if (action.what === "removeStagedFiles") this.table(textOf(action, "table")).stage.clear();
    else throw unknownFault(this.name, action);
  }

  outcome(): { readonly tables: readonly SnowflakeTableOutcome[] } {
    const tables = [...this.tables.values()].map(
      (table): SnowflakeTableOutcome => ({
        name: table.name,
        rows: table.rows,
        stagedFiles: [...table.stage.keys()].filter((file) => !table.loadedAtMs.has(file)).sort(),
        channels: Object.fromEntries([...table.channels].map(([name, { committedToken }]) => [name, committedToken])),
      }),
    );
    return { tables };
  }

  get tableNames(): readonly string[] {
    return [...this.tables.keys()];
  }

  newUuid(): string {
    return randomUuid(this.host.random);
  }

  client(block?: (durationMs: number) => void): SystemClient {
    return new SystemClient(this.conditions, { block, retryForMs: RETRY_FOR_MS, failure: () => SnowflakeFailure.unavailable() });
  }

  // ---- Files ----

  /** `PUT file @%table`: replaces a file of that name. */
  put(tableName: string, file: string, rows: readonly SnowflakeRow[]): void {
    this.table(tableName).stage.set(file, { rows, stagedAtMs: this.host.clock.currentMs() });
    this.happened("staged", { table: tableName, file, rows: rows.length });
  }

  /**
   * `COPY INTO table FROM @%table FILES = (…)`: all files or none. Gives the files that it skipped: those it has loaded, and those of which it no
   * longer knows whether it has.
   *
   * @throws SnowflakeFailure when a file is not there, when a row does not fit, or when the answer is lost (the rows are loaded then).
   */
  copyInto(tableName: string, files: readonly string[]): readonly string[] {
    const table = this.table(tableName);
    const nowMs = this.host.clock.currentMs();
    const skipped = files.filter((file) => table.loadedAtMs.has(file) || this.statusIsUnknown(table, file));
    const loads = files.filter((file) => !skipped.includes(file)).map((file) => ({ file, rows: this.stagedFile(table, file).rows }));
    for (const { rows } of loads) for (const row of rows) this.requireColumns(table, row);
    for (const { file, rows } of loads) {
      for (const row of rows) table.rows.push({ row, visibleAtMs: nowMs, from: file });
      table.loadedAtMs.set(file, nowMs);
    }
    this.happened("copied", { table: tableName, files: loads.length, skipped: skipped.length });
    if (this.lostAnswers > 0) {
      this.lostAnswers--;
      throw SnowflakeFailure.answerLost();
    }
    return skipped;
  }

  /** Longer ago than the table remembers, as is its first load. */
  private statusIsUnknown(table: Table, file: string): boolean {
    const limitMs = this.host.clock.currentMs() - this.loadHistoryMs;
    const [firstLoadMs] = table.loadedAtMs.values();
    return firstLoadMs !== undefined && firstLoadMs < limitMs && this.stagedFile(table, file).stagedAtMs < limitMs;
  }

  // ---- Channels ----

  /** Shuts out whoever had it open. Rows that had been taken and not committed are dropped. */
  openChannel(tableName: string, name: string): { readonly open: OpenChannel; readonly committedToken: string | null } {
    const { channels } = this.table(tableName);
    const channel = channels.get(name) ?? { clientSequencer: 0, committedToken: null, pendingToken: null, pending: [], flush: null };
    channels.set(name, channel);
    channel.clientSequencer++;
    channel.flush?.cancel();
    channel.flush = null;
    channel.pending = [];
    channel.pendingToken = channel.committedToken;
    this.happened("channelOpened", { table: tableName, channel: name, committed: channel.committedToken });
    return { open: { table: tableName, channel: name, clientSequencer: channel.clientSequencer }, committedToken: channel.committedToken };
  }

  /** Takes a row under the client's token. @throws SnowflakeFailure */
  insertRow(open: OpenChannel, row: SnowflakeRow, token: string): void {
    const table = this.table(open.table);
    const channel = this.channel(open);
    this.requireColumns(table, row);
    channel.pending.push(row);
    channel.pendingToken = token;
    if (channel.flush !== null) return;
    const { clock } = this.host;
    channel.flush = clock.schedule(clock.currentMs() + this.flushIntervalMs, () => this.commitChannel(open));
  }

  /** Commits now what has been taken (the client waits for it). @throws SnowflakeFailure */
  flushChannel(open: OpenChannel): void {
    const channel = this.channel(open);
    channel.flush?.cancel();
    this.commitChannel(open);
  }

  private commitChannel(open: OpenChannel): void {
    const table = this.table(open.table);
    const channel = this.channel(open);
    const visibleAtMs = this.host.clock.currentMs();
    for (const row of channel.pending) table.rows.push({ row, visibleAtMs, from: open.channel });
    if (channel.pending.length > 0)
      this.happened("channelCommitted", {
        table: open.table,
        channel: open.channel,
        token: channel.pendingToken,
        rows: channel.pending.length,
      });
    channel.committedToken = channel.pendingToken;
    channel.pending = [];
    channel.flush = null;
  }

  private channel({ table, channel: name, clientSequencer }: OpenChannel): Channel {
    const channel = this.table(table).channels.get(name);
    if (channel === undefined || channel.clientSequencer !== clientSequencer) throw SnowflakeFailure.channelInvalid(name);
    return channel;
  }

  private stagedFile({ stage }: Table, file: string): { readonly rows: readonly SnowflakeRow[]; readonly stagedAtMs: number } {
    const staged = stage.get(file);
    if (staged === undefined) throw SnowflakeFailure.noSuchFile(file);
    return staged;
  }

  private requireColumns({ name, columns }: Table, row: SnowflakeRow): void {
    if (columns === null) return;
    const extra = Object.keys(row).find((column) => !columns.has(column));
    if (extra !== undefined) throw SnowflakeFailure.badRow(name, `Extra columns: [${extra}]`);
  }

  private table(name: string): Table {
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`The warehouse "${this.name}" has no table "${name}".`);
    return table;
  }

  private happened(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

export const SNOWFLAKE_FACTORY: SystemFactory<SnowflakeDescription> = {
  kind: "snowflake",
  create: (description, host) => new Snowflake(description, host),
};
