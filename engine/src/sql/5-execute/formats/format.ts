/**
 * How a format turns what a system holds into rows and back (Flink: `DeserializationFormatFactory`, `SerializationFormatFactory`). One file per format;
 * `registry.ts` finds it by the value of `'format'`, `'key.format'` or `'value.format'`.
 *
 * Systems here hold plain JSON values where real ones hold bytes: an object is what a JSON document would say, a text is a line of CSV, a
 * raw value, or a JSON document that a producer wrote as text.
 */
import type { RowKind } from "../../../types/row-kind.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import type { SinkMode, SourceMode } from "../connectors/connector.ts";
import type { OptionDeclaration, TableOptions } from "../connectors/table-options.ts";

export interface FormatField {
  readonly name: string;
  readonly type: LogicalType;
}

export interface FormatContext {
  readonly fields: readonly FormatField[];
  /** The format's own options, without the prefix that they have in the table. */
  readonly options: TableOptions;
  readonly evaluation: EvalContext;
}

/** Gets a change with one value per field, and the format's metadata by key where it has some. */
export type RowConsumer = (kind: RowKind, values: readonly unknown[], metadata?: Readonly<Record<string, unknown>>) => void;

/** Decodes one value of the system into any number of changes. Throws SqlRuntimeError for what it cannot read. */
export type Decoder = (value: unknown, consume: RowConsumer) => void;

/** The value to write for a change. */
export type Encoder = (kind: RowKind, values: readonly unknown[]) => unknown;

export interface Format {
  readonly identifier: string;
  /** It writes a single value without a document around it, and has no names of columns in it. */
  readonly isBare?: true;
  /** Keys without the format's prefix. */
  readonly options: readonly OptionDeclaration[];
  /** What decoding gives; undefined = it cannot decode. */
  readonly sourceMode?: SourceMode;
  /** What encoding takes; undefined = it cannot encode. */
  readonly sinkMode?: SinkMode;
  /** Metadata that decoding can give, by key; tables read them as `value.<key>`, with a single format also as `<key>`. */
  readonly metadata?: Readonly<Record<string, LogicalType>>;
  /** Throws SqlError for options that do not go together. */
  validate?(context: FormatContext): void;
  decoder?(context: FormatContext): Decoder;
  encoder?(context: FormatContext): Encoder;
}
