/** Calls of functions that the session knows get their implementation before the query is bound. */
import type { CallExpr } from "../1-parse/ast.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";
import { unknownClass } from "./catalog-statements.ts";

/** The same tree where nothing is to be resolved. Throws SqlError for a function whose class nobody knows. */
export function withUserFunctions<T>(tree: T, catalog: Catalog, classes: ReadonlyMap<string, ScalarFunction>): T {
  if (catalog.functions.names().length === 0) return tree;
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve);
    if (typeof node !== "object" || node === null || node instanceof Map || node instanceof Uint8Array) return node;
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) copy[key] = key === "userFunction" ? value : resolve(value);
    if (copy.kind !== "call") return copy;
    const call = copy as unknown as CallExpr;
    const fn = catalog.functions.find(
      call.path.map(({ name }) => name),
      catalog,
    );
    if (fn === undefined) return copy;
    const implementation = classes.get(fn.className);
    if (implementation === undefined) throw unknownClass(fn.className, call.nameSpan, new Set(classes.keys()));
    return { ...copy, userFunction: implementation };
  };
  return resolve(tree) as T;
}
