/** Literals: numbers, strings in all their spellings, truth values, dates and times. */
import type { Expr, LiteralExpr } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseInterval } from "./interval.ts";
import type { Span } from "./span.ts";
import type { Token } from "./token.ts";

export function literal(type: LiteralExpr["type"], text: string, span: Span): LiteralExpr {
  return { kind: "literal", type, text, span: { start: span.start, end: span.end } };
}

/** True for a token that begins a string literal of any spelling. */
export function isStringToken({ kind }: Token): boolean {
  return kind === "string" || kind === "bytes" || kind === "prefixedString" || kind === "unicodeString" || kind === "escapedString";
}

/** One literal, perhaps continued by further strings: `'a' 'b'`, `U&'d!0061' UESCAPE '!'`, `X'01' '02'`. */
export function parseStringLiteral(cursor: Cursor, what = "a string in quotes"): LiteralExpr {
  const { token } = cursor;
  switch (token.kind) {
    case "escapedString":
      cursor.next();
      return literal("string", undoEscapes(cursor, token), token);
    case "bytes": {
      cursor.next();
      let digits = checkedHex(cursor, token);
      for (let more = cursor.acceptKind("string"); more !== null; more = cursor.acceptKind("string")) digits += checkedHex(cursor, more);
      return literal("bytes", digits, cursor.spanFrom(token));
    }
    case "string":
    case "prefixedString":
    case "unicodeString": {
      checkCharacterSet(cursor, token);
      cursor.next();
      let { text } = token;
      for (let more = cursor.acceptKind("string"); more !== null; more = cursor.acceptKind("string")) text += more.text;
      let escapeChar = token.kind === "unicodeString" ? "\\" : null;
      if (cursor.is("UESCAPE") && cursor.peek().kind === "string") {
        const word = cursor.next();
        const given = cursor.next();
        if (escapeChar === null) throw cursor.refusal("UESCAPE goes with U&'…' only.", cursor.spanFrom(word));
        if (given.text.length !== 1 || /[0-9a-fA-F+'"\s]/.test(given.text)) {
          throw cursor.refusal("UESCAPE takes one character that is no hexadecimal digit.", given, { found: given.text });
        }
        escapeChar = given.text;
      }
      return literal("string", escapeChar === null ? text : undoUnicode(cursor, token, text, escapeChar), cursor.spanFrom(token));
    }
    default:
      throw cursor.unexpected(what, undefined, "Strings stand in single quotes.");
  }
}

/** Names that Java knows character sets under, as far as anybody writes them. */
const CHARACTER_SETS =
  /^(utf-?(8|16|32)|utf-?(16|32)(be|le)|latin1|iso-?8859-\d+|us-ascii|ascii|windows-125\d|cp125\d|gbk|gb2312|gb18030|big5|euc-(jp|kr)|shift_jis)$/i;
const REFUSED_BY_CALCITE = /^(ascii|windows-125\d|cp125\d)$/i;

function checkCharacterSet(cursor: Cursor, token: Token): void {
  const written = cursor.text.slice(token.start, cursor.text.indexOf("'", token.start));
  if (token.kind !== "prefixedString" || !written.startsWith("_")) return;
  const name = written.slice(1);
  if (CHARACTER_SETS.test(name) && !REFUSED_BY_CALCITE.test(name)) return;
  throw cursor.refusal(`There is no character set '${name}'.`, token, { found: name });
}

function checkedHex(cursor: Cursor, token: Token): string {
  if (/^[0-9a-fA-F]*$/.test(token.text)) return token.text;
  throw cursor.refusal("A binary literal holds hexadecimal digits only.", token, { found: token.text, expected: "0-9, A-F" });
}

function undoUnicode(cursor: Cursor, token: Token, text: string, escapeChar: string): string {
  let result = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== escapeChar) {
      result += text[at];
      continue;
    }
    if (text[at + 1] === escapeChar) {
      result += escapeChar;
      at++;
      continue;
    }
    const six = text[at + 1] === "+";
    const digits = text.slice(at + (six ? 2 : 1), at + (six ? 8 : 5));
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== (six ? 6 : 4)) {
      throw cursor.refusal("An escapeChar in U&'…' has four hexadecimal digits, or + and six.", token, { found: text.slice(at, at + 5) });
    }
    result += String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(digits, 16)));
    at += six ? 7 : 4;
  }
  return result;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function undoEscapes(cursor: Cursor, token: Token): string {
  const { text } = token;
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c !== "\\") {
      result += c;
      continue;
    }
    const e = text[++at];
    if (NAMED_ESCAPES[e] !== undefined) {
      result += NAMED_ESCAPES[e];
    } else if (e === "u" || e === "U" || e === "x") {
      const most = e === "u" ? 4 : e === "U" ? 8 : 2;
      const digits = /^[0-9a-fA-F]*/.exec(text.slice(at + 1, at + 1 + most))![0];
      if (e !== "x" && digits.length < most) {
        throw cursor.refusal(`\\${e} takes ${most} hexadecimal digits.`, token, { found: `\\${e}${digits}` });
      }
      result += digits === "" ? e : String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(digits, 16)));
      at += digits.length;
    } else if (e >= "0" && e <= "7") {
      const digits = /^[0-7]{1,3}/.exec(text.slice(at))![0];
      result += String.fromCharCode(Number.parseInt(digits, 8));
      at += digits.length - 1;
    } else {
      result += e;
    }
  }
  return result;
}

/** `DATE '…'`, `TIMESTAMP WITH LOCAL TIME ZONE '…'`, or null when no literal of a time begins here. */
export function acceptTemporalLiteral(cursor: Cursor): LiteralExpr | null {
  const { token } = cursor;
  if (token.kind !== "word") return null;
  const { upper } = token;
  if (upper !== "DATE" && upper !== "TIME" && upper !== "TIMESTAMP" && upper !== "DATETIME") return null;
  if (cursor.peek().kind === "string") {
    cursor.next();
    const value = cursor.next();
    return literal(upper.toLowerCase() as "date" | "time" | "timestamp" | "datetime", value.text, cursor.spanFrom(token));
  }
  if (upper !== "TIMESTAMP" || cursor.peek().upper !== "WITH") return null;
  cursor.next();
  for (const word of ["WITH", "LOCAL", "TIME", "ZONE"]) cursor.expect(word, "in TIMESTAMP WITH LOCAL TIME ZONE '…'");
  const value = cursor.string("the timestamp in quotes");
  return literal("timestampLtz", value.text, cursor.spanFrom(token));
}

/** A number without sign, or null; `DECIMAL '1.5'` is one too. */
export function acceptUnsignedNumber(cursor: Cursor): LiteralExpr | null {
  const { token } = cursor;
  if (token.kind === "integer" || token.kind === "decimal" || token.kind === "double") {
    cursor.next();
    return literal(token.kind, token.text, token);
  }
  if (cursor.is("DECIMAL") && cursor.peek().kind === "string") {
    cursor.next();
    const value = cursor.next();
    const text = value.text.trim();
    if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
      throw cursor.refusal(`'${value.text}' is no decimal number.`, value, { found: value.text });
    }
    return literal("decimal", text, cursor.spanFrom(token));
  }
  return null;
}

/** A literal where no other expression is taken: partition values, options of ALTER SYSTEM. */
export function parseLiteral(cursor: Cursor): Expr {
  const { token } = cursor;
  const sign = cursor.acceptOneOf(["-", "+"]);
  const number = acceptUnsignedNumber(cursor);
  if (number !== null) return sign === "-" ? { kind: "unary", op: "-", operand: number, span: cursor.spanFrom(token) } : number;
  if (sign !== null) throw cursor.unexpected("a number", `after ${sign}`);
  if (isStringToken(token)) return parseStringLiteral(cursor);
  const constant = acceptConstant(cursor) ?? acceptTemporalLiteral(cursor) ?? acceptJdbcLiteral(cursor);
  if (constant !== null) return constant;
  if (cursor.is("INTERVAL") && (cursor.peek().kind === "string" || cursor.peek(2).kind === "string")) {
    cursor.next();
    return parseInterval(cursor, token);
  }
  throw cursor.unexpected("a literal");
}

/** TRUE, FALSE, UNKNOWN, NULL. */
export function acceptConstant(cursor: Cursor): LiteralExpr | null {
  const { token } = cursor;
  switch (token.upper) {
    case "NULL":
    case "UNKNOWN":
      cursor.next();
      return literal("null", token.upper, token);
    case "TRUE":
    case "FALSE":
      cursor.next();
      return literal("boolean", token.upper, token);
    default:
      return null;
  }
}

const JDBC_FORMS = {
  "{d": { type: "date", form: /^\d{4}-\d\d?-\d\d?$/, shape: "yyyy-MM-dd" },
  "{t": { type: "time", form: /^\d\d?:\d\d?:\d\d?(\.\d*)?$/, shape: "HH:mm:ss" },
  "{ts": { type: "timestamp", form: /^\d{4}-\d\d?-\d\d? \d\d?:\d\d?:\d\d?(\.\d*)?$/, shape: "yyyy-MM-dd HH:mm:ss" },
} as const;

/** `{d '2024-01-31'}`, `{ts '…'}`: the escapes of JDBC, whose contents Flink checks while it parses. */
export function acceptJdbcLiteral(cursor: Cursor): LiteralExpr | null {
  const { token } = cursor;
  if (token.upper !== "{d" && token.upper !== "{t" && token.upper !== "{ts") return null;
  const { type, form, shape } = JDBC_FORMS[token.upper];
  cursor.next();
  const value = cursor.string(`the ${type} in quotes`);
  cursor.expect("}");
  if (!form.test(value.text)) throw cursor.refusal(`'${value.text}' is no ${type}.`, value, { found: value.text, expected: shape });
  return literal(type, value.text, cursor.spanFrom(token));
}
