/** The little Markdown that headlines and hints use: paragraphs, fenced code, `code`, **bold**, *slanted*. */

export interface Span {
  readonly kind: "text" | "code" | "bold" | "em";
  readonly text: string;
}

export type Block = { readonly kind: "paragraph"; readonly spans: readonly Span[] } | { readonly kind: "code"; readonly text: string };

export function parseProse(text: string): Block[] {
  const blocks: Block[] = [];
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```\s*$/m);
  parts.forEach((part, i) => {
    if (i % 2 === 1) {
      blocks.push({ kind: "code", text: part.replace(/\n$/, "") });
      return;
    }
    for (const paragraph of part.split(/\n\s*\n/)) {
      const joined = paragraph.replace(/\s*\n\s*/g, " ").trim();
      if (joined !== "") blocks.push({ kind: "paragraph", spans: spansOf(joined) });
    }
  });
  return blocks;
}

function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\*([^\s*](?:[^*]*[^\s*])?)\*|([^`*]+|[`*])/g)) {
    if (match[1] !== undefined) spans.push({ kind: "code", text: match[1] });
    else if (match[2] !== undefined) spans.push({ kind: "bold", text: match[2] });
    else if (match[3] !== undefined) spans.push({ kind: "em", text: match[3] });
    else spans.push({ kind: "text", text: match[4] });
  }
  return spans;
}
