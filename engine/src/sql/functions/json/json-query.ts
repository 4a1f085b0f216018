/**
 * What JSON_VALUE, JSON_QUERY and JSON_EXISTS share: a path's mode and the document at the end of it. `lax` forgives a path that
 * leads nowhere (nothing is found), `strict`, the default, takes it for an error.
 */
import { type JsonNode, JsonSyntaxError, parseJson } from "./json-node.ts";
import { isDefinite, type JsonPath, JsonPathError, parseJsonPath, readPath } from "./json-path.ts";

export interface JsonLookup {
  readonly lax: boolean;
  /** Why nothing could be looked up; null = it could. */
  readonly error: string | null;
  readonly node: JsonNode;
}

/** Looks paths up in documents; keeps what it parsed last, since a query's path is nearly always a constant. */
export class JsonReader {
  private pathText: string | undefined;
  private lax = false;
  private path: JsonPath | null = null;
  private pathError = "";
  private documentText: string | undefined;
  private document: JsonNode = null;
  private documentError: string | null = null;

  read(document: string, path: string): JsonLookup {
    if (path !== this.pathText) this.setPath(path);
    if (document !== this.documentText) this.setDocument(document);
    // A document that is just null fails in both modes, since the library behind Flink has nothing to walk into.
    if (this.documentError === null && this.document === null) return { lax: this.lax, error: "json can not be null or empty", node: null };
    if (this.documentError !== null) return this.failed(this.documentError);
    if (this.path === null) return this.failed(this.pathError);
    try {
      return { lax: this.lax, error: null, node: readPath(this.path, this.document) };
    } catch (error) {
      // A path to any number of places that leads nowhere has found none of them.
      if (error instanceof JsonPathError && this.lax && !isDefinite(this.path)) return { lax: true, error: null, node: [] };
      if (error instanceof JsonPathError) return this.failed(error.message);
      throw error;
    }
  }

  private failed(error: string): JsonLookup {
    return { lax: this.lax, error: this.lax ? null : error, node: null };
  }

  private setPath(text: string): void {
    this.pathText = text;
    const mode = /^\s*(strict|lax)\s+(.+)$/is.exec(text);
    this.lax = mode?.[1].toLowerCase() === "lax";
    try {
      this.path = parseJsonPath(mode?.[2] ?? text);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      this.path = null;
      this.pathError = error.message;
    }
  }

  private setDocument(text: string): void {
    this.documentText = text;
    this.documentError = null;
    try {
      this.document = parseJson(text);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      this.documentError = error.message;
    }
  }
}

/** Containers are no scalars, and neither is null. */
export function isScalar(node: JsonNode): boolean {
  return node !== null && (typeof node === "string" || typeof node === "boolean" || !isContainer(node));
}

function isContainer(node: JsonNode): boolean {
  return Array.isArray(node) || node instanceof Map;
}
