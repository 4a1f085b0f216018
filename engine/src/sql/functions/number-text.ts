/** DOUBLE and FLOAT as Java prints them: `1.0`, `1.0E7`, `1.5E-5`, `NaN`, `Infinity`. */

export function doubleToString(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  return javaNotation(String(value), Math.abs(value));
}

export function floatToString(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return javaNotation(String(Number(text)), Math.abs(value));
  }
  return javaNotation(String(value), Math.abs(value));
}

function javaNotation(shortest: string, magnitude: number): string {
  const [mantissa, exponentText] = shortest.replace("-", "").split("e");
  const sign = shortest.startsWith("-") ? "-" : "";
  const [whole, rest = ""] = mantissa.split(".");
  const digits = `${whole}${rest}`.replace(/^0+/, "");
  const leadingZeros = `${whole}${rest}`.length - digits.length;
  const exponent = Number(exponentText ?? "0") + whole.length - 1 - leadingZeros;
  const trimmed = digits.replace(/0+$/, "");
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${trimmed}`;
    const integer = trimmed.slice(0, exponent + 1).padEnd(exponent + 1, "0");
    return `${sign}${integer}.${trimmed.slice(exponent + 1) || "0"}`;
  }
  return `${sign}${trimmed[0]}.${trimmed.slice(1) || "0"}E${exponent}`;
}
