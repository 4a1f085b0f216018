/**
 * TypeScript cut into tokens: as much of its syntax as one must know to find where a class begins, what stands in it and where it ends. Brackets are matched
 * beforehand, so that whoever reads can step over what is of no interest. Whether a slash divides or begins a regular expression is told by the token before it, as
 * in most highlighters; the few texts where that is not enough end in brackets that do not match, which is told, not guessed.
 */
export interface Token {
  readonly kind: "word" | "string" | "number" | "punctuation" | "other";
  /** As it is written; of a string what it means. */
  readonly text: string;
  /** A line ends before it. */
  readonly startsLine: boolean;
}

export interface Tokens {
  readonly all: readonly Token[];
  /** Index of the closing bracket, by index of the opening one. */
  readonly closing: ReadonlyMap<number, number>;
}

const PATTERN =
  /(?<space>[^\S\n]+)|(?<line>\n)|(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<word>[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<number>\.?\d[\w.]*)|(?<string>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?<private>#[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<punctuation>=>|\.\.\.|\?\.(?!\d)|\?\?|&&|\|\||===?|!==?|<=|\+\+|--|[{}()[\]<>;,.:?=@&|!+\-*%^~])/uy;
const REGEX = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
/** Words behind which an expression begins. */
const BEFORE_EXPRESSION = new Set("return typeof case in of new delete void throw instanceof else do await yield extends".split(" "));
const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** null = no text that could be read: a string without an end, brackets that do not match. */
export function tokensOf(text: string): Tokens | null {
  const all: Token[] = [];
  const closing = new Map<number, number>();
  const open: number[] = [];
  let startsLine = true;
  let at = 0;
  const add = (kind: Token["kind"], value: string) => {
    all.push({ kind, text: value, startsLine });
    startsLine = false;
  };
  while (at < text.length) {
    PATTERN.lastIndex = at;
    const { groups } = PATTERN.exec(text) ?? {};
    if (groups === undefined) {
      const end = text[at] === "`" ? endOfTemplate(text, at) : text[at] === "/" ? endOfSlash(text, at, all.at(-1)) : null;
      if (end === null) return null;
      const whole = text.slice(at, end);
      if (text[at] === "`" && !whole.includes("${")) add("string", whole.slice(1, -1));
      else add(whole === "/" ? "punctuation" : "other", whole);
      at = end;
      continue;
    }
    at = PATTERN.lastIndex;
    const { line, comment, word, number, string, punctuation } = groups;
    if (line !== undefined || comment?.includes("\n")) startsLine = true;
    else if (word !== undefined) add("word", word);
    else if (number !== undefined) add("number", number);
    else if (string !== undefined) add("string", unescaped(string.slice(1, -1)));
    else if (groups["private"] !== undefined) add("other", groups["private"]);
    else if (punctuation !== undefined) {
      if (punctuation in PAIRS) open.push(all.length);
      else if (")]}".includes(punctuation)) {
        const opening = open.pop();
        if (opening === undefined || PAIRS[all[opening].text] !== punctuation) return null;
        closing.set(opening, all.length);
      }
      add("punctuation", punctuation);
    }
  }
  return open.length > 0 ? null : { all, closing };
}

function endOfSlash(text: string, at: number, before: Token | undefined): number | null {
  if (text.startsWith("/*", at)) return null;
  const divides =
    before !== undefined &&
    (before.kind === "word" ? !BEFORE_EXPRESSION.has(before.text) : before.kind !== "punctuation" || /^[)\]}]$/.test(before.text));
  if (divides) return at + 1;
  REGEX.lastIndex = at;
  return REGEX.test(text) ? REGEX.lastIndex : null;
}

/** Behind the closing back-tick; expressions in it may hold strings and templates of their own. */
function endOfTemplate(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from + 1; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\") at++;
    else if (depth === 0 && sign === "`") return at + 1;
    else if (depth === 0 && text.startsWith("${", at)) {
      depth = 1;
      at++;
    } else if (depth > 0 && sign === "{") depth++;
    else if (depth > 0 && sign === "}") depth--;
    else if (depth > 0 && sign === "`") {
      const end = endOfTemplate(text, at);
      if (end === null) return null;
      at = end - 1;
    } else if (depth > 0 && (sign === '"' || sign === "'")) {
      const end = text.indexOf(sign, at + 1);
      if (end < 0) return null;
      at = end;
    }
  }
  return null;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", 0: "\0", "\n": "" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi, (_, long, unit, byte, sign: string | undefined) =>
    sign === undefined ? String.fromCodePoint(Math.min(Number.parseInt(long ?? unit ?? byte, 16), 0x10_ffff)) : (ESCAPES[sign] ?? sign),
  );
}
