/**
 * The answer to a trace question as YAML, one line per row: `A: { watermark: "10:00:04.999", fires: "none" }`. Read back line by line, so
 * that a draft or an old submission fills the table again. Only this form is ever written, so no YAML library is needed.
 */

/** Row id → column → what was filled in. */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Blank {
  readonly row: string;
  readonly column: string;
}

/** Blanks in the order given; those that are not filled in are left out. */
export function toYaml(answers: Answers, blanks: readonly Blank[]): string {
  const byRow = new Map<string, string[]>();
  for (const { row, column } of blanks) {
    const value = (answers[row]?.[column] ?? "").trim();
    if (value === "") continue;
    const cells = byRow.get(row) ?? [];
    byRow.set(row, cells);
    cells.push(`${key(column)}: ${JSON.stringify(value)}`);
  }
  if (byRow.size === 0) return "{}\n";
  return [...byRow].map(([row, cells]) => `${key(row)}: { ${cells.join(", ")} }\n`).join("");
}

// A point is any character: what is pasted into a cell may hold separators of lines that are none in YAML (U+2028).
const TOKEN = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'`;
const LINE = new RegExp(String.raw`^\s*(${TOKEN}|[^\s#:"'{][^:]*?)\s*:\s*\{(.*)\}\s*$`, "s");
const CELL = new RegExp(String.raw`\s*(${TOKEN}|[^:,{}"']+?)\s*:\s+(${TOKEN}|\[[^\]]*\]|[^,]*)\s*(?:,|$)`, "gs");

/** Forgiving: lines of another form are left out. */
export function fromYaml(text: string): Answers {
  const answers: Record<string, Record<string, string>> = {};
  for (const line of text.split("\n")) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const cells: Record<string, string> = {};
    for (const cell of match[2].matchAll(CELL)) {
      const value = scalar(cell[2]);
      if (value !== "") cells[scalar(cell[1])] = value;
    }
    answers[scalar(match[1])] = cells;
  }
  return answers;
}

function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

function scalar(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('"')) {
    try {
      return String(JSON.parse(trimmed));
    } catch {
      // An escape that only YAML knows: taken as it stands.
      return trimmed.slice(1, -1);
    }
  }
  return trimmed.startsWith("'") ? trimmed.slice(1, -1).replaceAll("''", "'") : trimmed;
}
