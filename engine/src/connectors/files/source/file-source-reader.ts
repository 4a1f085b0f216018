import { outsideOf } from "../../../flow/engine-access.ts";
import type { SourceReaderContext } from "../../../flow/source.ts";
import { fileSystemOf } from "../file-system.ts";
import { Path } from "../path.ts";
import { CountingSourceReader } from "./file-split-reader.ts";
import type { FileSourceSplit } from "./file-source-split.ts";
import { FSDataInputStream, type StreamFormat } from "./stream-format.ts";

/** Reads one file after the other and asks for the next when it has none. Flink: `FileSourceReader`. */
export class FileSourceReader<T> extends CountingSourceReader<T, FileSourceSplit> {
  constructor(context: SourceReaderContext, format: StreamFormat<T>) {
    super(context, (split, block) => {
      const path = new Path(split.path);
      return format.createReader(new FSDataInputStream(fileSystemOf(outsideOf(context), path, block).read(path)), split);
    });
  }
}
