/** SQL patterns as regular expressions. */
import { SqlRuntimeError } from "./sql-runtime-error.ts";

function quote(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function invalidEscape(pattern: string, at: number): never {
  throw new SqlRuntimeError("SQL_INVALID_ESCAPE", `Invalid escape sequence '${pattern}', ${at}`);
}

/** LIKE: `%` any text, `_` one character, `escapeChar` takes the next one literally. */
export function likeToRegExp(pattern: string, escapeChar?: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === escapeChar) {
      const next = pattern[++i];
      if (next !== "%" && next !== "_" && next !== escapeChar) invalidEscape(pattern, i - 1);
      source += quote(next);
    } else if (char === "%") source += "[\\s\\S]*";
    else if (char === "_") source += "[\\s\\S]";
    else source += quote(char);
  }
  return new RegExp(`^${source}$`, "u");
}

const CLASSES: Readonly<Record<string, string>> = {
  ALPHA: "A-Za-z",
  UPPER: "A-Z",
  LOWER: "a-z",
  DIGIT: "0-9",
  ALNUM: "A-Za-z0-9",
  SPACE: " ",
  WHITESPACE: "\\s",
};

/** SIMILAR TO: LIKE's wildcards inside a regular expression; what else is special in Java's expressions stays so. */
export function similarToRegExp(pattern: string, escapeChar?: string): RegExp {
  let source = "";
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    const named = depth > 0 ? /^\[:([A-Za-z]+):\]/.exec(pattern.slice(i)) : null;
    if (named !== null && CLASSES[named[1].toUpperCase()] !== undefined) {
      source += CLASSES[named[1].toUpperCase()];
      i += named[0].length - 1;
    } else if (char === escapeChar && i + 1 < pattern.length) source += quote(pattern[++i]);
    else if (char === "[") {
      depth++;
      source += char;
    } else if (char === "]") {
      depth--;
      source += char;
    } else if (depth > 0) source += char;
    else if (char === "%") source += "[\\s\\S]*";
    else if (char === "_") source += "[\\s\\S]";
    else source += char;
  }
  try {
    return new RegExp(`^(?:${source})$`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SqlRuntimeError("SQL_PATTERN", `'${pattern}' is no regular expression.`);
  }
}
