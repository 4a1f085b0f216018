/** From a place in compiled code back to the learner's file: decodes the `mappings` of a version 3 source map with one source. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Per generated line, ascending by generated column: [generatedColumn, sourceLine, sourceColumn], all counted from 0. */
export type LineMappings = readonly (readonly (readonly [number, number, number])[])[];

export function decodeMappings(mappings: string): LineMappings {
  let sourceLine = 0;
  let sourceColumn = 0;
  return mappings.split(";").map((line) => {
    let generatedColumn = 0;
    const segments: [number, number, number][] = [];
    for (const segment of line.split(",")) {
      const fields = decodeVlq(segment);
      if (fields.length < 4) continue;
      generatedColumn += fields[0]!;
      sourceLine += fields[2]!;
      sourceColumn += fields[3]!;
      segments.push([generatedColumn, sourceLine, sourceColumn]);
    }
    return segments;
  });
}

/** 1-based line and column in, 1-based out; null where the compiled code stands for nothing in the file. */
export function originalPosition(mappings: LineMappings, line: number, column: number): { line: number; column: number } | null {
  const segments = mappings[line - 1];
  if (segments === undefined) return null;
  let found: readonly [number, number, number] | null = null;
  for (const segment of segments) {
    if (segment[0] > column - 1) break;
    found = segment;
  }
  return found === null ? null : { line: found[1] + 1, column: found[2] + 1 };
}

function decodeVlq(text: string): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGITS.indexOf(text[i]!);
    value |= (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    values.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return values;
}
