/** BITMAP: sets of 32-bit integers, kept as ascending arrays of unsigned numbers. */
import { arrayOf, BIGINT, BITMAP, BYTES, INT, STRING } from "../../types/logical-type.ts";
import { type Bitmap, decodeRoaring, encodeRoaring } from "./roaring.ts";
import { type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

export function bitmapOf(items: readonly (number | null)[]): Bitmap {
  const members = new Set<number>();
  for (const item of items) if (item !== null) members.add(item >>> 0);
  return [...members].sort((a, b) => a - b);
}

export function bitmapText(bitmap: Bitmap): string {
  return `{${bitmap.join(",")}}`;
}

export function bitmapFromBytes(bytes: Uint8Array): Bitmap {
  const read = decodeRoaring(bytes);
  if (!("kind" in read)) return read;
  const reason =
    read.kind === "cut"
      ? "BufferUnderflowException, they end too early"
      : `InvalidRoaringFormat: I failed to find one of the right cookies. ${read.cookie}`;
  throw new SqlRuntimeError("SQL_BITMAP", `The bytes are no bitmap in the portable format of org.roaringbitmap: ${reason}`);
}

/** Members that are in one or both: `keep` says by where a member is found. */
export function combine(a: Bitmap, b: Bitmap, keep: (inA: boolean, inB: boolean) => boolean): Bitmap {
  const members: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const next = j >= b.length || (i < a.length && a[i] < b[j]) ? a[i] : b[j];
    const inA = a[i] === next;
    const inB = b[j] === next;
    if (keep(inA, inB)) members.push(next);
    if (inA) i++;
    if (inB) j++;
  }
  return members;
}

export const AND = (inA: boolean, inB: boolean): boolean => inA && inB;
export const OR = (): boolean => true;
export const XOR = (inA: boolean, inB: boolean): boolean => inA !== inB;
const AND_NOT = (inA: boolean, inB: boolean): boolean => inA && !inB;

function binary(name: string, keep: (inA: boolean, inB: boolean) => boolean, description: string, result: string): ScalarFunction {
  return {
    name,
    parameters: parameters("bitmap", "bitmap"),
    result: () => BITMAP,
    implement: () => (a: Bitmap, b: Bitmap) => combine(a, b, keep),
    description,
    examples: [{ sql: `${name}(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3]))`, value: result }],
  };
}

function unary(
  name: string,
  result: ScalarFunction["result"],
  apply: Implementation,
  description: string,
  example: { sql: string; value: unknown },
): ScalarFunction {
  return { name, parameters: parameters("bitmap"), result, implement: () => apply, description, examples: [example] };
}

export const BITMAP_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: "BITMAP_BUILD",
    parameters: parameters("array"),
    result: () => BITMAP,
    nullArguments: true,
    coerce: { types: ([type]) => (type.root === "NULL" || ["TINYINT", "SMALLINT", "INT"].includes(type.element!.root) ? [type] : null) },
    implement: () => (items: readonly (number | null)[]) => bitmapOf(items),
    description: "The bitmap of an array of integers; negative ones count as unsigned, NULLs are left out.",
    examples: [{ sql: "BITMAP_BUILD(ARRAY[3, 1, 3])", value: "{1,3}" }],
  },
  {
    name: "BITMAP_FROM_BYTES",
    parameters: parameters("binary"),
    result: () => BITMAP,
    nullArguments: true,
    implement: () => bitmapFromBytes,
    description: "The bitmap in bytes of the portable Roaring format.",
    examples: [{ sql: "BITMAP_FROM_BYTES(x'3a300000010000000000020010000000010002000300')", value: "{1,2,3}" }],
  },
  unary("BITMAP_TO_BYTES", () => BYTES, encodeRoaring, "The bitmap in the portable Roaring format.", {
    sql: "BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1, 2, 3]))",
    value: { $bytes: "3a300000010000000000020010000000010002000300" },
  }),
  unary(
    "BITMAP_TO_ARRAY",
    () => arrayOf(INT),
    (bitmap: Bitmap) => bitmap.map((member) => member | 0),
    "The members, ascending as unsigned numbers.",
    {
      sql: "BITMAP_TO_ARRAY(BITMAP_BUILD(ARRAY[3, 1]))",
      value: [1, 3],
    },
  ),
  unary("BITMAP_TO_STRING", () => STRING, bitmapText, "The members as text.", {
    sql: "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[3, 1]))",
    value: "{1,3}",
  }),
  unary(
    "BITMAP_CARDINALITY",
    () => BIGINT,
    (bitmap: Bitmap) => bitmap.length,
    "How many members.",
    {
      sql: "BITMAP_CARDINALITY(BITMAP_BUILD(ARRAY[3, 1]))",
      value: 2,
    },
  ),
  binary("BITMAP_AND", AND, "What is in both.", "{2}"),
  binary("BITMAP_OR", OR, "What is in one of the two.", "{1,2,3}"),
  binary("BITMAP_XOR", XOR, "What is in exactly one of the two.", "{1,3}"),
  binary("BITMAP_ANDNOT", AND_NOT, "What is in the first but not in the second.", "{1}"),
];
