/** A measured figure with its unit, as long as it has to be: 1.2 MB, 840 ms, 12.5 s, 1.31×. */
export function figureText(value: number, unit: string): string {
  if (unit === "B") return bytesText(value);
  if (unit === "ms") return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit === "" ? rounded : `${rounded}${unit}`;
}

function bytesText(value: number): string {
  if (value < 10_000) return `${Math.round(value)} B`;
  return value < 10_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}
