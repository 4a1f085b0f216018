import type { Recoverable, RecoverableOutput } from "../file-system.ts";
import type { BulkWriter, BulkWriterFactory, Encoder } from "./encoders.ts";
import type { PartFileInfo } from "./rolling-policies.ts";

/** How elements become bytes of a part file. */
export type PartFormat<IN> = { readonly row: Encoder<IN> } | { readonly bulk: BulkWriterFactory<IN> };

/** The part file that a bucket is writing. Flink: `InProgressFileWriter`. */
export class PartFile<IN> implements PartFileInfo {
  private readonly bucketId: string;
  private readonly output: RecoverableOutput;
  private readonly creationTimeMs: number;
  private readonly encoder: Encoder<IN> | null;
  private readonly bulkWriter: BulkWriter<IN> | null;
  private lastUpdateTimeMs: number;

  constructor(bucketId: string, output: RecoverableOutput, format: PartFormat<IN>, creationTimeMs: number) {
    this.bucketId = bucketId;
    this.output = output;
    this.creationTimeMs = creationTimeMs;
    this.lastUpdateTimeMs = creationTimeMs;
    this.encoder = "row" in format ? format.row : null;
    this.bulkWriter = "bulk" in format ? format.bulk.create(output) : null;
  }

  write(element: IN, nowMs: number): void {
    if (this.encoder !== null) this.encoder.encode(element, this.output);
    else this.bulkWriter?.addElement(element);
    this.lastUpdateTimeMs = nowMs;
  }

  /** Row formats only: a bulk file is not resumed. */
  persist(): Recoverable {
    return this.output.persist();
  }

  closeForCommit(): Recoverable {
    this.bulkWriter?.finish();
    return this.output.closeForCommit();
  }

  getBucketId(): string {
    return this.bucketId;
  }

  getCreationTime(): number {
    return this.creationTimeMs;
  }

  getSize(): number {
    return this.output.position;
  }

  getLastUpdateTime(): number {
    return this.lastUpdateTimeMs;
  }
}
