/** `'format' = 'raw'`: the whole value is the one column. (Flink: docs/connectors/table/formats/raw) */
import { INSERT } from "../../../types/row-kind.ts";
import { isBinary, isCharacter } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { choice, optional } from "../connectors/table-options.ts";
import type { Format } from "./format.ts";
import { jsonDecoder, jsonEncoder } from "./json-value.ts";
import { utf8Encode } from "../../functions/utf8.ts";

const ROOTS: readonly string[] = [
  "CHAR",
  "VARCHAR",
  "BINARY",
  "VARBINARY",
  "BOOLEAN",
  "TINYINT",
  "SMALLINT",
  "INT",
  "BIGINT",
  "FLOAT",
  "DOUBLE",
];

export const RAW_FORMAT: Format = {
  identifier: "raw",
  isBare: true,
  options: [
    optional("charset"),
    {
      ...choice("endianness", "big-endian", "little-endian"),
      refusal: (value) =>
        `Unsupported endianness name: ${value}. Valid values of 'raw.endianness' option are 'big-endian' and 'little-endian'.`,
    },
  ],
  sourceMode: "insert",
  sinkMode: "insert",
  validate({ fields, options }) {
    if (fields.length !== 1) {
      throw new SqlError(
        "validate",
        "SQL_FORMAT",
        `The 'raw' format only supports single physical column. However the defined schema contains multiple physical columns: [${fields.map(({ name }) => name).join(", ")}].`,
        options.span("charset"),
      );
    }
    if (!ROOTS.includes(fields[0].type.root))
      throw new SqlError("validate", "SQL_FORMAT", `The 'raw' format doesn't supports '${fields[0].type.root}' as column type.`, null);
  },
  decoder({ fields, evaluation }) {
    const [{ type }] = fields;
    const decode = jsonDecoder(type, { failsOnMissing: false, ignoresErrors: false }, evaluation);
    const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
    return (value, consume) => {
      if (value === null || value === undefined) consume(INSERT, [null]);
      else if (isCharacter(type)) consume(INSERT, [text(value)]);
      else if (isBinary(type)) consume(INSERT, [utf8Encode(text(value))]);
      else consume(INSERT, [decode(value)]);
    };
  },
  encoder({ fields }) {
    const encode = jsonEncoder(fields[0].type, {
      iso: false,
      plainDecimals: false,
      leavesNullsOut: false,
      nullKeys: "fail",
      nullKeyLiteral: "",
    });
    return (_kind, [value]) => encode(value);
  },
};
