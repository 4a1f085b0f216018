import type { SourceSplit } from "../../../flow/source.ts";

/** One file, and how far it has been read. (Flink: docs/connectors/datastream/filesystem) */
export interface FileSourceSplit extends SourceSplit {
  /** "0000000001", "0000000002" … in the order in which the files were found. */
  readonly splitId: string;
  /** The file. */
  readonly path: string;
  /** Its size in bytes when it was found. */
  readonly fileSize: number;
  /** When it was written last, epoch ms. */
  readonly fileModificationTime: number;
  /** Records of it that have been emitted. */
  readonly recordsRead: number;
}
