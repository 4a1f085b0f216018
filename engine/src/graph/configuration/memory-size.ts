/** Sizes as they stand in Flink's configuration: `64mb`, `4 kb`, `1g`; a bare number counts bytes. (Flink: `MemorySize`) */

const UNITS: readonly (readonly [names: readonly string[], bytes: number])[] = [
  [["", "b", "bytes"], 1],
  [["k", "kb", "kibibytes"], 1024],
  [["m", "mb", "mebibytes"], 1024 ** 2],
  [["g", "gb", "gibibytes"], 1024 ** 3],
  [["t", "tb", "tebibytes"], 1024 ** 4],
];

/** Bytes; undefined when the text is no size. */
export function parseMemorySize(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = match[2].toLowerCase();
  const bytes = UNITS.find(([names]) => names.includes(unit))?.[1];
  return bytes === undefined ? undefined : Number(match[1]) * bytes;
}
