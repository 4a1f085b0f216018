/** Structured objects: OBJECT_OF makes one, OBJECT_UPDATE changes attributes of a copy. Values are arrays, as of rows. */
import { isCharacter, type LogicalType, structuredOf, typeSummary } from "../../types/logical-type.ts";
import type { Rex } from "../2-analyze/rex.ts";
import { parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";

function literalText(arg: Rex): string | null {
  return arg.kind === "literal" && isCharacter(arg.type) && arg.value !== null ? (arg.value as string) : null;
}

/** Keys stand at every second position behind the first argument and are literals. */
function refuseKeys(args: readonly Rex[]): Refusal | null {
  for (let i = 1; i < args.length; i += 2) {
    if (literalText(args[i]) === null)
      return { message: `The field key at position ${i + 1} must be a non-nullable character string literal.` };
  }
  const value = args.find((arg, i) => i > 0 && i % 2 === 0 && arg.type.root === "NULL");
  return value === undefined ? null : { phase: "plan", message: "Unsupported type 'NULL' to get internal serializer" };
}

/** One argument, and keys with their values in pairs. */
const inPairs = (count: number): boolean => count % 2 === 1;

const keyAt = (args: readonly Rex[], index: number): string => literalText(args[index])!;

export const STRUCTURED_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: "OBJECT_OF",
    parameters: parameters("any", "any*"),
    nullAware: true,
    nullArguments: true,
    takesCount: inPairs,
    refuse: (_types, args) => {
      if (literalText(args[0]) === null)
        return { message: "The first argument must be a non-nullable character string literal representing the class name." };
      const bad = refuseKeys(args);
      if (bad !== null) return bad;
      const keys = args.filter((_, i) => i % 2 === 1).map((_, i) => keyAt(args, i * 2 + 1));
      const twice = keys.find((key, i) => keys.indexOf(key) !== i);
      return twice === undefined
        ? null
        : { message: `The field name '${twice}' at position ${keys.lastIndexOf(twice) * 2 + 2} is repeated.` };
    },
    result: (types, args) => {
      const fields: { name: string; type: LogicalType }[] = [];
      for (let i = 1; i + 1 < args.length; i += 2) fields.push({ name: keyAt(args, i), type: types[i + 1] });
      return structuredOf(literalText(args[0])!, fields);
    },
    implement:
      () =>
      (...values: unknown[]) =>
        values.filter((_, i) => i > 0 && i % 2 === 0),
    description: "An object of a class with the given attributes: OBJECT_OF('class', 'key', value, …).",
    examples: [{ sql: "OBJECT_OF('shop.Order', 'id', 1, 'item', 'x')", value: [1, "x"] }],
  },
  {
    name: "OBJECT_UPDATE",
    parameters: parameters("any", "any*"),
    nullAware: true,
    nullArguments: true,
    takesCount: inPairs,
    refuse: ([type], args) => {
      if (type.root !== "STRUCTURED") return { message: `The first argument must be a structured type, but was ${typeSummary(type)}.` };
      const bad = refuseKeys(args);
      if (bad !== null) return bad;
      const names = type.fields!.map((field) => field.name);
      for (let i = 1; i < args.length; i += 2) {
        const key = keyAt(args, i);
        if (!names.includes(key))
          return {
            message: `The field name '${key}' at position ${i + 1} is not part of the structured type attributes. Available attributes: [${names.join(", ")}].`,
          };
      }
      return null;
    },
    result: (types, args) => {
      const fields = types[0].fields!.map((field) => {
        const at = args.findIndex((_, i) => i % 2 === 1 && keyAt(args, i) === field.name);
        return at < 0 ? field : { name: field.name, type: types[at + 1] };
      });
      return { ...types[0], fields };
    },
    implement: ({ types, args }) => {
      const targets = args.flatMap((_, i) => (i % 2 === 1 ? [types[0].fields!.findIndex((field) => field.name === keyAt(args, i))] : []));
      return (...values: unknown[]) => {
        if (values[0] === null) return null;
        const copy = [...(values[0] as unknown[])];
        targets.forEach((target, i) => {
          copy[target] = values[i * 2 + 2];
        });
        return copy;
      };
    },
    description: "A copy of an object with some attributes changed: OBJECT_UPDATE(object, 'key', value, …).",
    examples: [{ sql: "OBJECT_UPDATE(OBJECT_OF('shop.Order', 'id', 1), 'id', 2)", value: [2] }],
  },
];
