/** A job's syntax tree with what its mutators need to know besides, and the ways they change it. */
import ts from "typescript";
import type { Change, Edit } from "../mutant.ts";

export interface JobText {
  readonly source: ts.SourceFile;
  readonly kind: string;
  /** Fields of the types in given.ts by type, with their declared types. */
  readonly fields: readonly ReadonlyMap<string, string>[];
}

/** One family of mistakes, asked at every node. */
export type Mutator = (node: ts.Node, job: JobText) => readonly Change[];

export function parseJob(text: string, given: string, kind: string): JobText {
  return {
    source: parse("solution.ts", text),
    kind,
    fields: [...fieldsOf(parse("given.ts", given)), ...fieldsOf(parse("solution.ts", text))],
  };
}

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
}

function fieldsOf(source: ts.SourceFile): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    const fields = new Map<string, string>();
    for (const member of statement.members) {
      if (ts.isPropertySignature(member) && member.type !== undefined) fields.set(member.name.getText(source), member.type.getText(source));
    }
    found.push(fields);
  }
  return found;
}

/** `node` as a call `….name(…)`, null when it is something else. */
export function methodCall(node: ts.Node, ...names: readonly string[]): MethodCall | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  return names.includes(node.expression.name.text) ? { node, callee: node.expression } : null;
}

/** Whether `node` calls one of these methods, or of these functions. */
export function isCallOf(node: ts.Node, names: readonly string[]): boolean {
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) && names.includes(name.text);
}

export interface MethodCall {
  readonly node: ts.CallExpression;
  readonly callee: ts.PropertyAccessExpression;
}

/** `a.b(…)` → `a`. */
export function dropCall({ node, callee }: MethodCall, job: JobText): Change {
  const at = callee.name.getStart(job.source);
  const was = job.source.text.slice(at, node.end);
  return { at, was, becomes: "none", edits: [{ start: callee.expression.end, end: node.end, text: "" }] };
}

/** The statement that a call stands in by itself is left out; nothing when its value is used. */
export function dropStatement({ node }: MethodCall, job: JobText): Change[] {
  if (!ts.isExpressionStatement(node.parent)) return [];
  const start = node.getStart(job.source);
  return [{ at: start, was: node.getText(job.source), becomes: "none", edits: [{ start, end: node.parent.end, text: ";" }] }];
}

/** Another text in a node's place. `told`: what the name says of it, where the node alone says too little. */
export function replaceNode(
  node: ts.Node,
  text: string,
  job: JobText,
  told?: { was: string; becomes: string },
  also: readonly Edit[] = [],
): Change {
  const start = node.getStart(job.source);
  const { was, becomes } = told ?? { was: node.getText(job.source), becomes: text };
  return { at: start, was, becomes, edits: [{ start, end: node.end, text }, ...also] };
}

/** Makes sure that "flink"'s `name` is imported. */
export function importing(name: string, job: JobText): Edit[] {
  for (const statement of job.source.statements) {
    if (!ts.isImportDeclaration(statement) || (statement.moduleSpecifier as ts.StringLiteral).text !== "flink") continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    if (bindings.elements.some((element) => element.name.text === name)) return [];
    const at = bindings.getStart(job.source) + 1;
    return [{ start: at, end: at, text: ` ${name},` }];
  }
  return [];
}
