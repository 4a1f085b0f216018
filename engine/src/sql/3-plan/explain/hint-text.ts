/** Hints of a table as plans show them: `OPTIONS options:{scan.startup.mode=latest-offset}`. */
import { javaHashCode } from "../../../base/java-hash.ts";
import type { Hints } from "../../2-analyze/rel.ts";

interface Given {
  readonly name: { readonly name: string };
  readonly args: readonly { readonly key: string | null; readonly value: string }[];
}

/** @param path what stands before the options in the syntax tree */
export function hintText(hints: Hints, path: string): string {
  return (hints as readonly unknown[]).map((hint) => (typeof hint === "string" ? hint : givenText(hint as Given, path))).join(", ");
}

function givenText({ name, args }: Given, path: string): string {
  const pairs = args.filter((arg) => arg.key !== null);
  const options =
    pairs.length === args.length
      ? `{${inMapOrder(pairs.map(({ key, value }) => [key!, value] as const))
          .map(([key, value]) => `${key}=${value}`)
          .join(", ")}}`
      : `[${args.map(({ value }) => value).join(", ")}]`;
  return `[${name.name.toUpperCase()} ${path}options:${options}]`;
}

/** The order of a Java hash map that has not grown. */
function inMapOrder<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  let slots = 16;
  while (entries.length > slots * 0.75) slots *= 2;
  const slot = (key: string): number => {
    const hash = javaHashCode(key);
    return (hash ^ (hash >>> 16)) & (slots - 1);
  };
  return [...entries].sort(([a], [b]) => slot(a) - slot(b));
}
