/**
 * Random numbers and identifiers. Without a seed they come from the operator's seeded source; with one, RAND and RAND_INTEGER repeat
 * `java.util.Random`, so that they give what Flink gives.
 */
import { DOUBLE, INT, type LogicalType, STRING, withNullable } from "../../types/logical-type.ts";
import { JavaRandom } from "./java-random.ts";
import { unsupportedCall } from "./generated-code.ts";
import { type EvalContext, parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

function hexDigits(context: EvalContext, count: number): string {
  let digits = "";
  for (let i = 0; i < count; i++) digits += Math.floor(context.random() * 16).toString(16);
  return digits;
}

/** Version and variant bits in their places: `xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx`. */
function uuid(context: EvalContext): string {
  const digits = hexDigits(context, 32);
  const variant = "89ab"[Math.floor(context.random() * 4)];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** The validator takes any number, the code generator those that fit an INT. */
function refuseSeed(name: string, types: readonly LogicalType[]): Refusal | null {
  return types.every(({ root }) => root === "INT" || root === "SMALLINT" || root === "TINYINT") ? null : unsupportedCall(name, types);
}

function bounded(bound: number): void {
  if (bound <= 0) throw new SqlRuntimeError("SQL_RANDOM_BOUND", "bound must be positive");
}

export const RANDOM: readonly ScalarFunction[] = [
  {
    name: "RAND",
    parameters: parameters("numeric?"),
    refuse: (types) => refuseSeed("RAND", types),
    result: () => DOUBLE,
    dynamic: true,
    implement: ({ context, args }) => {
      if (args.length === 0) return () => context.random();
      let random: JavaRandom | null = null;
      return (seed: number) => {
        random ??= new JavaRandom(BigInt(seed));
        return random.nextDouble();
      };
    },
    description: "A random number from 0 up to, but not including, 1; with a seed always the same sequence.",
    examples: [],
  },
  {
    name: "RAND_INTEGER",
    parameters: parameters("numeric", "numeric?"),
    refuse: (types) => refuseSeed("RAND_INTEGER", types),
    result: () => INT,
    dynamic: true,
    implement: ({ context, args }) => {
      if (args.length < 2) {
        return (bound: number) => {
          bounded(bound);
          return Math.floor(context.random() * bound);
        };
      }
      let random: JavaRandom | null = null;
      return (seed: number, bound: number) => {
        bounded(bound);
        random ??= new JavaRandom(BigInt(seed));
        return random.nextInt(bound);
      };
    },
    description: "A random whole number from 0 up to, but not including, the bound: RAND_INTEGER([seed,] bound).",
    examples: [],
  },
  {
    name: "UUID",
    parameters: [],
    result: () => withNullable(STRING, false),
    dynamic: true,
    implement:
      ({ context }) =>
      () =>
        uuid(context),
    description: "A random identifier (UUID of version 4).",
    examples: [],
  },
];
