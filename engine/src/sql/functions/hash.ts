/** Digests of text (its UTF-8 bytes) and of bytes. */
import { charOf, isBinary, type LogicalType, varcharOf } from "../../types/logical-type.ts";
import { md5, sha1, sha224, sha256, sha384, sha512 } from "./digests.ts";
import { belongsTo, parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { utf8Encode } from "./utf8.ts";

type Digest = (bytes: Uint8Array) => string;

function bytesOf(type: LogicalType): (value: never) => Uint8Array {
  return isBinary(type) ? (value: Uint8Array) => value : (value: string) => utf8Encode(value);
}

function hash(name: string, digest: Digest, length: number, example: string): ScalarFunction {
  return {
    name,
    parameters: parameters("any"),
    refuse: ([type]) => (belongsTo(type, "text-or-binary") ? null : { expected: `${name}(<STRING>)` }),
    result: () => charOf(length),
    implement: ({ types }) => {
      const bytes = bytesOf(types[0]);
      return (value: never) => digest(bytes(value));
    },
    description: `The ${name} digest as hexadecimal text.`,
    examples: [{ sql: `${name}('flink')`, value: example }],
  };
}

const BY_LENGTH: ReadonlyMap<number, Digest> = new Map([
  [224, sha224],
  [256, sha256],
  [384, sha384],
  [512, sha512],
]);

export const HASH: readonly ScalarFunction[] = [
  hash("MD5", md5, 32, "68c03a76152dc53fdd2c7c7ab07f2721"),
  hash("SHA1", sha1, 40, "2723c8ab7b0bea02519794459729a1ba8e773d9f"),
  hash("SHA224", sha224, 56, "bbb4b4b612daa53e219a6159417323b3c81a7bd9bf23af58bbe97358"),
  hash("SHA256", sha256, 64, "7f025323639628aa5e5d24bd56f43317552b140c71406d0eb5a555671bd534d2"),
  hash("SHA384", sha384, 96, "b9b2dfea16d702b0d43af8d7759c32027e0a3f473bef15eee3b8f09cb63af3d89acb6cd0c351511b9ba31c384ee5b5ae"),
  hash(
    "SHA512",
    sha512,
    128,
    "b713f9300989b853a2ceb236605c33fb2d2ef13d162cb9e52e50e5a99dac75314cd2127230b9d9959fd602f02c1e10d4d77dde92ab96a3ae85822dc23d362b56",
  ),
  {
    name: "SHA2",
    parameters: parameters("text-or-binary", "integer"),
    result: () => varcharOf(128),
    implement: ({ types, args }) => {
      const bytes = bytesOf(types[0]);
      // A literal is looked at as the code is made, and said no more of.
      if (args[1]?.kind === "literal" && !BY_LENGTH.has(Number(args[1].value)))
        throw new SqlRuntimeError("SQL_HASH_LENGTH", "Unsupported algorithm.");
      return (value: never, length: number) => {
        const digest = BY_LENGTH.get(length);
        if (digest === undefined) throw new SqlRuntimeError("SQL_HASH_LENGTH", `SHA-${length} MessageDigest not available`);
        return digest(bytes(value));
      };
    },
    description: "The SHA-2 digest of 224, 256, 384 or 512 bits as hexadecimal text.",
    examples: [{ sql: "SHA2('flink', 224)", value: "bbb4b4b612daa53e219a6159417323b3c81a7bd9bf23af58bbe97358" }],
  },
];
