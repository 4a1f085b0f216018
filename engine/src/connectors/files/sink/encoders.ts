/** How FileSink writes elements: one by one (row formats), or through a writer that only makes sense once finished (bulk formats). */
import { toPlainValue } from "../../log/plain-value.ts";
import { PARQUET_BEGINNING, parquetFooter, parquetRow } from "../parquet-text.ts";

/** Where encoders write. (Flink: docs/connectors/datastream/filesystem) */
export interface OutputStream {
  /** Appends to the file. */
  write(text: string): void;
}

/** Writes one element of a row format. (Flink: docs/connectors/datastream/filesystem) */
export interface Encoder<IN> {
  /** Appends the element to the part file. */
  encode(element: IN, stream: OutputStream): void;
}

/** One line per element: its text, or its JSON text when it is no text. (Flink: docs/connectors/datastream/filesystem) */
export class SimpleStringEncoder<IN> implements Encoder<IN> {
  private readonly charsetName: string;

  /** The character set is accepted; files are UTF-8. */
  constructor(charsetName = "UTF-8") {
    this.charsetName = charsetName;
  }

  /** The name of the character set that it was made with. */
  getCharsetName(): string {
    return this.charsetName;
  }

  encode(element: IN, stream: OutputStream): void {
    stream.write(`${typeof element === "string" ? element : JSON.stringify(toPlainValue(element))}\n`);
  }
}

/** Writes a part file of a bulk format; the file is readable only after `finish`. (Flink: docs/connectors/datastream/filesystem) */
export interface BulkWriter<T> {
  /** Takes an element; it may be kept until `flush` or `finish`. */
  addElement(element: T): void;
  /** Writes what is kept. */
  flush(): void;
  /** Writes what is kept and what closes the file, e.g. a footer. The stream is closed by the sink. */
  finish(): void;
}

/** Makes the writer of one part file. Flink: `BulkWriter.Factory`. (Flink: docs/connectors/datastream/filesystem) */
export interface BulkWriterFactory<T> {
  /** Called once per part file. */
  create(stream: OutputStream): BulkWriter<T>;
}

/**
 * Columnar files with a footer. Here the rows lie between Parquet's magic words as JSON lines, with a footer that counts them: like a real one,
 * such a file cannot be read before it is finished. (Flink: docs/connectors/datastream/formats/parquet)
 */
export const AvroParquetWriters = {
  /** The class is accepted in the place where Flink wants it. */
  forReflectRecord<T>(_type?: unknown): BulkWriterFactory<T> {
    return { create: (stream) => new ParquetWriter<T>(stream) };
  },
};

class ParquetWriter<T> implements BulkWriter<T> {
  readonly #stream: OutputStream;
  #rowGroup: string[] = [];
  #rows = 0;

  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.write(PARQUET_BEGINNING);
  }

  addElement(element: T): void {
    this.#rows++;
    this.#rowGroup.push(parquetRow(element));
  }

  flush(): void {
    for (const row of this.#rowGroup) this.#stream.write(row);
    this.#rowGroup = [];
  }

  finish(): void {
    this.flush();
    this.#stream.write(parquetFooter(this.#rows));
  }
}
