/**
 * Java's regular expressions as JavaScript's. Both agree on what is common; translated are possessive quantifiers and inline flags at the
 * start, POSIX classes (`\p{Alpha}`), `\Q…\E`, `\A`, `\z`, `\Z`, `\h`. Malformed patterns give null.
 */
const POSIX: Readonly<Record<string, string>> = {
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`{-~",
  Space: "\\s",
  XDigit: "0-9a-fA-F",
};

function translate(pattern: string): { source: string; flags: string } {
  let flags = "";
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  let rest = pattern;
  if (inline !== null) {
    flags = inline[1];
    rest = pattern.slice(inline[0].length);
  }
  let inClass = 0;
  const source = rest.replace(
    /\\Q([\s\S]*?)(?:\\E|$)|\\p\{(Alpha|Digit|Alnum|Upper|Lower|Punct|Space|XDigit)\}|\\([AzZh])|\\[\s\S]|[[\]]/g,
    (match, quoted?: string, posix?: string, anchor?: string) => {
      if (quoted !== undefined) return quoted.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      if (posix !== undefined) return inClass > 0 ? POSIX[posix] : `[${POSIX[posix]}]`;
      if (anchor === "A") return "^";
      if (anchor === "z" || anchor === "Z") return "$";
      if (anchor === "h") return inClass > 0 ? " \\t" : "[ \\t]";
      if (match === "[") {
        inClass++;
        return inClass > 1 ? "\\[" : match;
      }
      if (match === "]") inClass = Math.max(0, inClass - 1);
      return match;
    },
  );
  return { source: source.replace(/([*+?}])\+/g, "$1"), flags };
}

export function javaRegExp(pattern: string, flags: string): RegExp | null {
  const translated = translate(pattern);
  const all = flags + translated.flags;
  for (const unicode of [`${all}u`, all]) {
    try {
      return new RegExp(translated.source, unicode);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}

/** Compiles a pattern once for as long as it stays the same; null when it is malformed. */
export function patternCache(flags: string): (pattern: string) => RegExp | null {
  let last: string | undefined;
  let compiled: RegExp | null = null;
  return (pattern) => {
    if (pattern !== last) {
      last = pattern;
      compiled = javaRegExp(pattern, flags);
    }
    if (compiled !== null) compiled.lastIndex = 0;
    return compiled;
  };
}
