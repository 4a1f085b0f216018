/** How files become records: a format reads a file from its beginning, one record at a time. */
import type { DeserializationSchema } from "../../log/serialization-schemas.ts";
import { JsonDeserializationSchema } from "../../log/serialization-schemas.ts";
import { parquetRows } from "../parquet-text.ts";
import type { FileSourceSplit } from "./file-source-split.ts";

/** The content of a file, read from its beginning to its end. (Flink: docs/connectors/datastream/filesystem) */
export class FSDataInputStream {
  readonly #content: string;
  #position = 0;

  /** A stream over this content. */
  constructor(content: string) {
    this.#content = content;
  }

  /** The next line without its end, null at the end of the file. */
  readLine(): string | null {
    const content = this.#content;
    const position = this.#position;
    if (position >= content.length) return null;
    const end = content.indexOf("\n", position);
    this.#position = end === -1 ? content.length : end + 1;
    const line = content.slice(position, end === -1 ? content.length : end);
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  /** Everything that has not been read yet. */
  readAll(): string {
    const rest = this.#content.slice(this.#position);
    this.#position = this.#content.length;
    return rest;
  }
}

/** Reads the records of one file. Flink: `StreamFormat.Reader`. (Flink: docs/connectors/datastream/filesystem) */
export interface StreamFormatReader<T> {
  /** The next record, null at the end of the file. */
  read(): T | null;
  /** Lets go of the file. */
  close?(): void;
}

/**
 * A format whose files are read as a whole, from the beginning. After a restore the records that had been read are read again and skipped, so
 * a format must give the same records each time. Flink: `StreamFormat`, `SimpleStreamFormat`. (Flink: docs/connectors/datastream/filesystem)
 */
export interface StreamFormat<T> {
  /** Called once per file and attempt. `file` is not in Flink: which one it is. */
  createReader(stream: FSDataInputStream, file: FileSourceSplit): StreamFormatReader<T>;
}

/** One record per line. (Flink: docs/connectors/datastream/formats/text_files) */
export class TextLineInputFormat implements StreamFormat<string> {
  private readonly charsetName: string;

  /** The character set is accepted; files are UTF-8. */
  constructor(charsetName = "UTF-8") {
    this.charsetName = charsetName;
  }

  /** The name of the character set that it was made with. */
  getCharsetName(): string {
    return this.charsetName;
  }

  createReader(stream: FSDataInputStream): StreamFormatReader<string> {
    return { read: () => stream.readLine() };
  }
}

/** Reads files that `AvroParquetWriters` wrote; one that was never finished fails the job. (Flink: docs/connectors/datastream/formats/parquet) */
export const AvroParquetReaders = {
  /** The class is accepted in the place where Flink wants it. */
  forReflectRecord<T>(_type?: unknown): StreamFormat<T> {
    const schema: DeserializationSchema<T> = new JsonDeserializationSchema<T>();
    return {
      createReader: (stream) => {
        const rows = parquetRows(stream.readAll());
        let next = 0;
        return { read: () => (next < rows.length ? (schema.deserialize(rows[next++]) ?? null) : null) };
      },
    };
  },
};
