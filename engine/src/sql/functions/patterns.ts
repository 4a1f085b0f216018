/** SQL patterns as regular expressions. */

function quote(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** LIKE: `%` any text, `_` one character, `escapeChar` takes the next one literally. */
export function likeToRegExp(pattern: string, escapeChar?: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === escapeChar && i + 1 < pattern.length) source += quote(pattern[++i]);
    else if (char === "%") source += "[\\s\\S]*";
    else if (char === "_") source += "[\\s\\S]";
    else source += quote(char);
  }
  return new RegExp(`^${source}$`);
}

/** SIMILAR TO: LIKE's wildcards inside a regular expression. */
export function similarToRegExp(pattern: string, escapeChar?: string): RegExp {
  let source = "";
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === escapeChar && i + 1 < pattern.length) source += quote(pattern[++i]);
    else if (char === "[") {
      inClass = true;
      source += char;
    } else if (char === "]") {
      inClass = false;
      source += char;
    } else if (inClass) source += char;
    else if (char === "%") source += "[\\s\\S]*";
    else if (char === "_") source += "[\\s\\S]";
    else if (".\\^$".includes(char)) source += `\\${char}`;
    else source += char;
  }
  return new RegExp(`^(?:${source})$`);
}
