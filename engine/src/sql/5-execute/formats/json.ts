/** `'format' = 'json'`. (Flink: docs/connectors/table/formats/json) */
import { INSERT } from "../../../types/row-kind.ts";
import { optional } from "../connectors/table-options.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Format } from "./format.ts";
import { failedToDeserialize, jsonDocument } from "./json-document.ts";
import { checkErrorOptions, DECODING_OPTIONS, decodingOf, ENCODING_OPTIONS, encodingOf } from "./json-options.ts";
import { fieldsDecoder, fieldsEncoder, isObject } from "./json-value.ts";

export const JSON_FORMAT: Format = {
  identifier: "json",
  options: [
    optional("fail-on-missing-field", "boolean"),
    ...DECODING_OPTIONS,
    ...ENCODING_OPTIONS,
    optional("decode.json-parser.enabled", "boolean"),
  ],
  sourceMode: "insert",
  sinkMode: "insert",
  validate: ({ options }) => checkErrorOptions(options),
  decoder({ fields, options, evaluation }) {
    const decoding = decodingOf(options);
    const decode = fieldsDecoder(fields, decoding, evaluation);
    return (value, consume) => {
      if (value === null || value === undefined) return;
      try {
        const document = jsonDocument(value);
        if (!isObject(document)) throw failedToDeserialize(value);
        consume(INSERT, decode(document));
      } catch (error) {
        if (!decoding.ignoresErrors || !(error instanceof SqlRuntimeError)) throw error;
      }
    };
  },
  encoder({ fields, options }) {
    const encode = fieldsEncoder(fields, encodingOf(options));
    return (_kind, values) => encode(values);
  },
};
