/** The columns that a stream has by its own type, when no schema says them. */
import { internalsOf } from "../../datastream/stream-internals.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { DataStream } from "../../datastream/data-stream.ts";
import type { SerializerSnapshot } from "../../types/type-serializer.ts";
import * as types from "../../types/logical-type.ts";
import type { LogicalType, RowField } from "../../types/logical-type.ts";

const BASIC: Readonly<Record<string, LogicalType>> = {
  String: types.STRING,
  Boolean: types.BOOLEAN,
  Byte: types.TINYINT,
  Short: types.SMALLINT,
  Integer: types.INT,
  Long: types.BIGINT,
  Float: types.FLOAT,
  Double: types.DOUBLE,
  Number: types.DOUBLE,
  BigInteger: types.decimalOf(38, 0),
  BigDecimal: types.decimalOf(38, 18),
  Instant: types.timestampLtzOf(9),
  Timestamp: types.timestampOf(9),
  LocalDateTime: types.timestampOf(9),
  Date: types.DATE,
  LocalDate: types.DATE,
  Time: types.timeOf(0),
  LocalTime: types.timeOf(9),
};

/** @throws Diagnostic TABLE_UNKNOWN_TYPE */
export function columnsOfStream(stream: DataStream<unknown>): readonly RowField[] {
  const snapshot = internalsOf(stream).knownType?.serializer?.snapshot;
  const columns = snapshot === undefined ? null : columnsOf(snapshot);
  if (columns !== null) return columns;
  throw new Diagnostic({
    code: "TABLE_UNKNOWN_TYPE",
    phase: "graph",
    message: "The columns of the stream are not known: nothing says of what type its records are.",
    expected: 'fromDataStream(stream, Schema.newBuilder().column("user", "STRING")….build())',
    hint: 'Or give the stream its type: .returns(Types.ROW_NAMED(["user", "n"], Types.STRING, Types.INT)).',
  });
}

function columnsOf(snapshot: SerializerSnapshot): readonly RowField[] | null {
  switch (snapshot.kind) {
    case "pojo":
    case "row":
      return complete(snapshot.fields.map(({ name, type }) => ({ name, type: typeOf(type) })));
    case "tuple":
      return complete(snapshot.fields.map((type, i) => ({ name: `f${i}`, type: typeOf(type) })));
    default: {
      const type = typeOf(snapshot);
      return type === null ? null : [{ name: "f0", type }];
    }
  }
}

function complete(fields: readonly { readonly name: string; readonly type: LogicalType | null }[]): readonly RowField[] | null {
  return fields.every(({ type }) => type !== null) ? (fields as readonly RowField[]) : null;
}

function typeOf(snapshot: SerializerSnapshot): LogicalType | null {
  switch (snapshot.kind) {
    case "basic":
      return BASIC[snapshot.name] ?? null;
    case "list": {
      const element = typeOf(snapshot.element);
      return element === null ? null : types.arrayOf(element);
    }
    case "map": {
      const [key, value] = [typeOf(snapshot.key), typeOf(snapshot.value)];
      return key === null || value === null ? null : types.mapOf(key, value);
    }
    case "row":
    case "pojo":
    case "tuple": {
      const fields = columnsOf(snapshot);
      return fields === null ? null : types.rowTypeOf(fields);
    }
    default:
      return null;
  }
}
