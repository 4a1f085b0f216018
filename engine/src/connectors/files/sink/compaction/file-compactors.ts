/** How files become one. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/filesystem/#compaction) */

/** A file to be put together with others. (Flink: docs/connectors/datastream/filesystem) */
export interface CompactorInput {
  /** With scheme and authority. */
  readonly path: string;
  /** Its whole content. */
  readonly content: string;
}

/** Puts files together. (Flink: docs/connectors/datastream/filesystem) */
export interface FileCompactor {
  /** @param inputs at least one, in the order in which they were closed. @returns the content of the file that takes their place. */
  compact(inputs: readonly CompactorInput[]): string;
}

/** One behind the other, for row formats. (Flink: docs/connectors/datastream/filesystem) */
export class ConcatFileCompactor implements FileCompactor {
  private readonly delimiter: string;

  /** @param fileDelimiter between two files; default nothing. */
  constructor(fileDelimiter = "") {
    this.delimiter = fileDelimiter;
  }

  /** The contents, with the delimiter between two. */
  compact(inputs: readonly CompactorInput[]): string {
    return inputs.map(({ content }) => content).join(this.delimiter);
  }
}

/** Leaves a file as it is; for a strategy that never puts two together. (Flink: docs/connectors/datastream/filesystem) */
export class IdenticalFileCompactor implements FileCompactor {
  /** The content of the one file. @throws Error when there are several. */
  compact(inputs: readonly CompactorInput[]): string {
    if (inputs.length !== 1) throw new Error("IdenticalFileCompactor can only copy one input file");
    return inputs[0].content;
  }
}
