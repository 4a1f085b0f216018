/**
 * Reads a YAML file of the pack format: parse, check against a schema, and tell every mistake with line and column. Unknown keys get
 * the nearest known one as a hint.
 */
import type { DiagnosticData } from "@millrace/engine";
import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { nearest } from "./nearest.ts";

export interface YamlResult<T> {
  /** null when there are diagnostics. */
  readonly value: T | null;
  readonly diagnostics: readonly DiagnosticData[];
  /** Position of the value at a path, for checks that go beyond the schema. */
  locate(path: readonly PropertyKey[]): { line: number; column: number };
}

export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): YamlResult<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => {
    const position = lines.linePos(offset);
    return { line: Math.max(1, position.line), column: Math.max(1, position.col) };
  };
  const locate = (path: readonly PropertyKey[]) => at(offsetOf(document.contents, path));
  if (document.errors.length > 0) {
    const diagnostics = document.errors.map((error): DiagnosticData => {
      const message = error.message.split(" at line ")[0] ?? error.message;
      return { code: "PACK_YAML_SYNTAX", message: `Not readable as YAML: ${message}`, phase: "parse", file, span: at(error.pos[0]) };
    });
    return { value: null, diagnostics, locate };
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data, diagnostics: [], locate };
  const place: Place = { file, locate, isMissing: (path) => path.length > 0 && !document.hasIn(path) };
  const diagnostics = parsed.error.issues.flatMap((issue) => describe(issue, schema, place));
  return { value: null, diagnostics, locate };
}

type Issue = z.core.$ZodIssue;

/** The file in which an issue was found. */
interface Place {
  readonly file: string;
  locate(path: readonly PropertyKey[]): { line: number; column: number };
  /** The file says nothing at this path. */
  isMissing(path: readonly PropertyKey[]): boolean;
}

function describe(issue: Issue, schema: z.ZodType, place: Place): DiagnosticData[] {
  const { file, locate } = place;
  const path = issue.path;
  const shown = path.length === 0 ? "" : ` at ${path.join(".")}`;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const guess = nearest(key, known);
      return {
        code: "PACK_UNKNOWN_KEY",
        message: `Unknown key \`${key}\`${shown}.`,
        phase: "validate",
        file,
        span: locate([...path, key]),
        found: key,
        expected: known.join(", "),
        ...(guess === null ? {} : { hint: `Did you mean \`${guess}\`?` }),
      };
    });
  }
  if (issue.code === "invalid_union") {
    const deepest = issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys");
    if (deepest.length > 0) return deepest.flatMap((inner) => describe({ ...inner, path: [...path, ...inner.path] }, schema, place));
  }
  if (place.isMissing(path)) {
    const key = String(path.at(-1));
    const inside = path.length === 1 ? "" : ` at ${path.slice(0, -1).join(".")}`;
    const expected = issue.code === "invalid_value" ? { expected: issue.values.map(String).join(", ") } : {};
    return [
      {
        code: "PACK_MISSING_KEY",
        message: `The key \`${key}\` is missing${inside}.`,
        phase: "validate",
        file,
        span: locate(path),
        ...expected,
      },
    ];
  }
  return [
    {
      code: "PACK_INVALID_VALUE",
      message: `${issue.message}${shown}.`,
      phase: "validate",
      file,
      span: locate(path),
    },
  ];
}

/** The keys that the schema allows at a path; empty where any key goes. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let candidates: SchemaNode[] = [schema as unknown as SchemaNode];
  for (const step of path) candidates = candidates.flatMap(unwrap).flatMap((node) => child(node, step));
  return [...new Set(candidates.flatMap(unwrap).flatMap((node) => (node.def.shape === undefined ? [] : Object.keys(node.def.shape))))];
}

/** The part of zod's own description of a schema that is walked here. */
interface SchemaNode {
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, SchemaNode>>;
    readonly element?: SchemaNode;
    readonly valueType?: SchemaNode;
    readonly innerType?: SchemaNode;
    readonly options?: readonly SchemaNode[];
  };
}

function unwrap(node: SchemaNode): SchemaNode[] {
  if (node.def.innerType !== undefined) return unwrap(node.def.innerType);
  if (node.def.options !== undefined) return node.def.options.flatMap(unwrap);
  return [node];
}

function child(node: SchemaNode, step: PropertyKey): SchemaNode[] {
  if (node.def.shape !== undefined) return Object.hasOwn(node.def.shape, step) ? [node.def.shape[String(step)]!] : [];
  const inner = node.def.element ?? node.def.valueType;
  return inner === undefined ? [] : [inner];
}

/** Offset of the node at a path; for a key the key's own position; the nearest known ancestor when the path leads nowhere. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      const items = (node as { items?: unknown[] } | null)?.items;
      node = items?.[Number(step)];
      if (node === undefined) return offset;
      offset = (node as Node).range?.[0] ?? offset;
    }
  }
  return offset;
}
