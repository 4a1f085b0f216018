/**
 * Tables whose upserts are made a full changelog more than once: it is one changelog then, and columns and conditions stay above it, except conditions that all
 * of its readers have (Flink: `FlinkMarkChangelogNormalizeProgram`). It shows: a change of a column that a query does not read comes as an update all the same.
 */
import { conjuncts, type Rex, rexDigest, substituteInputs } from "../2-analyze/rex.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import { type ChangelogNormalize, physicalInputs, type PhysicalNode } from "./physical.ts";

/** By table, what all readers ask for: digests of conditions over the table's columns. */
export type SharedNormalizations = ReadonlyMap<CatalogTable, ReadonlySet<string>>;

/** @param root planned as if no table was shared. */
export function sharedNormalizations(root: PhysicalNode): SharedNormalizations {
  const readers = new Map<CatalogTable, ReadonlySet<string>[]>();
  const visit = (node: PhysicalNode, below: boolean): void => {
    if (node.kind === "ChangelogNormalize") {
      const reader = readerOf(node);
      if (reader !== null && (below || reader.narrows)) {
        const known = readers.get(reader.table) ?? [];
        readers.set(reader.table, known);
        known.push(reader.asks);
      }
    }
    for (const input of physicalInputs(node)) visit(input, node.kind === "Calc");
  };
  visit(root, false);
  const shared = [...readers].filter(([, all]) => all.length > 1);
  return new Map(shared.map(([table, all]) => [table, commonOf(all)]));
}

/** Flink takes out the common factors of all conditions, each or the other; one factor alone, of which nothing else is left, it does not take for any. */
function commonOf(readers: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const common = new Set([...readers[0]].filter((digest) => readers.every((asks) => asks.has(digest))));
  return common.size === 1 && readers.some((asks) => asks.size === 1) ? new Set() : common;
}

interface Reader {
  readonly table: CatalogTable;
  /** Some of its columns, or of its rows. */
  readonly narrows: boolean;
  readonly asks: ReadonlySet<string>;
}

function readerOf({ input, condition }: ChangelogNormalize): Reader | null {
  let source = input.kind === "Exchange" ? input.input : input;
  let fields: readonly Rex[] | null = null;
  const asked: Rex[] = condition === null ? [] : conjuncts(condition);
  if (source.kind === "Calc") {
    fields = source.projection;
    const own = source.condition === null ? [] : conjuncts(source.condition);
    asked.splice(0, asked.length, ...asked.map((part) => substituteInputs(part, fields!)), ...own);
    source = source.input;
  }
  const table = tableOf(source);
  return table === null ? null : { table, narrows: fields !== null || condition !== null, asks: new Set(asked.map(rexDigest)) };
}

/** The table whose upserts a node normalizes as they are; null = it is another node. */
export function normalizedTable(node: PhysicalNode): CatalogTable | null {
  if (node.kind !== "ChangelogNormalize" || node.condition !== null) return null;
  return tableOf(node.input.kind === "Exchange" ? node.input.input : node.input);
}

function tableOf(node: PhysicalNode): CatalogTable | null {
  if (node.kind === "MiniBatchAssigner") return tableOf(node.input);
  return node.kind === "TableSourceScan" ? node.table : null;
}

/** Splits a condition into what all readers of the table ask, and what only this one does. */
export function splitByAll(condition: Rex | null, common: ReadonlySet<string>): { readonly all: Rex[]; readonly own: Rex[] } {
  const parts = condition === null ? [] : conjuncts(condition);
  return { all: parts.filter((part) => common.has(rexDigest(part))), own: parts.filter((part) => !common.has(rexDigest(part))) };
}
