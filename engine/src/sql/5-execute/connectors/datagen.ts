/** `'connector' = 'datagen'`: rows made of a running number and the seed, the same in every run. (Flink: docs/connectors/table/datagen) */
import { NumberRangeSource, RateLimiterStrategy } from "../../../connectors/generator-source.ts";
import type { Boundedness, Source } from "../../../flow/connector.ts";
import { isCharacter, isNumeric, typeName } from "../../../types/logical-type.ts";
import { INSERT } from "../../../types/row-kind.ts";
import type { Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { generatorOf } from "./datagen-fields.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { type OptionDeclaration, optional, type TableOptions } from "./table-options.ts";

const ROWS_PER_SECOND = 10_000;
/** A stream without end, as far as anybody can wait. */
const ENDLESS = Number.MAX_SAFE_INTEGER;
const SEQUENCE_ROOTS: readonly string[] = ["CHAR", "VARCHAR", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL"];

/** Options that a column of this type takes. */
function optionsFor({ name, type }: Pick<TableColumn, "name" | "type">, kind: string): OptionDeclaration[] {
  const own = (key: string, optionType: OptionDeclaration["type"] = "text"): OptionDeclaration =>
    optional(`fields.${name}.${key}`, optionType);
  if (kind === "sequence" && type.root === "BOOLEAN") return [own("kind")];
  if (kind === "sequence") return [own("kind"), own("start"), own("end")];
  const common = [own("kind"), own("null-rate", "number")];
  if (type.root === "ROW")
    return [...common, ...type.fields!.flatMap((field) => optionsFor({ name: `${name}.${field.name}`, type: field.type }, "random"))];
  if (type.root === "TIMESTAMP" || type.root === "TIMESTAMP_LTZ") return [...common, own("max-past", "duration")];
  if (isNumeric(type)) {
    const bound = type.root === "DECIMAL" || type.root === "FLOAT" || type.root === "DOUBLE" ? "number" : "integer";
    return [...common, own("min", bound), own("max", bound)];
  }
  if (isCharacter(type) || type.root === "BINARY" || type.root === "VARBINARY")
    return [...common, own("length", "integer"), own("var-len", "boolean")];
  if (type.root === "ARRAY" || type.root === "MULTISET")
    return [
      ...common,
      own("length", "integer"),
      own("element.min"),
      own("element.max"),
      own("element.length", "integer"),
      own("element.null-rate", "number"),
    ];
  if (type.root === "MAP") {
    const inner = ["key", "value"].flatMap((part) => ["min", "max", "length", "null-rate"].map((key) => own(`${part}.${key}`)));
    return [...common, own("length", "integer"), ...inner];
  }
  return common;
}

const VARIABLE_LENGTH: readonly string[] = ["VARCHAR", "VARBINARY"];

/** The option is known for every type, so that it can be refused in words of its own. */
function varLengthOf({ name, type }: TableColumn, options: TableOptions): OptionDeclaration[] {
  const key = `fields.${name}.var-len`;
  if (!options.has(key) || VARIABLE_LENGTH.includes(type.root)) return [];
  throw new SqlError(
    "validate",
    "SQL_DATAGEN",
    `Only supports specifying 'fields.#.var-len' option for variable-length types (VARCHAR/STRING/VARBINARY/BYTES). The type of field '${name}' is not within this range.`,
    options.keySpan(key),
  );
}

function physical({ table }: ConnectorContext): readonly TableColumn[] {
  return table.columns.filter((column) => column.kind === "physical");
}

function checkField(column: TableColumn, options: TableOptions): void {
  const { name, type } = column;
  const kind = options.text(`fields.${name}.kind`, "random");
  const span = options.valueSpan(`fields.${name}.kind`);
  if (kind !== "random" && kind !== "sequence")
    throw new SqlError("validate", "SQL_DATAGEN", `Unsupported generator kind: ${kind}`, span, {
      found: kind,
      expected: "random or sequence",
    });
  if (kind === "sequence") {
    for (const bound of ["start", "end"]) {
      if (options.has(`fields.${name}.${bound}`)) continue;
      throw new SqlError(
        "validate",
        "SQL_DATAGEN",
        `Could not find required property 'fields.${name}.${bound}' for sequence generator.`,
        span,
      );
    }
    if (!SEQUENCE_ROOTS.includes(type.root)) throw new SqlError("validate", "SQL_DATAGEN", `Unsupported type: ${typeName(type)}`, span);
  }
  if (type.root === "VARIANT")
    throw new SqlError("validate", "SQL_DATAGEN", `Unsupported type: ${typeName(type)}`, options.span("connector"));
  const length = options.number(`fields.${name}.length`);
  if (length !== undefined && type.length !== undefined && length > type.length) {
    const family =
      type.root === "CHAR" || type.root === "BINARY"
        ? "fixed-length type (CHAR/BINARY)"
        : "variable-length type (VARCHAR/STRING/VARBINARY/BYTES)";
    throw new SqlError(
      "validate",
      "SQL_DATAGEN",
      `Custom length '${length}' for ${family} field '${name}' should be shorter than '${type.length}' defined in the schema.`,
      options.valueSpan(`fields.${name}.length`),
    );
  }
  const [min, max] = [options.number(`fields.${name}.min`), options.number(`fields.${name}.max`)];
  if (min !== undefined && max !== undefined && min > max) {
    throw new SqlError(
      "validate",
      "SQL_DATAGEN",
      `lower bound (${min}) must be strictly less than upper bound (${max})`,
      options.valueSpan(`fields.${name}.min`),
    );
  }
}

export const DATAGEN: Connector = {
  identifier: "datagen",
  options: [
    optional("rows-per-second", "integer"),
    optional("number-of-rows", "integer"),
    optional("scan.parallelism", "integer"),
    optional("seed", "integer"),
  ],
  optionsOfTable: (context) =>
    physical(context).flatMap((column) => [
      ...varLengthOf(column, context.options),
      ...optionsFor(column, context.options.text(`fields.${column.name}.kind`, "random")),
    ]),
  refusesWatermarkOptions: true,
  sourceMode: () => "insert",
  validate(context) {
    for (const column of physical(context)) checkField(column, context.options);
  },
  isEndless: (context) => rowsOf(context) === ENDLESS,
  source: (context) => ({ source: datagenSource(context) }),
};

/** The shortest sequence ends the table. */
function rowsOf({ table, options }: ConnectorContext): number {
  const sequences = table.columns
    .filter(({ name }) => options.text(`fields.${name}.kind`) === "sequence")
    .map(({ name }) => options.number(`fields.${name}.end`, 0) - options.number(`fields.${name}.start`, 0) + 1);
  return Math.max(0, Math.min(options.number("number-of-rows", ENDLESS), ...sequences));
}

class EndlessRows extends NumberRangeSource<Row> {
  override getBoundedness(): Boundedness {
    return "CONTINUOUS_UNBOUNDED";
  }
}

function datagenSource(context: ConnectorContext): Source<Row> {
  const { table, options } = context;
  const seed = options.number("seed", 1);
  const fields = table.columns.map((column, i) => (column.kind === "physical" ? generatorOf(column, options, seed + i) : () => null));
  const rows = rowsOf(context);
  const rate = RateLimiterStrategy.perSecond(options.number("rows-per-second", ROWS_PER_SECOND));
  const generate = (index: number): Row => {
    const row: Row = new Array(fields.length + 1);
    row[0] = INSERT;
    for (let i = 0; i < fields.length; i++) row[i + 1] = fields[i](index);
    return row;
  };
  const kind = rows === ENDLESS ? EndlessRows : NumberRangeSource<Row>;
  return new kind({ from: 0, to: rows - 1 }, generate, rate) as unknown as Source<Row>;
}
