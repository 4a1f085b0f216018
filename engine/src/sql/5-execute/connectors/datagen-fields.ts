/** Values of `datagen` columns: a pure function of the row's number and the column's seed. Ranges and lengths default as in Flink. */
import { EventRandom } from "../../../connectors/nexmark/event-random.ts";
import { isCharacter, type LogicalType } from "../../../types/logical-type.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { numberToDecimal, parseDecimal } from "../../functions/decimal.ts";
import type { TableOptions } from "./table-options.ts";

export type FieldGenerator = (index: number) => unknown;

const DEFAULT_LENGTH = 100;
const DEFAULT_COLLECTION_LENGTH = 3;
const HEX = "0123456789abcdef";
const DAY_MS = 86_400_000;

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  TINYINT: [-0x80, 0x7f],
  SMALLINT: [-0x8000, 0x7fff],
  INT: [-0x8000_0000, 0x7fff_ffff],
  BIGINT: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  FLOAT: [1.4e-45, 3.4028235e38],
  DOUBLE: [5e-324, Number.MAX_VALUE],
};

export function generatorOf({ name, type }: TableColumn, options: TableOptions, seed: number): FieldGenerator {
  const prefix = `fields.${name}.`;
  if (options.text(`${prefix}kind`) === "sequence") {
    const start = options.number(`${prefix}start`, 0);
    return (index) => sequenceValue(type, start + index);
  }
  const random = new EventRandom(seed);
  const draw = valueDrawer(type, options, prefix);
  const nullRate = options.number(`${prefix}null-rate`, 0);
  return (index) => {
    random.startAt(index);
    if (nullRate > 0 && random.next() < nullRate) return null;
    return draw(random, index);
  };
}

function sequenceValue(type: LogicalType, value: number): unknown {
  if (isCharacter(type)) return String(value);
  if (type.root === "DECIMAL") return numberToDecimal(value, type.scale!);
  return value;
}

type Drawer = (random: EventRandom, index: number) => unknown;

function valueDrawer(type: LogicalType, options: TableOptions, prefix: string): Drawer {
  switch (type.root) {
    case "BOOLEAN":
      return (random) => random.nextInt(2) === 1;
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "BIGINT": {
      const [min, max] = bounds(type, options, prefix);
      return (random) => min + Math.floor(unit(random) * (max - min + 1));
    }
    case "FLOAT":
    case "DOUBLE": {
      const [min, max] = bounds(type, options, prefix);
      const round = type.root === "FLOAT" ? Math.fround : (value: number) => value;
      return (random) => round(min + unit(random) * (max - min));
    }
    case "DECIMAL":
      return decimalDrawer(type, options, prefix);
    case "CHAR":
    case "VARCHAR": {
      const length = lengthOf(type, options, prefix);
      return (random) => text(random, length(random));
    }
    case "BINARY":
    case "VARBINARY": {
      const length = lengthOf(type, options, prefix);
      return (random) => Uint8Array.from({ length: length(random) }, () => random.nextInt(256));
    }
    case "DATE":
      return (random, index) => Math.floor(now(index) / DAY_MS) - random.nextInt(1);
    case "TIME":
      return (random) => random.nextInt(DAY_MS);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ": {
      const pastMs = options.durationMs(`${prefix}max-past`) ?? 0;
      return (random, index) => now(index) - (pastMs === 0 ? 0 : Math.floor(unit(random) * pastMs));
    }
    case "ARRAY": {
      const length = options.number(`${prefix}length`, DEFAULT_COLLECTION_LENGTH);
      const element = valueDrawer(type.element!, options, `${prefix}element.`);
      return (random, index) => Array.from({ length }, () => element(random, index));
    }
    case "MULTISET":
    case "MAP": {
      const length = options.number(`${prefix}length`, DEFAULT_COLLECTION_LENGTH);
      const key = valueDrawer(type.key ?? type.element!, options, `${prefix}${type.root === "MAP" ? "key" : "element"}.`);
      const value = type.root === "MAP" ? valueDrawer(type.value!, options, `${prefix}value.`) : () => 1;
      return (random, index) => [...new Map(Array.from({ length }, () => [key(random, index), value(random, index)]))];
    }
    case "ROW": {
      const fields = type.fields!.map((field) => valueDrawer(field.type, options, `${prefix}${field.name}.`));
      return (random, index) => fields.map((field) => field(random, index));
    }
    default:
      return () => null;
  }
}

/** 53 random bits in [0, 1). */
function unit(random: EventRandom): number {
  return ((random.nextUint32() >>> 5) * 0x400_0000 + (random.nextUint32() >>> 6)) / 0x20_0000_0000_0000;
}

function bounds(type: LogicalType, options: TableOptions, prefix: string): readonly [number, number] {
  const [min, max] = RANGES[type.root];
  return [options.number(`${prefix}min`, min), options.number(`${prefix}max`, max)];
}

function decimalDrawer(type: LogicalType, options: TableOptions, prefix: string): Drawer {
  const scale = type.scale!;
  const largest = 10n ** BigInt(type.precision!) - 1n;
  const bound = (key: string, otherwise: bigint): bigint => {
    const given = options.text(`${prefix}${key}`);
    return given === undefined ? otherwise : (parseDecimal(given, scale) ?? otherwise);
  };
  const min = bound("min", -largest);
  const max = bound("max", largest);
  const steps = 1_000_000_000n;
  return (random) => min + ((max - min) * BigInt(Math.floor(unit(random) * Number(steps)))) / steps;
}

function lengthOf(type: LogicalType, options: TableOptions, prefix: string): (random: EventRandom) => number {
  const declared = type.root === "CHAR" || type.root === "BINARY" ? type.length! : Math.min(type.length ?? DEFAULT_LENGTH, DEFAULT_LENGTH);
  const length = options.number(`${prefix}length`, declared);
  return options.boolean(`${prefix}var-len`, false) ? (random) => 1 + random.nextInt(Math.max(length, 1)) : () => length;
}

function text(random: EventRandom, length: number): string {
  let result = "";
  for (let i = 0; i < length; i++) result += HEX[random.nextInt(HEX.length)];
  return result;
}

/** Time goes on by a second a row, from the epoch on: rows of a run are those of every run. */
function now(index: number): number {
  return index * 1000;
}
