/**
 * A number of 32 bits for the fields of a row, equal for rows that `sameFields` holds equal, whatever their kinds. Rows that differ may share it.
 *
 * It stands in for `rowDigest` where many rows are kept: no text is built and held for each. Who uses it must compare the rows, too.
 */
import { FIELD_OFFSET, type Row, valueDigest } from "./row.ts";

const FACTOR = 0x9e3779b1;
const TWO_POW_32 = 2 ** 32;

export function rowHash(row: Row): number {
  let hash = 0;
  for (let i = FIELD_OFFSET; i < row.length; i++) {
    hash = Math.imul(hash ^ valueHash(row[i]), FACTOR);
    hash ^= hash >>> 15;
  }
  return hash;
}

function valueHash(value: unknown): number {
  switch (typeof value) {
    case "number":
      return numberHash(value);
    case "string":
      return textHash(value);
    case "boolean":
      return value ? 1 : 2;
    default:
      return value === null || value === undefined ? 3 : textHash(valueDigest(value));
  }
}

/** Parts of a fraction are told apart to the 2^-20th. */
function numberHash(value: number): number {
  if ((value | 0) === value) return value;
  const whole = Math.floor(value);
  return whole ^ Math.imul(whole / TWO_POW_32, FACTOR) ^ ((value - whole) * 0x100000);
}

function textHash(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
