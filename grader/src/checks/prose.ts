/** Markdown of a pack: nothing in it may run, and nothing may be fetched when it is shown. */

const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/<\s*(script|iframe|object|embed|style|link|meta|base|form|svg|math)\b/i, "raw HTML that can run or load something"],
  [/<[^>]*\son[a-z]+\s*=/i, "an event handler in raw HTML"],
  [/(?:\]\(|href\s*=\s*["']?|src\s*=\s*["']?)\s*(?:javascript|vbscript|data):/i, "a link that runs"],
  [/!\[[^\]]*\]\(\s*(?:[a-z]+:)?\/\//i, "a picture from elsewhere"],
  [/<\s*(?:img|video|audio|source)\b[^>]*\bsrc\s*=\s*["']?(?:[a-z]+:)?\/\//i, "a picture or sound from elsewhere"],
];

/** Sentences with the line. Code in fences and back-ticks is shown, never read, and may say anything. */
export function complaintsAboutProse(markdown: string): string[] {
  const complaints: string[] = [];
  let fenced = false;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) continue;
    const prose = line.replace(/(`+)[^`]*\1/g, "");
    for (const [pattern, what] of FORBIDDEN) if (pattern.test(prose)) complaints.push(`line ${index + 1}: ${what}`);
  }
  return complaints;
}
