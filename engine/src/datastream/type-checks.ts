/**
 * What can be said about a program's types before it runs. TypeScript has checked them already where it could; Flink checks once more while
 * the job is built, wherever it knows a stream's type: given with `fromData(Types.…, …)`, `returns(…)`, `keyBy(…, Types.…)`, or seen in
 * the first value of `fromData`. Where no type is known nothing is refused, and the operators look at the values themselves.
 *
 * All numbers are one type here: a program that says `Types.INT` in one place and `Types.LONG` in another means the same values.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/fault-tolerance/serialization/types_serialization/)
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { TypeInformation, Types } from "./type-information.ts";

type Type = TypeInformation<unknown>;
/** Tags and descriptors hold types under a smaller name; in a learner's program they are `TypeInformation`s. */
type Described = { readonly typeName: string; readonly fieldTypes?: readonly Type[] | undefined };

const NUMERIC: ReadonlySet<string> = new Set(["Byte", "Short", "Integer", "Long", "Float", "Double"]);

/** The type of a value as far as it shows; undefined for plain objects, whose fields may come and go. */
export function typeOfValue(value: unknown): Type | undefined {
  switch (typeof value) {
    case "string":
      return Types.STRING;
    case "boolean":
      return Types.BOOLEAN;
    case "bigint":
      return Types.BIG_INT;
    case "number":
      return Number.isInteger(value) ? Types.INT : Types.DOUBLE;
    default:
      return undefined;
  }
}

/** The type of a tuple whose every field shows its own. */
export function tupleTypeOf(fields: readonly unknown[]): Type | undefined {
  const types = fields.map((field) => typeOfValue(field));
  if (types.some((type) => type === undefined)) return undefined;
  const known = types as Type[];
  return new TypeInformation(`Tuple${known.length}<${known.join(", ")}>`, { fieldTypes: known });
}

/** True when values of both may be in one stream. */
export function sameType(left: Described, right: Described): boolean {
  const [a, b] = [left.fieldTypes, right.fieldTypes];
  if (a !== undefined && b !== undefined) return a.length === b.length && a.every((field, index) => sameType(field, b[index]));
  if (NUMERIC.has(left.typeName) && NUMERIC.has(right.typeName)) return true;
  return left.typeName === right.typeName;
}

/** @throws Diagnostic JOB_UNION_TYPES */
export function checkUnion(left: Type | undefined, right: Type | undefined): void {
  if (left === undefined || right === undefined || sameType(left, right)) return;
  throw new Diagnostic({
    code: "JOB_UNION_TYPES",
    phase: "graph",
    message: `Cannot union streams of different types: ${left} and ${right}`,
    found: String(right),
    expected: String(left),
    hint: "map one of them to the type of the other first, or connect(…) them.",
  });
}

/** @throws Diagnostic JOB_KEY_TYPE */
export function checkKeyType(type: Type | undefined): void {
  if (type === undefined || type.isKeyType) return;
  throw new Diagnostic({
    code: "JOB_KEY_TYPE",
    phase: "graph",
    message:
      `Type ${type} cannot be used as key. Contained UNSUPPORTED key types: ${type}. ` +
      "Look at the keyBy() documentation for the conditions a type has to satisfy in order to be eligible for a key.",
    found: String(type),
    expected: "a string, a number, a tuple or a plain object",
    hint: "Two arrays with equal elements are two keys in Java. Make a string of them, or return a tuple.",
  });
}

/** @throws Diagnostic JOB_KEY_TYPES_DIFFER when the keys of two connected streams can never be equal. */
export function checkConnectedKeys(left: Type | undefined, right: Type | undefined): void {
  if (left === undefined || right === undefined || sameType(left, right)) return;
  throw new Diagnostic({
    code: "JOB_KEY_TYPES_DIFFER",
    phase: "graph",
    message: `Key types if input KeyedStreams don't match: ${left} and ${right}.`,
    found: `${left} and ${right}`,
    expected: "keys of one type",
    hint: "State is shared by equal keys of both inputs; a number never equals a text. Convert one of them in its keyBy.",
  });
}

/**
 * Checks a field that is to be aggregated.
 *
 * @throws Diagnostic AGGREGATION_NO_SUCH_FIELD, AGGREGATION_NOT_SUMMABLE
 */
export function checkAggregatedField(type: Type | undefined, field: string | number, summed: boolean): void {
  if (type === undefined) return;
  const fieldType = typeOfField(type, field);
  if (!summed || fieldType === undefined || NUMERIC.has(fieldType.typeName) || fieldType.typeName === "BigInteger") return;
  throw new Diagnostic({
    code: "AGGREGATION_NOT_SUMMABLE",
    phase: "graph",
    message: `DataStream cannot be summed because the class ${fieldType} does not support the + operator.`,
    found: `field ${field} of ${type} is a ${fieldType}`,
    expected: "a field with numbers",
    hint: "Fields are counted from 0. For counting, map each record to 1 and sum that.",
  });
}

function typeOfField(type: Type, field: string | number): Type | undefined {
  if (field === "*") return type;
  const fields = type.fieldTypes ?? (isBasic(type) ? [type] : undefined);
  if (fields === undefined) return undefined;
  const [first, ...rest] = String(field).split(".");
  const position = /^f?(\d+)$/.exec(first)?.[1];
  const found = position === undefined ? undefined : fields[Number(position)];
  if (found !== undefined) return rest.length === 0 ? found : typeOfField(found, rest.join("."));
  throw new Diagnostic({
    code: "AGGREGATION_NO_SUCH_FIELD",
    phase: "graph",
    message:
      typeof field === "number"
        ? `Tried to select ${field}. field on "${type}", which is an invalid index.`
        : `Unable to find field "${field}" in type ${type}.`,
    found: String(field),
    expected:
      type.fieldTypes === undefined ? '0 or "*": the value itself' : `0 to ${fields.length - 1}, or "f0" to "f${fields.length - 1}"`,
  });
}

function isBasic(type: Type): boolean {
  return NUMERIC.has(type.typeName) || type === Types.STRING || type === Types.BOOLEAN || type === Types.BIG_INT;
}
