/** Java's `Formatter`, for as far as SQL values reach it. What Java refuses with an exception gives null here. */
import { isInteger, type LogicalType } from "../../types/logical-type.ts";
import type { Timestamp } from "../../types/timestamp.ts";
import { decimalToString, divideHalfUp, powerOfTen } from "./decimal.ts";
import { doubleToString, floatToString } from "./number-text.ts";
import { localDateTimeText } from "./temporal-text.ts";

/** An argument as Java sees it: whole numbers with their width, doubles, truth values, texts, and what only `%s` can show. */
export type PrintfArgument =
  | { readonly kind: "whole"; readonly value: bigint; readonly bits: number }
  | { readonly kind: "double"; readonly value: number; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

const BITS: Readonly<Record<string, number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  INT: 32,
  BIGINT: 64,
  DATE: 32,
  TIME: 32,
  INTERVAL_YEAR_MONTH: 32,
  INTERVAL_DAY_TIME: 64,
};

/** How values of a type become arguments. Days and times are the numbers they are kept as, which is what Flink prints. */
export function printfArgument(type: LogicalType): (value: unknown) => PrintfArgument {
  if (isInteger(type) || BITS[type.root] !== undefined) {
    const bits = BITS[type.root];
    return (value) => ({ kind: "whole", value: BigInt(Math.trunc(Number(value)) === value ? value : (value as bigint)), bits });
  }
  switch (type.root) {
    case "FLOAT":
      return (value) => ({ kind: "double", value: value as number, text: floatToString(value as number) });
    case "DOUBLE":
      return (value) => ({ kind: "double", value: value as number, text: doubleToString(value as number) });
    case "BOOLEAN":
      return (value) => ({ kind: "boolean", value: value as boolean });
    case "CHAR":
    case "VARCHAR":
      return (value) => ({ kind: "text", text: value as string });
    case "DECIMAL":
      return (value) => ({ kind: "other", text: decimalToString(value as bigint, type.scale!) });
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => ({ kind: "other", text: localDateTimeText(value as Timestamp) });
    default:
      return (value) => ({ kind: "other", text: String(value) });
  }
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly conversion: string;
}

const SPEC = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/y;

export function printf(format: string, args: readonly (PrintfArgument | null)[]): string | null {
  let text = "";
  let ordinary = 0;
  for (let i = 0; i < format.length; ) {
    if (format[i] !== "%") {
      text += format[i++];
      continue;
    }
    SPEC.lastIndex = i;
    const match = SPEC.exec(format);
    if (match === null) return null;
    i = SPEC.lastIndex;
    const spec: Spec = {
      flags: match[2],
      width: Number(match[3] ?? "0"),
      precision: match[4] === undefined ? null : Number(match[4]),
      conversion: match[5],
    };
    if (spec.conversion === "%") {
      text += padded("%", spec);
      continue;
    }
    if (spec.conversion === "n") {
      text += "\n";
      continue;
    }
    const at = match[1] === undefined ? ordinary++ : Number(match[1]) - 1;
    if (at >= args.length) return null;
    const piece = convert(args[at], spec);
    if (piece === null) return null;
    text += piece;
  }
  return text;
}

function padded(text: string, { flags, width }: Spec): string {
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

function convert(argument: PrintfArgument | null, spec: Spec): string | null {
  const upper = spec.conversion !== spec.conversion.toLowerCase();
  const piece = convertLower(argument, { ...spec, conversion: spec.conversion.toLowerCase() });
  return piece !== null && upper ? piece.toUpperCase() : piece;
}

function convertLower(argument: PrintfArgument | null, spec: Spec): string | null {
  const cut = (text: string): string => padded(spec.precision === null ? text : text.slice(0, spec.precision), spec);
  switch (spec.conversion) {
    case "s":
      return cut(textOf(argument));
    case "b":
      return cut(argument === null ? "false" : argument.kind === "boolean" ? String(argument.value) : "true");
    case "c":
      if (argument === null) return padded("null", spec);
      return argument.kind === "whole" && argument.bits <= 32 ? padded(String.fromCodePoint(Number(argument.value)), spec) : null;
    case "d":
      if (argument === null) return padded("null", spec);
      return argument.kind === "whole"
        ? signed(argument.value < 0n, (argument.value < 0n ? -argument.value : argument.value).toString(), spec)
        : null;
    case "x":
    case "o":
      if (argument === null) return padded("null", spec);
      return argument.kind === "whole" ? unsigned(argument.value, argument.bits, spec) : null;
    case "g":
      if (argument === null) return padded("null", spec);
      return argument.kind === "double" ? general(argument.value, spec) : null;
    case "f":
    case "e":
      if (argument === null) return padded("null", spec);
      return argument.kind === "double" ? real(argument.value, spec) : null;
    default:
      return null;
  }
}

function textOf(argument: PrintfArgument | null): string {
  if (argument === null) return "null";
  return "text" in argument ? argument.text : String(argument.value);
}

function signed(negative: boolean, digits: string, { flags, width }: Spec): string {
  const [whole, fraction] = digits.split(".");
  const grouped = flags.includes(",") ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const body = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  const [before, after] = negative
    ? flags.includes("(")
      ? ["(", ")"]
      : ["-", ""]
    : [flags.includes("+") ? "+" : flags.includes(" ") ? " " : "", ""];
  if (flags.includes("0")) return before + body.padStart(width - before.length - after.length, "0") + after;
  const text = before + body + after;
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

function unsigned(value: bigint, bits: number, spec: Spec): string {
  const radix = spec.conversion === "x" ? 16 : 8;
  const digits = BigInt.asUintN(bits, value).toString(radix);
  const prefix = spec.flags.includes("#") ? (radix === 16 ? "0x" : "0") : "";
  if (spec.flags.includes("0")) return prefix + digits.padStart(spec.width - prefix.length, "0");
  return padded(prefix + digits, spec);
}

/** Rounded half up on the shortest digits of the double, as Java does. */
function real(value: number, spec: Spec): string {
  if (!Number.isFinite(value)) return padded(String(value), spec);
  const negative = value < 0 || Object.is(value, -0);
  const [mantissa, exponentText] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  const precision = spec.precision ?? 6;
  // value = digits × 10^(exponent - (digits.length - 1))
  if (spec.conversion === "f") return signed(negative, fixed(BigInt(digits), digits.length - 1 - exponent, precision), spec);
  let rounded = fixed(BigInt(digits), digits.length - 1, precision);
  let power = exponent;
  if (rounded.startsWith("10")) {
    rounded = fixed(BigInt(digits), digits.length, precision);
    power++;
  }
  return signed(negative, `${rounded}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`, spec);
}

/** `%g`: significant digits, with an exponent only for what is very small or very large. */
function general(value: number, spec: Spec): string {
  const precision = spec.precision === 0 ? 1 : (spec.precision ?? 6);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 10 ** precision))
    return real(value, { ...spec, conversion: "e", precision: precision - 1 });
  const digitsBefore = magnitude === 0 ? 1 : Math.floor(Math.log10(magnitude)) + 1;
  return real(value, { ...spec, conversion: "f", precision: Math.max(0, precision - digitsBefore) });
}

function fixed(unscaled: bigint, scale: number, precision: number): string {
  const moved = precision >= scale ? unscaled * powerOfTen(precision - scale) : divideHalfUp(unscaled, powerOfTen(scale - precision));
  return decimalToString(moved, precision);
}
