/** Texts and bytes in other notations: hexadecimal, base64, character sets. */
import { BYTES, isBinary, isInteger, STRING } from "../../types/logical-type.ts";
import { base64Decode, base64Encode } from "./base64.ts";
import type { Big } from "./bigint.ts";
import { type Charset, charsetOf } from "./charsets.ts";
import { hexOf } from "./digests.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

function unhex(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]*$/.test(text)) return null;
  // Flink forgets the first of an odd number of digits and leaves a zero byte for it.
  const even = text.length % 2 === 1 ? `00${text.slice(1)}` : text;
  const bytes = new Uint8Array(even.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(even.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** Looks a character set up once for as long as the name stays the same. */
function charsets(): (name: string) => Charset {
  let lastName: string | undefined;
  let last: Charset | null = null;
  return (name) => {
    if (name !== lastName) {
      last = charsetOf(name);
      lastName = name;
    }
    if (last === null) throw new SqlRuntimeError("SQL_CHARSET", `Unsupported character set '${name}'.`);
    return last;
  };
}

export const ENCODING: readonly ScalarFunction[] = [
  {
    name: "HEX",
    parameters: parameters("long-or-text"),
    result: () => STRING,
    implement: ({ types }) =>
      isInteger(types[0])
        ? (x: Big) => BigInt.asUintN(64, BigInt(x)).toString(16).toUpperCase()
        : (x: string) => hexOf(utf8Encode(x)).toUpperCase(),
    description: "A whole number, or the bytes of a text, in hexadecimal digits.",
    examples: [
      { sql: "HEX(255)", value: "FF" },
      { sql: "HEX('flink')", value: "666C696E6B" },
    ],
  },
  {
    name: "UNHEX",
    parameters: parameters("string"),
    result: () => BYTES,
    alwaysNullable: true,
    implement: () => unhex,
    description: "The bytes that hexadecimal digits stand for; NULL when they are no such digits.",
    examples: [{ sql: "UNHEX('666C')", value: { $bytes: "666c" } }],
  },
  {
    name: "BIN",
    parameters: parameters("long"),
    result: () => STRING,
    implement: () => (x: Big) => BigInt.asUintN(64, BigInt(x)).toString(2),
    description: "A whole number in binary digits.",
    examples: [{ sql: "BIN(5)", value: "101" }],
  },
  {
    name: "TO_BASE64",
    parameters: parameters("text-or-binary"),
    result: () => STRING,
    implement: ({ types }) => (isBinary(types[0]) ? (x: Uint8Array) => base64Encode(x) : (x: string) => base64Encode(utf8Encode(x))),
    description: "The bytes of a text in base64.",
    examples: [{ sql: "TO_BASE64('hello world')", value: "aGVsbG8gd29ybGQ=" }],
  },
  {
    name: "FROM_BASE64",
    parameters: parameters("string"),
    result: () => STRING,
    implement: () => (x: string) => utf8Decode(base64Decode(x)),
    description: "The text whose bytes stand there in base64; fails when it is no base64.",
    examples: [{ sql: "FROM_BASE64('aGVsbG8gd29ybGQ=')", value: "hello world" }],
  },
  {
    name: "ENCODE",
    parameters: parameters("string", "string"),
    result: () => BYTES,
    implement: () => {
      const find = charsets();
      return (text: string, charset: string) => find(charset).encode(text);
    },
    description: "The bytes of a text in a character set: UTF-8, UTF-16, UTF-16BE, UTF-16LE, US-ASCII or ISO-8859-1.",
    examples: [{ sql: "ENCODE('hi', 'UTF-8')", value: { $bytes: "6869" } }],
  },
  {
    name: "DECODE",
    parameters: parameters("binary", "string"),
    result: () => STRING,
    implement: () => {
      const find = charsets();
      return (bytes: Uint8Array, charset: string) => find(charset).decode(bytes);
    },
    description: "The text that bytes stand for in a character set.",
    examples: [{ sql: "DECODE(x'6869', 'UTF-8')", value: "hi" }],
  },
];
