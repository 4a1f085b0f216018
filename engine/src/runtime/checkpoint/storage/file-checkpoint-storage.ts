/**
 * Checkpoints in a directory. Flink: `FileSystemCheckpointStorage`, with its layout below a directory per job:
 *
 *   chk-7/_metadata     the checkpoint itself, and all state that is smaller than the inline threshold
 *   chk-7/<name>        what is of this checkpoint alone: one file per operator and task
 *                       and operator state, one file per so many tasks of a vertex for what was in flight
 *   shared/<name>       tables of a log-structured backend, which several checkpoints refer to
 *   taskowned/          what belongs to tasks; nothing does here
 *
 * A shared file goes when the last checkpoint that refers to it does. Sizes are real, contents are not kept (checkpoint-files.ts).
 */
import type { Prng } from "../../../base/prng.ts";
import { LsmKeyedSnapshot } from "../../../state/lsm/lsm-keyed-snapshot.ts";
import type { SortedTable } from "../../../state/lsm/sorted-table.ts";
import type { OperatorSnapshot } from "../../../state/snapshot.ts";
import type { CheckpointFiles } from "./checkpoint-files.ts";
import type { CheckpointStorage, TaskPart } from "./checkpoint-storage.ts";

/** Flink's default of `execution.checkpointing.data-inline-threshold`. */
const DEFAULT_INLINE_BYTES = 20 * 1024;
/** Flink's default of `execution.checkpointing.unaligned.max-subtasks-per-channel-state-file`. */
const DEFAULT_SUBTASKS_PER_CHANNEL_STATE_FILE = 5;
/** What the metadata say of one operator of one task beside state. */
const BYTES_PER_HANDLE = 64;

export interface FileCheckpointStorageOptions {
  /** The job's directory. */
  readonly directory: string;
  /** Smaller state lies in the metadata; undefined = 20 KiB. */
  readonly inlineBytes: number | undefined;
  /** How many subtasks of a vertex share a file for what was in flight; undefined = 5. */
  readonly subtasksPerChannelStateFile?: number | undefined;
}

/** A file for what was in flight, or, while it is small, a part of the metadata. */
interface ChannelStateFile {
  bytes: number;
  path: string | null;
  /** The files that each of its subtasks needs. */
  readonly needed: string[][];
}

interface StoredCheckpoint {
  /** Files of its own. */
  readonly paths: string[];
  /** Files that a task needs, by vertex and subtask. */
  readonly byTask: Map<string, string[]>;
  readonly tables: Set<SortedTable>;
  /** By vertex and group of subtasks. */
  readonly channelStates: Map<string, ChannelStateFile>;
  metadataBytes: number;
}

export class FileCheckpointStorage implements CheckpointStorage {
  private readonly files: CheckpointFiles;
  private readonly random: Prng;
  private readonly directory: string;
  private readonly inlineBytes: number;
  private readonly subtasksPerChannelStateFile: number;
  private readonly checkpoints = new Map<number, StoredCheckpoint>();
  private readonly shared = new Map<SortedTable, { readonly path: string; uses: number }>();

  constructor(files: CheckpointFiles, random: Prng, options: FileCheckpointStorageOptions) {
    this.files = files;
    this.random = random;
    this.directory = options.directory;
    this.inlineBytes = options.inlineBytes ?? DEFAULT_INLINE_BYTES;
    this.subtasksPerChannelStateFile = options.subtasksPerChannelStateFile ?? DEFAULT_SUBTASKS_PER_CHANNEL_STATE_FILE;
  }

  get slowness(): number {
    return this.files.slowness;
  }

  store(checkpointId: number, { vertex, subtask, snapshots, inFlightBytes }: TaskPart): void {
    const checkpoint = this.checkpoint(checkpointId);
    const needed: string[] = [];
    checkpoint.byTask.set(`${vertex}/${subtask}`, needed);
    for (const snapshot of snapshots.values()) {
      const ownBytes = snapshot.bytes - this.storeTables(checkpoint, snapshot, needed);
      this.storeOwn(checkpointId, checkpoint, ownBytes, needed);
    }
    if (inFlightBytes > 0) {
      const group = `${vertex}/${Math.floor(subtask / this.subtasksPerChannelStateFile)}`;
      this.storeInFlight(checkpointId, checkpoint, inFlightBytes, { group, needed });
    }
  }

  complete(checkpointId: number): void {
    const checkpoint = this.checkpoint(checkpointId);
    const path = `${this.directory}/chk-${checkpointId}/_metadata`;
    this.files.write(path, checkpoint.metadataBytes);
    checkpoint.paths.push(path);
  }

  discard(checkpointId: number): void {
    const checkpoint = this.checkpoints.get(checkpointId);
    if (checkpoint === undefined) return;
    this.checkpoints.delete(checkpointId);
    for (const path of checkpoint.paths) this.files.delete(path);
    for (const table of checkpoint.tables) {
      const file = this.shared.get(table);
      if (file === undefined || --file.uses > 0) continue;
      this.shared.delete(table);
      this.files.delete(file.path);
    }
  }

  read(checkpointId: number, vertex: number, subtask: number): void {
    for (const path of this.checkpoints.get(checkpointId)?.byTask.get(`${vertex}/${subtask}`) ?? []) this.files.read(path);
  }

  private checkpoint(checkpointId: number): StoredCheckpoint {
    let checkpoint = this.checkpoints.get(checkpointId);
    if (checkpoint === undefined) {
      checkpoint = { paths: [], byTask: new Map(), tables: new Set(), channelStates: new Map(), metadataBytes: 0 };
      this.checkpoints.set(checkpointId, checkpoint);
    }
    return checkpoint;
  }

  /** Tables that are there already are only referred to. Returns how many bytes they are together. */
  private storeTables(checkpoint: StoredCheckpoint, { keyed }: OperatorSnapshot, needed: string[]): number {
    if (!(keyed instanceof LsmKeyedSnapshot)) return 0;
    for (const table of keyed.tables()) {
      const file = this.shared.get(table) ?? this.newTable(table);
      if (!checkpoint.tables.has(table)) file.uses++;
      checkpoint.tables.add(table);
      needed.push(file.path);
    }
    return keyed.tableBytes;
  }

  private newTable(table: SortedTable): { readonly path: string; uses: number } {
    const file = { path: `${this.directory}/shared/${this.newName()}`, uses: 0 };
    this.files.write(file.path, table.sizeBytes);
    this.shared.set(table, file);
    return file;
  }

  private storeOwn(checkpointId: number, checkpoint: StoredCheckpoint, bytes: number, needed: string[]): void {
    checkpoint.metadataBytes += BYTES_PER_HANDLE;
    if (bytes <= this.inlineBytes) {
      checkpoint.metadataBytes += bytes;
      return;
    }
    const path = `${this.directory}/chk-${checkpointId}/${this.newName()}`;
    this.files.write(path, bytes);
    checkpoint.paths.push(path);
    needed.push(path);
  }

  private storeInFlight(
    checkpointId: number,
    checkpoint: StoredCheckpoint,
    bytes: number,
    { group, needed }: { readonly group: string; readonly needed: string[] },
  ): void {
    checkpoint.metadataBytes += BYTES_PER_HANDLE;
    let file = checkpoint.channelStates.get(group);
    if (file === undefined) {
      file = { bytes: 0, path: null, needed: [] };
      checkpoint.channelStates.set(group, file);
    }
    const earlierBytes = file.bytes;
    file.bytes += bytes;
    file.needed.push(needed);
    if (file.path !== null) {
      this.files.append(file.path, bytes);
      needed.push(file.path);
    } else if (file.bytes <= this.inlineBytes) {
      checkpoint.metadataBytes += bytes;
    } else {
      const path = `${this.directory}/chk-${checkpointId}/${this.newName()}`;
      this.files.write(path, file.bytes);
      checkpoint.metadataBytes -= earlierBytes;
      file.path = path;
      checkpoint.paths.push(path);
      for (const own of file.needed) own.push(path);
    }
  }

  private newName(): string {
    const part = (digits: number) => {
      let text = "";
      for (let digit = 0; digit < digits; digit++) text += this.random.nextInt(16).toString(16);
      return text;
    };
    return [8, 4, 4, 4, 12].map(part).join("-");
  }
}
