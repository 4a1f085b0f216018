/**
 * Lays a script out: clauses on lines of their own, long lists an item a line, what is in brackets indented. Tokens stay as they were written, also in upper and
 * lower case (a keyword may be somebody's column), and comments stay where they belong: behind a line, or on lines of their own before the next token.
 *
 * How: tokens become a tree of brackets. A sequence of tokens is printed flat if it fits in the line and nothing in it wants lines of its own; else it is cut
 * where its clauses begin, a clause at its commas, and each part printed in the same way. Laying out what is laid out changes nothing.
 */
import { type SqlToken, sqlTokens } from "@millrace/engine/sql";

const WIDTH = 100;
/** A query without a line of its own for each clause is no longer than this. */
const SHORT_QUERY = 60;
const INDENT = "  ";

interface Leaf {
  readonly text: string;
  readonly upper: string;
  readonly kind: SqlToken["kind"] | "hint";
  /** Something stood between it and what was before. */
  readonly spaced: boolean;
  /** Comments on lines of their own before it. */
  readonly above: readonly string[];
  /** A comment behind it, in its line. */
  behind: string | null;
  /** A line was left free before it. */
  readonly apart: boolean;
}

interface Brackets {
  readonly open: Leaf;
  readonly inside: readonly Node[];
  readonly close: Leaf;
}

type Node = Leaf | Brackets;

/** The script laid out; as it is when its brackets do not match or something in it is no token. */
export function formatSql(script: string): string {
  const leaves = leavesOf(script);
  if (leaves === null) return script;
  const { body, rest } = leaves;
  const tree = treeOf(body);
  if (tree === null) return script;
  const lines: string[] = [];
  for (const [index, statement] of statementsOf(tree).entries()) {
    if (index > 0 && (first(statement[0]!).apart || first(statement[0]!).above.length > 0 || lines.length > 1)) lines.push("");
    lines.push(...printStatement(statement));
  }
  if (rest.length > 0) {
    if (lines.length > 0) lines.push("");
    lines.push(...rest);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** `rest`: comments behind everything. */
function leavesOf(script: string): { readonly body: readonly Leaf[]; readonly rest: readonly string[] } | null {
  const body: Leaf[] = [];
  let at = 0;
  for (const token of sqlTokens(script)) {
    if (token.kind === "bad") return null;
    const gap = script.slice(at, token.start);
    const { behind, above, apart } = commentsOf(gap, body.length === 0);
    const before = body.at(-1);
    if (behind !== null && before !== undefined) before.behind = before.behind === null ? behind : `${before.behind} ${behind}`;
    if (token.kind === "end") return { body, rest: above };
    const text = script.slice(token.start, token.end);
    body.push({ text, upper: token.upper, kind: token.kind, spaced: gap !== "", above, behind: null, apart });
    at = token.end;
  }
  return null;
}

function commentsOf(gap: string, isFirst: boolean): { behind: string | null; above: string[]; apart: boolean } {
  const above: string[] = [];
  let behind: string | null = null;
  let newline = isFirst;
  let apart = false;
  for (const [text] of gap.matchAll(/--[^\n]*|\/\*[\s\S]*?\*\/|\n/g)) {
    if (text === "\n") {
      apart ||= newline && above.length === 0 && !isFirst;
      newline = true;
    } else if (newline || behind !== null) {
      above.push(...linesOf(text));
    } else if (text.includes("\n")) above.push(...linesOf(text));
    else behind = text.trimEnd();
  }
  return { behind, above, apart };
}

/** Lines of a comment: those after the first stand one column in, wherever it stands. */
function linesOf(comment: string): string[] {
  return comment.split("\n").map((line, index) => (index === 0 ? line.trimEnd() : ` ${line.trim()}`.trimEnd()));
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "/*+": "*/" };

function treeOf(leaves: readonly Leaf[]): readonly Node[] | null {
  let at = 0;
  const sequence = (until: string | null): Node[] | null => {
    const nodes: Node[] = [];
    for (;;) {
      const leaf = leaves[at];
      if (leaf === undefined) return until === null ? nodes : null;
      if (leaf.kind === "symbol" && leaf.text === until) return nodes;
      if (leaf.kind === "symbol" && Object.values(CLOSING).includes(leaf.text)) return null;
      at++;
      const closing = leaf.kind === "symbol" ? CLOSING[leaf.text] : undefined;
      if (closing === undefined) {
        nodes.push(leaf);
        continue;
      }
      const inside = sequence(closing);
      if (inside === null) return null;
      nodes.push({ open: leaf, inside, close: leaves[at++]! });
    }
  };
  return sequence(null);
}

/** Each with its semicolon. */
function statementsOf(nodes: readonly Node[]): Node[][] {
  const statements: Node[][] = [[]];
  for (const node of nodes) {
    statements.at(-1)!.push(node);
    if (isSymbol(node, ";")) statements.push([]);
  }
  return statements.filter((statement) => statement.length > 0);
}

function printStatement(nodes: readonly Node[]): string[] {
  return new Printer().statement(nodes);
}

/** Words that begin a clause, longest first. */
const CLAUSES: readonly (readonly string[])[] = [
  ...[
    "INSERT INTO",
    "INSERT OVERWRITE",
    "GROUP BY",
    "ORDER BY",
    "PARTITION BY",
    "PARTITIONED BY",
    "DISTRIBUTED BY",
    "UNION ALL",
    "EXCEPT ALL",
    "INTERSECT ALL",
  ],
  ...["ONE ROW PER MATCH", "ALL ROWS PER MATCH", "AFTER MATCH", "BEGIN STATEMENT SET", "ON CONFLICT"],
  ...["INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"].flatMap((kind) => [`${kind} OUTER JOIN`, `${kind} JOIN`]),
  ...["SELECT", "FROM", "WHERE", "HAVING", "WINDOW", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "VALUES", "JOIN"],
  ...["MEASURES", "PATTERN", "DEFINE", "WITHIN"],
]
  .map((clause) => clause.split(" "))
  .sort((a, b) => b.length - a.length);

/** Clauses that stand a step further in than those around them. */
const WITHIN_CLAUSE: readonly string[] = ["ON", "AND", "OR"];

class Printer {
  statement(nodes: readonly Node[]): string[] {
    return this.sequence(nodes, "", !isQuery(nodes));
  }

  /** @param mayBeFlat it need not have a line for each of its clauses. */
  sequence(nodes: readonly Node[], indent: string, mayBeFlat: boolean): string[] {
    const one = flat(nodes);
    const clauses = clausesOf(nodes);
    if (
      one !== null &&
      indent.length + one.length <= (mayBeFlat || clauses.length === 1 ? WIDTH : SHORT_QUERY) &&
      !(clauses.length > 1 && !mayBeFlat)
    )
      return [...above(nodes, indent), indent + one + tail(nodes)];
    if (clauses.length > 1) return clauses.flatMap((clause) => this.clause(clause, indent));
    return this.clause(nodes, indent);
  }

  /** What is in brackets that are not closed in the same line: a clause or an item a line. */
  opened(nodes: readonly Node[], indent: string): string[] {
    const items = clausesOf(nodes).length > 1 ? [] : itemsOf(nodes);
    return items.length > 1 ? items.flatMap((item) => this.clause(item, indent)) : this.sequence(nodes, indent, false);
  }

  /** One clause, in one line if that is enough. */
  clause(nodes: readonly Node[], indent: string): string[] {
    const one = flat(nodes);
    if (one !== null && indent.length + one.length <= WIDTH) return [...above(nodes, indent), indent + one + tail(nodes)];
    const items = itemsOf(nodes);
    if (items.length > 1) {
      const head = headOf(items[0]!);
      const firstItem = items[0]!.slice(head.length);
      const lines = head.length === 0 ? [] : this.broken(head, indent);
      for (const item of firstItem.length === 0 ? items.slice(1) : [firstItem, ...items.slice(1)])
        lines.push(...this.clause(item, indent + (head.length === 0 ? "" : INDENT)));
      return lines;
    }
    return this.broken(nodes, indent);
  }

  /** What has nothing left to be cut at but conditions and brackets. */
  broken(nodes: readonly Node[], indent: string): string[] {
    const parts = conditionsOf(nodes);
    if (parts.length > 1)
      return parts.flatMap((part, index) => (index === 0 ? this.broken(part, indent) : this.clause(part, indent + INDENT)));
    const lines: string[] = [...above(nodes, indent)];
    let line = indent;
    let before: Node | null = null;
    const flush = () => {
      if (line.trim() !== "") lines.push(line.trimEnd());
      line = indent + INDENT;
    };
    for (const node of nodes) {
      const lead = first(node);
      if (before !== null && lead.above.length > 0) {
        flush();
        lines.push(...lead.above.map((comment) => indent + INDENT + comment));
      }
      const gap = before === null || line.trim() === "" ? "" : between(before, node);
      const one = flatNode(node);
      if (isLeaf(node) || (one !== null && line.length + gap.length + one.length <= WIDTH && !holdsQuery(node))) {
        line += gap + (one ?? "");
        if (lastOf(node).behind !== null) {
          line += ` ${lastOf(node).behind}`;
          flush();
        }
      } else {
        line += gap + node.open.text;
        if (node.open.behind !== null) line += ` ${node.open.behind}`;
        lines.push(line);
        lines.push(...this.opened(node.inside, indent + INDENT));
        lines.push(...node.close.above.map((comment) => indent + INDENT + comment));
        line = indent + node.close.text;
        if (node.close.behind !== null) {
          line += ` ${node.close.behind}`;
          flush();
        }
      }
      before = node;
    }
    if (line.trim() !== "") lines.push(line.trimEnd());
    return lines;
  }
}

/** A clause begins with a word that begins one, and not right behind a dot. */
function clausesOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const clauses: Node[][] = [[]];
  for (let at = 0; at < nodes.length; ) {
    const words = clauseAt(nodes, at);
    if (words > 0 && clauses.at(-1)!.length > 0) clauses.push([]);
    const count = Math.max(1, words);
    clauses.at(-1)!.push(...nodes.slice(at, at + count));
    at += count;
  }
  return clauses;
}

/** How many tokens of a clause's beginning stand here; 0 = none. */
function clauseAt(nodes: readonly Node[], at: number): number {
  if (at > 0 && isSymbol(nodes[at - 1]!, ".")) return 0;
  const match = CLAUSES.find((clause) => clause.every((word, index) => isWord(nodes[at + index], word)));
  if (match === undefined) return 0;
  const next = nodes[at + match.length];
  // `LEFT(text, 3)` is a function, `window.x` a name, `values` a column; `FETCH` and `OFFSET` are clauses only before what they take.
  if (match.length === 1 && (next === undefined || isSymbol(next, ",") || isSymbol(next, ".") || isSymbol(next, "="))) return 0;
  if (match.length === 1 && ["WITHIN", "LIMIT", "OFFSET", "WINDOW", "PATTERN"].includes(match[0]!) && at === 0) return 0;
  return match.length;
}

/** Cut behind each comma; commas stay. */
function itemsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const items: Node[][] = [[]];
  for (const node of nodes) {
    items.at(-1)!.push(node);
    if (isSymbol(node, ",")) items.push([]);
  }
  return items.filter((item) => item.length > 0);
}

/** What of a clause's first item stands in the clause's own line: `SELECT DISTINCT`, `INSERT INTO t`, `GROUP BY`. */
function headOf(item: readonly Node[]): readonly Node[] {
  let count = clauseAt(item, 0);
  if (count === 0) return [];
  if (isWord(item[0], "SELECT")) {
    while (isHint(item[count]) || isWord(item[count], "DISTINCT") || isWord(item[count], "ALL")) count++;
  }
  return item.slice(0, count);
}

/** Cut before ON, AND and OR, save the AND of BETWEEN. */
function conditionsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const parts: Node[][] = [[]];
  let between = false;
  for (const [index, node] of nodes.entries()) {
    const word = isLeaf(node) && node.kind === "word" ? node.upper : "";
    const cuts =
      WITHIN_CLAUSE.includes(word) && !(word === "AND" && between) && parts.at(-1)!.length > 0 && !isSymbol(nodes[index - 1]!, ".");
    if (word === "BETWEEN") between = true;
    else if (word === "AND") between = false;
    if (cuts) parts.push([]);
    parts.at(-1)!.push(node);
  }
  return parts;
}

/** In one line; null when a comment or a query in it wants lines of its own. The comment behind the last token is not in it. */
function flat(nodes: readonly Node[]): string | null {
  let text = "";
  for (const [index, node] of nodes.entries()) {
    const lead = first(node);
    if (index > 0 && lead.above.length > 0) return null;
    const one = flatNode(node);
    if (one === null) return null;
    if (index < nodes.length - 1 && lastOf(node).behind !== null) return null;
    text += (index === 0 ? "" : between(nodes[index - 1]!, node)) + one;
  }
  return text;
}

function flatNode(node: Node): string | null {
  if (isLeaf(node)) return node.text;
  if (node.open.behind !== null || node.close.above.length > 0) return null;
  const inside = flat(node.inside);
  if (inside === null || node.inside.some((inner) => first(inner).above.length > 0)) return null;
  const last = node.inside.at(-1);
  if (last !== undefined && lastOf(last).behind !== null) return null;
  if (isQuery(node.inside) && (inside.length > SHORT_QUERY || clausesOf(node.inside).length > 3)) return null;
  const pad = node.open.text === "/*+" ? " " : "";
  return node.open.text + pad + inside + pad + node.close.text;
}

/** A bracket in which a query stands that needs lines. */
function holdsQuery({ inside }: Brackets): boolean {
  return isQuery(inside) && flat(inside) === null;
}

function isQuery(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isWord(node, "SELECT")) || isWord(nodes[0], "INSERT");
}

/** What stands between two nodes in one line. */
function between(left: Node, right: Node): string {
  const [a, b] = [lastOf(left), first(right)];
  if (isMark(b, ",") || isMark(b, ";") || isMark(b, ".") || isMark(a, ".")) return "";
  if (isMark(b, "(") || isMark(b, "[")) return b.spaced ? " " : "";
  // Types (`ARRAY<INT>`) and signs are written close; what they mean here only the parser knows.
  if (["<", ">", "-", "+", ":", "::"].some((mark) => isMark(a, mark) || isMark(b, mark))) return b.spaced ? " " : "";
  if (isMark(a, "/*+") || isMark(b, "*/")) return " ";
  return isWritten(a, b) ? "" : " ";
}

/** Two tokens without a space that belong together as they are: a quantifier of a pattern, an array's index. */
function isWritten(a: Leaf, b: Leaf): boolean {
  return !b.spaced && b.kind === "symbol" && ["*", "?", "+", "{", "}"].includes(b.text) && a.kind === "word";
}

function above(nodes: readonly Node[], indent: string): string[] {
  return nodes.length === 0 ? [] : first(nodes[0]!).above.map((comment) => indent + comment);
}

function tail(nodes: readonly Node[]): string {
  const behind = nodes.length === 0 ? null : lastOf(nodes.at(-1)!).behind;
  return behind === null ? "" : ` ${behind}`;
}

function isLeaf(node: Node): node is Leaf {
  return "text" in node;
}

function first(node: Node): Leaf {
  return isLeaf(node) ? node : node.open;
}

function lastOf(node: Node): Leaf {
  return isLeaf(node) ? node : node.close;
}

function isWord(node: Node | undefined, word: string): boolean {
  return node !== undefined && isLeaf(node) && node.kind === "word" && node.upper === word;
}

function isSymbol(node: Node, symbol: string): boolean {
  return isLeaf(node) && isMark(node, symbol);
}

function isMark(leaf: Leaf, symbol: string): boolean {
  return leaf.kind === "symbol" && leaf.text === symbol;
}

function isHint(node: Node | undefined): boolean {
  return node !== undefined && !isLeaf(node) && node.open.text === "/*+";
}
