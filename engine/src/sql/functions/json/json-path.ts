/**
 * Paths into JSON documents, in the dialect that Flink takes over from its JSONPath library: `$`, `.name`, `['a','b']`, `[0]`, `[-1]`,
 * `[1:3]`, `[*]`, `..name`, filters `[?(@.price < 10 && @.name =~ /a+/)]` and the functions `length() size() min() max() avg() sum()
 * keys() first() last()`.
 *
 * A path that names one place is *definite* and gives the node there, or fails when there is none; every other path gives an array of
 * what it found, perhaps empty.
 */
import { isJsonArray, isJsonObject, type JsonNode, JsonNumber, type JsonObject, parseJson } from "./json-node.ts";

export class JsonPathError extends Error {}

type Step =
  | { readonly kind: "fields"; readonly names: readonly string[] }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | null; readonly to: number | null }
  | { readonly kind: "wildcard" }
  | { readonly kind: "filter"; readonly test: Predicate }
  | { readonly kind: "scan" }
  | { readonly kind: "function"; readonly name: string };

type Predicate = (item: JsonNode, root: JsonNode) => boolean;
type Operand = (item: JsonNode, root: JsonNode) => JsonNode | undefined;

export interface JsonPath {
  readonly steps: readonly Step[];
  readonly isDefinite: boolean;
}

const FUNCTIONS = new Set(["length", "size", "min", "max", "avg", "sum", "keys", "first", "last"]);

/** Throws `JsonPathError` for what is no path. */
export function parseJsonPath(text: string): JsonPath {
  const parser = new PathParser(text.trim());
  return parser.path();
}

class PathParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    if (text === "") throw new JsonPathError("json can not be null or empty");
    this.text = text.startsWith("$") || text.startsWith("@") ? text : `$.${text}`;
  }

  path(): JsonPath {
    this.at = 1;
    const steps = this.steps();
    if (this.at < this.text.length) this.fail();
    return { steps, isDefinite: steps.every(isDefiniteStep) };
  }

  private fail(): never {
    throw new JsonPathError(`Could not parse path at position ${this.at + 1}: ${this.text}`);
  }

  private steps(stop = ""): Step[] {
    const steps: Step[] = [];
    while (this.at < this.text.length && !stop.includes(this.text[this.at])) {
      if (this.text.startsWith("..", this.at)) {
        this.at += 2;
        steps.push({ kind: "scan" });
        if (this.text[this.at] === "[") steps.push(this.bracket());
        else steps.push(this.name(stop));
      } else if (this.text[this.at] === ".") {
        this.at++;
        steps.push(this.text[this.at] === "[" ? this.bracket() : this.name(stop));
      } else if (this.text[this.at] === "[") steps.push(this.bracket());
      else break;
    }
    return steps;
  }

  private name(stop: string): Step {
    if (this.text[this.at] === "*") {
      this.at++;
      return { kind: "wildcard" };
    }
    const from = this.at;
    while (this.at < this.text.length && !".[(".includes(this.text[this.at]) && !(stop !== "" && stop.includes(this.text[this.at])))
      this.at++;
    const name = this.text.slice(from, this.at);
    if (this.text[this.at] === "(") {
      if (this.text[this.at + 1] !== ")" || !FUNCTIONS.has(name)) this.fail();
      this.at += 2;
      return { kind: "function", name };
    }
    if (name === "" || /\s/.test(name)) this.fail();
    return { kind: "fields", names: [name] };
  }

  private blanks(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  private bracket(): Step {
    this.at++;
    this.blanks();
    const char = this.text[this.at];
    let step: Step;
    if (char === "*") {
      this.at++;
      step = { kind: "wildcard" };
    } else if (char === "'" || char === '"') step = { kind: "fields", names: this.names() };
    else if (char === "?") step = this.filter();
    else step = this.indexes();
    this.blanks();
    if (this.text[this.at++] !== "]") {
      this.at--;
      this.fail();
    }
    return step;
  }

  private names(): string[] {
    const names: string[] = [];
    do {
      this.blanks();
      names.push(this.quoted());
      this.blanks();
    } while (this.text[this.at] === "," && this.at++ >= 0);
    return names;
  }

  private quoted(): string {
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') this.fail();
    let value = "";
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === quote) {
        this.at++;
        return value;
      }
      if (char === "\\") this.at++;
      value += this.text[this.at] ?? "";
    }
    return this.fail();
  }

  private indexes(): Step {
    const end = this.text.indexOf("]", this.at);
    if (end < 0) this.fail();
    const body = this.text.slice(this.at, end).trim();
    const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(body);
    if (slice !== null && body !== ":") {
      this.at = end;
      return {
        kind: "slice",
        from: slice[1] === undefined ? null : Number(slice[1]),
        to: slice[2] === undefined ? null : Number(slice[2]),
      };
    }
    if (!/^-?\d+(\s*,\s*-?\d+)*$/.test(body)) this.fail();
    this.at = end;
    return { kind: "indexes", indexes: body.split(",").map(Number) };
  }

  private filter(): Step {
    this.at++;
    this.blanks();
    if (this.text[this.at++] !== "(") this.fail();
    const test = this.disjunction();
    this.blanks();
    if (this.text[this.at++] !== ")") this.fail();
    return { kind: "filter", test };
  }

  private accept(symbol: string): boolean {
    this.blanks();
    if (!this.text.startsWith(symbol, this.at)) return false;
    this.at += symbol.length;
    return true;
  }

  private disjunction(): Predicate {
    let left = this.conjunction();
    while (this.accept("||")) {
      const [a, b] = [left, this.conjunction()];
      left = (item, root) => a(item, root) || b(item, root);
    }
    return left;
  }

  private conjunction(): Predicate {
    let left = this.negation();
    while (this.accept("&&")) {
      const [a, b] = [left, this.negation()];
      left = (item, root) => a(item, root) && b(item, root);
    }
    return left;
  }

  private negation(): Predicate {
    if (this.text[this.at] !== undefined && this.accept("!")) {
      const inner = this.negation();
      return (item, root) => !inner(item, root);
    }
    if (this.accept("(")) {
      const inner = this.disjunction();
      if (!this.accept(")")) this.fail();
      return inner;
    }
    return this.comparison();
  }

  private comparison(): Predicate {
    const left = this.operand();
    for (const operator of ["==", "!=", "<=", ">=", "=~", "<", ">", "nin ", "in "] as const) {
      if (!this.accept(operator)) continue;
      if (operator === "=~") return this.matches(left);
      const right = this.operand();
      return (item, root) => compare(operator.trim(), left(item, root), right(item, root));
    }
    return (item, root) => left(item, root) !== undefined;
  }

  private matches(left: Operand): Predicate {
    this.blanks();
    const pattern = /\/((?:\\.|[^/\\])*)\/([a-z]*)/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return this.fail();
    this.at += match[0].length;
    const expression = new RegExp(`^(?:${match[1]})$`, match[2].includes("i") ? "i" : "");
    return (item, root) => {
      const value = left(item, root);
      return typeof value === "string" && expression.test(value);
    };
  }

  private operand(): Operand {
    this.blanks();
    const char = this.text[this.at];
    if (char === "@" || char === "$") {
      this.at++;
      const steps = this.steps(" )=!<>&|,]");
      const path: JsonPath = { steps, isDefinite: steps.every(isDefiniteStep) };
      const relative = char === "@";
      return (item, root) => {
        try {
          return readPath(path, relative ? item : root, root);
        } catch (error) {
          if (error instanceof JsonPathError) return undefined;
          throw error;
        }
      };
    }
    if (char === "'" || char === '"') {
      const text = this.quoted();
      return () => text;
    }
    const literal = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[[^\]]*\]/y;
    literal.lastIndex = this.at;
    const match = literal.exec(this.text);
    if (match === null) return this.fail();
    this.at += match[0].length;
    const value = parseJson(match[0].replaceAll("'", '"'));
    return () => value;
  }
}

function isDefiniteStep(step: Step): boolean {
  if (step.kind === "fields") return true;
  if (step.kind === "indexes") return step.indexes.length === 1;
  return step.kind === "function";
}

/** It leads to one place; a path to any number of them always finds a list. */
export function isDefinite(path: JsonPath): boolean {
  return path.steps.every(isDefiniteStep);
}

function compare(operator: string, left: JsonNode | undefined, right: JsonNode | undefined): boolean {
  if (operator === "in" || operator === "nin") {
    const found = isJsonArray(right) && right.some((item) => compare("==", left, item));
    return operator === "in" ? found : !found;
  }
  const bothNumbers = left instanceof JsonNumber && right instanceof JsonNumber;
  const a = bothNumbers ? Number(left.text) : left;
  const b = bothNumbers ? Number(right.text) : right;
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (!bothNumbers && !(typeof a === "string" && typeof b === "string")) return false;
  const x = a as number | string;
  const y = b as number | string;
  return operator === "<" ? x < y : operator === "<=" ? x <= y : operator === ">" ? x > y : x >= y;
}

/** The node of a definite path, or the array of what an indefinite one finds. Throws `JsonPathError` when a definite path leads nowhere. */
export function readPath(path: JsonPath, node: JsonNode, root: JsonNode = node): JsonNode {
  let found: JsonNode[] = [node];
  let definite = true;
  for (const step of path.steps) {
    if (step.kind === "function") {
      const subject = definite ? found[0] : found;
      found = [applyFunction(step.name, subject)];
      definite = true;
      continue;
    }
    const next: JsonNode[] = [];
    for (const item of found) walkStep(step, item, root, definite, next);
    definite &&= isDefiniteStep(step);
    found = next;
  }
  return definite ? found[0] : found;
}

function walkStep(step: Exclude<Step, { kind: "function" }>, item: JsonNode, root: JsonNode, definite: boolean, into: JsonNode[]): void {
  const before = into.length;
  switch (step.kind) {
    case "fields":
      if (isJsonObject(item)) walkFields(step.names, item, into);
      break;
    case "indexes":
      if (isJsonArray(item)) {
        for (const index of step.indexes) {
          const at = index < 0 ? item.length + index : index;
          if (at >= 0 && at < item.length) into.push(item[at]);
        }
      }
      break;
    case "slice":
      if (isJsonArray(item)) into.push(...item.slice(step.from ?? 0, step.to ?? item.length));
      break;
    case "wildcard":
      if (isJsonArray(item)) into.push(...item);
      else if (isJsonObject(item)) into.push(...item.values());
      break;
    case "filter":
      for (const candidate of isJsonArray(item) ? item : [item]) if (step.test(candidate, root)) into.push(candidate);
      break;
    case "scan":
      scan(item, into);
      break;
  }
  if (into.length === before && definite && isDefiniteStep(step)) {
    const place = step.kind === "fields" ? `['${step.names[0]}']` : step.kind === "indexes" ? `[${step.indexes[0]}]` : "";
    throw new JsonPathError(`No results for path: $${place}`);
  }
}

function walkFields(names: readonly string[], item: JsonObject, into: JsonNode[]): void {
  if (names.length > 1) into.push(new Map(names.filter((name) => item.has(name)).map((name) => [name, item.get(name)!])));
  else if (item.has(names[0])) into.push(item.get(names[0])!);
}

/** The node itself and everything below it. */
function scan(node: JsonNode, into: JsonNode[]): void {
  into.push(node);
  if (isJsonArray(node)) for (const item of node) scan(item, into);
  else if (isJsonObject(node)) for (const item of node.values()) scan(item, into);
}

function applyFunction(name: string, subject: JsonNode): JsonNode {
  const whole = (value: number): JsonNumber => new JsonNumber(String(value), true);
  if (name === "length" || name === "size") {
    if (isJsonArray(subject)) return whole(subject.length);
    if (isJsonObject(subject)) return whole(subject.size);
    if (typeof subject === "string") return whole(subject.length);
    throw new JsonPathError(`${name}() wants an array`);
  }
  if (name === "keys") {
    if (isJsonObject(subject)) return [...subject.keys()];
    throw new JsonPathError("keys() wants an object");
  }
  if (!isJsonArray(subject) || subject.length === 0) throw new JsonPathError(`Aggregation function ${name}() attempted on no array`);
  if (name === "first") return subject[0];
  if (name === "last") return subject[subject.length - 1];
  const numbers = subject.filter((item): item is JsonNumber => item instanceof JsonNumber).map((item) => Number(item.text));
  if (numbers.length === 0) throw new JsonPathError(`Aggregation function ${name}() attempted on no numbers`);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const value = name === "min" ? Math.min(...numbers) : name === "max" ? Math.max(...numbers) : name === "sum" ? sum : sum / numbers.length;
  return new JsonNumber(Number.isInteger(value) ? `${value}.0` : String(value), false);
}
