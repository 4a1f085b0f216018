/**
 * JSON texts as trees and back, the way Flink's JSON functions read and write them: numbers keep every digit (an integer of any length, or
 * a decimal with its scale), the last of several equal keys wins, keys are written in alphabetical order, and nothing but standard
 * JSON is accepted.
 */

/** A number by its digits: `text` is Java's `BigDecimal.toString` (or plain digits of a whole number). */
export class JsonNumber {
  readonly text: string;
  /** Written without point and exponent. */
  readonly isWhole: boolean;

  constructor(text: string, isWhole: boolean) {
    this.text = text;
    this.isWhole = isWhole;
  }
}

export type JsonObject = ReadonlyMap<string, JsonNode>;
export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | JsonObject;

export function isJsonObject(node: unknown): node is JsonObject {
  return node instanceof Map;
}

export function isJsonArray(node: unknown): node is readonly JsonNode[] {
  return Array.isArray(node);
}

export class JsonSyntaxError extends Error {}

/** Nesting beyond this fails instead of exhausting the stack (Jackson's limit). */
const MAX_DEPTH = 1000;

/** Throws `JsonSyntaxError`. What follows the first value is not looked at, as in Flink. `uniqueKeys` refuses equal keys in one object. */
export function parseJson(text: string, options: { readonly uniqueKeys?: boolean } = {}): JsonNode {
  const parser = new JsonParser(text, options.uniqueKeys === true);
  return parser.document();
}

class JsonParser {
  private readonly text: string;
  private readonly uniqueKeys: boolean;
  private at = 0;

  constructor(text: string, uniqueKeys: boolean) {
    this.text = text;
    this.uniqueKeys = uniqueKeys;
  }

  document(): JsonNode {
    return this.value(0);
  }

  private fail(what = `Unexpected character at ${this.at + 1}`): never {
    throw new JsonSyntaxError(what);
  }

  private blanks(): void {
    while (this.at < this.text.length && " \t\n\r".includes(this.text[this.at])) this.at++;
  }

  private value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.fail("Document nesting depth exceeds the maximum allowed");
    this.blanks();
    const char = this.text[this.at];
    if (char === "{") return this.object(depth);
    if (char === "[") return this.array(depth);
    if (char === '"') return this.string();
    if (char === "t") return this.word("true", true);
    if (char === "f") return this.word("false", false);
    if (char === "n") return this.word("null", null);
    return this.number();
  }

  private word<T extends JsonNode>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.unrecognized();
    this.at += word.length;
    if (/[A-Za-z0-9_$]/.test(this.text[this.at] ?? "")) {
      this.at -= word.length;
      this.unrecognized();
    }
    return value;
  }

  private unrecognized(): never {
    const token = /[\p{L}\p{N}_$]*/uy;
    token.lastIndex = this.at;
    const word = token.exec(this.text)?.[0] ?? "";
    return this.fail(
      `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at ${this.at + 1}`,
    );
  }

  private number(): JsonNumber {
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return this.unrecognized();
    this.at += match[0].length;
    if (!/[\s,\]}:]/.test(this.text[this.at] ?? " ")) this.fail();
    if (match[1] === undefined && match[2] === undefined) return new JsonNumber(BigInt(match[0]).toString(), true);
    return new JsonNumber(bigDecimalText(match[0]), false);
  }

  private string(): string {
    let from = ++this.at;
    let text = "";
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char < " ") this.fail("Unterminated or illegal string");
      if (char === '"') {
        text += this.text.slice(from, this.at++);
        return text;
      }
      if (char !== "\\") {
        this.at++;
        continue;
      }
      text += this.text.slice(from, this.at);
      text += this.escape();
      from = this.at;
    }
  }

  private escape(): string {
    const char = this.text[this.at + 1];
    this.at += 2;
    if (char === "u") {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail();
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = ({ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "/": "/" } as Record<string, string>)[char];
    return plain ?? this.fail("Unrecognized character escape");
  }

  private array(depth: number): readonly JsonNode[] {
    this.at++;
    const items: JsonNode[] = [];
    this.blanks();
    if (this.text[this.at] === "]") {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      this.blanks();
      const char = this.text[this.at++];
      if (char === "]") return items;
      if (char !== ",") this.fail();
    }
  }

  private object(depth: number): JsonObject {
    this.at++;
    const fields = new Map<string, JsonNode>();
    this.blanks();
    if (this.text[this.at] === "}") {
      this.at++;
      return fields;
    }
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== '"') this.fail();
      const key = this.string();
      this.blanks();
      if (this.text[this.at++] !== ":") this.fail();
      if (this.uniqueKeys && fields.has(key)) this.fail("VARIANT_DUPLICATE_KEY");
      fields.set(key, this.value(depth + 1));
      this.blanks();
      const char = this.text[this.at++];
      if (char === "}") return fields;
      if (char !== ",") this.fail();
    }
  }
}

/** A decimal number's text as Java's `BigDecimal.toString` writes it: `1E+3`, `1.50`, `1E-7`. */
export function bigDecimalText(text: string): string {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const fraction = match[3] ?? "";
  const digits = `${match[2]}${fraction}`.replace(/^0+(?=\d)/, "");
  const scale = fraction.length - Number(match[4] ?? "0");
  const adjusted = digits.length - 1 - scale;
  const sign = match[1] === "-" && !/^0*$/.test(digits) ? "-" : "";
  if (scale === 0) return sign + digits;
  if (scale > 0 && adjusted >= -6) {
    const padded = digits.padStart(scale + 1, "0");
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return adjusted === 0 ? sign + mantissa : `${sign}${mantissa}E${adjusted > 0 ? "+" : ""}${adjusted}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

export function quoteJson(text: string): string {
  let quoted = '"';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char !== '"' && char !== "\\" && char >= " ") continue;
    quoted += text.slice(from, i) + (ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
    from = i + 1;
  }
  return `${quoted}${text.slice(from)}"`;
}

/** Compact, keys in alphabetical order. */
export function printJson(node: JsonNode): string {
  if (node === null) return "null";
  if (typeof node === "boolean") return node ? "true" : "false";
  if (typeof node === "string") return quoteJson(node);
  if (node instanceof JsonNumber) return node.text;
  if (isJsonArray(node)) return `[${node.map(printJson).join(",")}]`;
  const fields = [...(node as JsonObject)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, value]) => `${quoteJson(key)}:${printJson(value)}`).join(",")}}`;
}

/** Scalars as JSON_VALUE gives them: text without its quotes. */
export function scalarText(node: JsonNode): string {
  return typeof node === "string" ? node : printJson(node);
}
