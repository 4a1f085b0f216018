/** The `datagen` connector: rows made from a running number, the same in every run. */
import { NumberRangeSource, RateLimiterStrategy } from "../../connectors/generator-source.ts";
import { isCharacter, isTimestamp, type LogicalType } from "../../types/logical-type.ts";
import { INSERT } from "../../types/row-kind.ts";
import type { Row } from "../../types/row.ts";
import type { CatalogTable } from "../catalog/catalog.ts";

const DEFAULT_ROWS = 1000;

export class GeneratorSource extends NumberRangeSource<Row> {
  /** Options: rows-per-second (default 10000), number-of-rows (default 1000), fields.x.kind = sequence | random, .start, .end, .min, .max, .length. */
  constructor(table: CatalogTable) {
    const option = (key: string): string | undefined => table.options.get(key)?.value;
    const fields = table.columns.map((column) => {
      if (column.kind !== "physical") return () => null;
      const own = (name: string): string | undefined => option(`fields.${column.name}.${name}`);
      return generatorOf(column.type, own);
    });
    const rows = Number(option("number-of-rows") ?? DEFAULT_ROWS);
    const rate = RateLimiterStrategy.perSecond(Number(option("rows-per-second") ?? 10_000));
    super({ from: 0, to: rows - 1 }, (index) => [INSERT, ...fields.map((field) => field(index))], rate);
  }
}

/** Spreads a running number over 32 bits. */
function mix(index: number, salt: number): number {
  let h = Math.imul(index + salt, 0x9e3779b1);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return (h >>> 0) / 2 ** 32;
}

function generatorOf(type: LogicalType, own: (name: string) => string | undefined): (index: number) => unknown {
  if (own("kind") === "sequence") {
    const start = Number(own("start") ?? 0);
    return (index) => (isCharacter(type) ? String(start + index) : start + index);
  }
  const min = Number(own("min") ?? 0);
  const max = Number(own("max") ?? 100);
  const length = Number(own("length") ?? 10);
  const salt = min + max + length;
  if (isCharacter(type)) {
    return (index) => Array.from({ length }, (_, i) => Math.floor(mix(index, salt + i) * 16).toString(16)).join("");
  }
  if (isTimestamp(type)) return (index) => index * 1000;
  if (type.root === "BOOLEAN") return (index) => mix(index, salt) < 0.5;
  if (type.root === "DOUBLE" || type.root === "FLOAT") return (index) => min + mix(index, salt) * (max - min);
  if (type.root === "DECIMAL") return (index) => BigInt(Math.floor(min + mix(index, salt) * (max - min))) * 10n ** BigInt(type.scale ?? 0);
  return (index) => Math.floor(min + mix(index, salt) * (max - min + 1));
}
