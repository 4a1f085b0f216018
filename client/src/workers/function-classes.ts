/**
 * The classes of a module of functions, read and never run: a page runs nobody's program, and its policy would not let it. What SQL's analyzer asks of a class
 * stands in the text: its base, how many parameters its methods have, and the hint, which is plain data. So stand-ins are made that answer the same, and the check
 * at every key knows of functions as the judge does, who evaluates the module in a sandbox.
 *
 * What only a run would tell (a hint that is computed, a base that is an expression) is not guessed: such an export is `null`, and who needs it asks the server.
 */
import {
  AsyncScalarFunction,
  AsyncTableFunction,
  DataTypes,
  ProcessTableFunction,
  ScalarFunction,
  TableAggregateFunction,
  TableFunction,
  UserDefinedAggregateFunction,
  type UserDefinedFunction,
} from "@millrace/engine/table";
import { type Token, type Tokens, tokensOf } from "./typescript-tokens.ts";

export type FunctionClass = new () => UserDefinedFunction;

/** By exported name; null = it is there, but what it is shows only when the module runs. */
export type FunctionExports = ReadonlyMap<string, FunctionClass | null>;

/** null = the text as a whole cannot be read: it is half written. */
export function functionExportsOf(text: string): FunctionExports | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  try {
    return new ModuleReader(tokens).exports();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

interface ClassText {
  readonly name: string;
  /** Index of the token behind the name. */
  readonly head: number;
}

/** Thrown where reading is not enough. */
class Unreadable extends Error {}

const BASES: ReadonlyMap<string, abstract new () => object> = new Map<string, abstract new () => object>([
  ["ScalarFunction", ScalarFunction],
  ["TableFunction", TableFunction],
  ["UserDefinedAggregateFunction", UserDefinedAggregateFunction],
  ["TableAggregateFunction", TableAggregateFunction],
  ["AsyncScalarFunction", AsyncScalarFunction],
  ["AsyncTableFunction", AsyncTableFunction],
  ["ProcessTableFunction", ProcessTableFunction],
]);
/** Methods whose answers the analyzer asks for. */
const ANSWERING = new Set(["getChangelogMode"]);
const MODIFIERS = new Set([
  "static",
  "public",
  "private",
  "protected",
  "override",
  "readonly",
  "async",
  "abstract",
  "declare",
  "accessor",
  "get",
  "set",
]);
const NOT_A_TYPES_END = new Set("is asserts keyof readonly typeof infer extends new unique".split(" "));

class ModuleReader {
  readonly #tokens: readonly Token[];
  readonly #closing: ReadonlyMap<number, number>;
  /** Local name → name in "flink"; "*" = all of it. */
  readonly #imported = new Map<string, string>();
  readonly #classes = new Map<string, ClassText>();
  /** Local name → index of the value's first token. */
  readonly #constants = new Map<string, number>();
  /** Exported name → local name. */
  readonly #exported = new Map<string, string>();
  readonly #assigned = new Set<string>();
  readonly #made = new Map<string, FunctionClass>();

  constructor({ all, closing }: Tokens) {
    this.#tokens = all;
    this.#closing = closing;
    this.#readStatements();
  }

  exports(): FunctionExports {
    const found = new Map<string, FunctionClass | null>();
    for (const [name, local] of this.#exported) {
      try {
        found.set(name, this.#classOf(local, []));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        found.set(name, null);
      }
    }
    return found;
  }

  #text(at: number): string {
    const token = this.#tokens[at];
    return token === undefined || token.kind === "string" ? "" : token.text;
  }

  #word(at: number): string | null {
    const token = this.#tokens[at];
    return token?.kind === "word" ? token.text : null;
  }

  /** The next token on the same level. */
  #after(at: number): number {
    return (this.#closing.get(at) ?? at) + 1;
  }

  #readStatements(): void {
    for (let at = 0; at < this.#tokens.length; at = this.#after(at)) {
      const word = this.#word(at);
      if (word === "import") this.#readImport(at);
      else if (word === "export") this.#readExport(at);
      else if (word === "class" && this.#word(at + 1) !== null)
        this.#classes.set(this.#text(at + 1), { name: this.#text(at + 1), head: at + 2 });
      else if (word === "const" && this.#word(at + 1) !== null) this.#readConstant(at + 1);
      else if (word !== null && this.#text(at + 1) === "." && this.#text(at + 3) === "=") this.#assigned.add(word);
    }
  }

  #readImport(at: number): void {
    let from = at;
    while (from < this.#tokens.length && this.#word(from) !== "from" && this.#text(from) !== ";") from = this.#after(from);
    if (this.#tokens[from + 1]?.kind !== "string" || this.#tokens[from + 1].text !== "flink") return;
    for (let i = at + 1; i < from; i++) {
      if (this.#text(i) === "*" && this.#word(i + 1) === "as") this.#imported.set(this.#text(i + 2), "*");
      if (this.#text(i) !== "{") continue;
      for (const { name, as } of this.#namesIn(i)) this.#imported.set(as, name);
    }
  }

  /** `{ a, type b, c as d }` */
  #namesIn(open: number): { readonly name: string; readonly as: string }[] {
    const names: { name: string; as: string }[] = [];
    const end = this.#closing.get(open)!;
    for (let at = open + 1; at < end; at++) {
      if (this.#word(at) === null) continue;
      if (this.#word(at) === "type" && this.#word(at + 1) !== null && this.#word(at + 1) !== "as") at++;
      const name = this.#text(at);
      const isRenamed = this.#word(at + 1) === "as";
      if (isRenamed) at += 2;
      names.push({ name, as: this.#text(at) });
    }
    return names;
  }

  #readExport(at: number): void {
    let next = at + 1;
    if (this.#text(next) === "*") throw new Unreadable();
    if (this.#text(next) === "{") {
      for (const { name, as } of this.#namesIn(next)) this.#exported.set(as, name);
      return;
    }
    const isDefault = this.#word(next) === "default";
    if (isDefault) next++;
    while (["abstract", "async", "declare"].includes(this.#text(next))) next++;
    const kind = this.#word(next);
    if (kind === "type" || kind === "interface") return;
    // A class without a name, or a value: told apart from nothing by being there.
    const name = this.#word(next + 1) ?? "default";
    if (kind === "class" && name !== "extends") this.#exported.set(isDefault ? "default" : name, name);
    else if (isDefault) this.#exported.set("default", kind ?? "default");
    else if (["const", "let", "var", "function", "enum"].includes(kind ?? "")) this.#exported.set(name, name);
  }

  #readConstant(name: number): void {
    let at = name + 1;
    if (this.#text(at) === ":") at = this.#behindType(at + 1);
    if (this.#text(at) === "=") this.#constants.set(this.#text(name), at + 1);
  }

  /** The first token behind a type, which ends at `=`, `;`, `,`, a closing bracket, or before a body. */
  #behindType(from: number): number {
    let angles = 0;
    for (let at = from; at < this.#tokens.length; at = this.#after(at)) {
      const text = this.#text(at);
      if (text === "<") angles++;
      else if (text === ">") angles--;
      else if (angles > 0) continue;
      else if (["=", ";", ",", ")", "]", "}"].includes(text)) return at;
      else if (text === "{" && at > from && this.#endsType(at - 1)) return at;
      else if (at > from && this.#tokens[at].startsLine && this.#tokens[at].kind === "word" && this.#endsType(at - 1)) return at;
    }
    return this.#tokens.length;
  }

  #endsType(at: number): boolean {
    const { kind, text } = this.#tokens[at];
    return kind === "word" ? !NOT_A_TYPES_END.has(text) : kind !== "punctuation" || [">", "]", ")", "}"].includes(text);
  }

  #behindAngles(from: number): number {
    if (this.#text(from) !== "<") return from;
    let angles = 0;
    for (let at = from; at < this.#tokens.length; at = this.#after(at)) {
      if (this.#text(at) === "<") angles++;
      else if (this.#text(at) === ">" && --angles === 0) return at + 1;
    }
    return this.#tokens.length;
  }

  #classOf(local: string, seen: readonly string[]): FunctionClass {
    const known = this.#made.get(local);
    if (known !== undefined) return known;
    const found = this.#classes.get(local);
    if (found === undefined || seen.includes(local) || this.#assigned.has(local)) throw new Unreadable();
    let at = this.#behindAngles(found.head);
    let Base: abstract new () => object = Object;
    if (this.#word(at) === "extends") {
      [Base, at] = this.#baseOf(at + 1, [...seen, local]);
    }
    while (at < this.#tokens.length && this.#text(at) !== "{") at = this.#after(at);
    const made = standIn(found.name, Base);
    this.#readMembers(made, at);
    this.#made.set(local, made);
    return made;
  }

  #baseOf(at: number, seen: readonly string[]): [abstract new () => object, number] {
    const name = this.#word(at);
    if (name === null) throw new Unreadable();
    let next = at + 1;
    let known = this.#imported.get(name);
    if (known === "*" && this.#text(next) === ".") {
      known = this.#text(next + 1);
      next += 2;
    }
    next = this.#behindAngles(next);
    if (this.#text(next) !== "{" && this.#word(next) !== "implements") throw new Unreadable();
    if (known === undefined) return [this.#classOf(name, seen), next];
    const base = BASES.get(known);
    if (base === undefined) throw new Unreadable();
    return [base, next];
  }

  #readMembers(made: FunctionClass, open: number): void {
    const end = this.#closing.get(open);
    if (end === undefined) throw new Unreadable();
    let at = open + 1;
    while (at < end) {
      if (this.#text(at) === ";") {
        at++;
        continue;
      }
      const modifiers = new Set<string>();
      while (MODIFIERS.has(this.#text(at)) && !["(", "=", ":", ";", "?", "!", "<", "}"].includes(this.#text(at + 1)))
        modifiers.add(this.#text(at++));
      if (this.#text(at) === "*") at++;
      if (this.#text(at) === "@") throw new Unreadable();
      const isStatic = modifiers.has("static");
      if (isStatic && this.#text(at) === "{") {
        at = this.#after(at);
        continue;
      }
      const token = this.#tokens[at];
      const name = token.kind === "word" || token.kind === "string" ? token.text : null;
      at = this.#after(at);
      if (["?", "!"].includes(this.#text(at))) at++;
      at = this.#behindAngles(at);
      if (this.#text(at) === "(") {
        const count = name === "constructor" ? 0 : this.#parameterCount(at);
        at = this.#after(at);
        if (this.#text(at) === ":") at = this.#behindType(at + 1);
        const hasBody = this.#text(at) === "{";
        if (hasBody) at = this.#after(at);
        if (name === null || !hasBody) continue;
        const isAccessor = modifiers.has("get") || modifiers.has("set");
        if ((isStatic && name === "functionHint") || (!isStatic && (isAccessor || ANSWERING.has(name)))) throw new Unreadable();
        if (!isAccessor && name !== "constructor") defineMethod(isStatic ? made : (made.prototype as object), name, count);
        continue;
      }
      if (this.#text(at) === ":") at = this.#behindType(at + 1);
      if (this.#text(at) !== "=") continue;
      if (isStatic && name === "functionHint")
        Object.defineProperty(made, "functionHint", { value: new ValueReader(this, at + 1).value() });
      at = this.#behindInitializer(at + 1, end);
    }
  }

  #behindInitializer(from: number, end: number): number {
    for (let at = from; at < end; at = this.#after(at)) {
      if (this.#text(at) === ";") return at + 1;
      const { kind, startsLine } = this.#tokens[at];
      // A line that begins a member where an expression could end.
      if (
        at > from &&
        startsLine &&
        this.#endsType(at - 1) &&
        (kind === "word" || kind === "string" || ["#", "*", "@"].includes(this.#text(at)[0] ?? ""))
      )
        return at;
    }
    return end;
  }

  /** `length` of the method: parameters before the first with a default. */
  #parameterCount(open: number): number {
    const end = this.#closing.get(open)!;
    let count = 0;
    for (let at = open + 1; at < end; ) {
      if (this.#text(at) === "..." || this.#text(at) === "@") return count;
      const isThis = this.#word(at) === "this";
      at = this.#after(at);
      if (this.#text(at) === "?") at++;
      if (this.#text(at) === ":") at = this.#behindType(at + 1);
      if (this.#text(at) === "=") return count;
      if (!isThis) count++;
      if (this.#text(at) !== "," && at < end) throw new Unreadable();
      at++;
    }
    return count;
  }

  /** @internal What a value may need of the module. */
  view(): {
    tokens: readonly Token[];
    closing: ReadonlyMap<number, number>;
    constants: ReadonlyMap<string, number>;
    imported: ReadonlyMap<string, string>;
  } {
    return { tokens: this.#tokens, closing: this.#closing, constants: this.#constants, imported: this.#imported };
  }
}

/** Plain data as TypeScript writes it: literals, arrays, objects, constants of the module, types made by `DataTypes`. Functions are there, and do nothing. */
class ValueReader {
  readonly #module: ModuleReader;
  readonly #tokens: readonly Token[];
  readonly #depth: number;
  #at: number;

  constructor(module: ModuleReader, at: number, depth = 0) {
    this.#module = module;
    this.#tokens = module.view().tokens;
    this.#at = at;
    this.#depth = depth;
    if (depth > 20) throw new Unreadable();
  }

  value(): unknown {
    const value = this.#primary();
    while (this.#text() === "as" || this.#text() === "satisfies") {
      this.#at++;
      while (![",", ";", "}", "]", ")", "as", "satisfies", ""].includes(this.#text())) {
        if (this.#tokens[this.#at].startsLine) return value;
        this.#skip();
      }
    }
    const next = this.#tokens[this.#at];
    if (
      next === undefined ||
      [",", ";", "}", "]", ")"].includes(this.#text()) ||
      (next.startsLine && next.kind !== "punctuation" && next.kind !== "other")
    )
      return value;
    throw new Unreadable();
  }

  #text(): string {
    const token = this.#tokens[this.#at];
    return token === undefined ? "" : token.kind === "string" ? '"' : token.text;
  }

  #skip(): void {
    this.#at = (this.#module.view().closing.get(this.#at) ?? this.#at) + 1;
  }

  #primary(): unknown {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Unreadable();
    if (token.kind === "string") {
      this.#at++;
      return token.text;
    }
    if (token.kind === "number") {
      this.#at++;
      const number = Number(token.text.replaceAll("_", ""));
      if (Number.isNaN(number)) throw new Unreadable();
      return number;
    }
    if (token.text === "[") return this.#array();
    if (token.text === "{") return this.#object();
    if (token.text === "(") return this.#arrow();
    if (token.kind !== "word") throw new Unreadable();
    this.#at++;
    switch (token.text) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      case "undefined":
        return undefined;
    }
    const { imported, constants } = this.#module.view();
    let known = imported.get(token.text);
    if (known === "*" && this.#text() === ".") {
      this.#at++;
      known = this.#text();
      this.#at++;
    }
    if (known === "DataTypes") return this.#dataType();
    const constant = constants.get(token.text);
    if (constant === undefined) throw new Unreadable();
    return new ValueReader(this.#module, constant, this.#depth + 1).value();
  }

  #array(): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    while (this.#text() !== "]") {
      items.push(this.value());
      if (this.#text() === ",") this.#at++;
    }
    this.#at++;
    return items;
  }

  #object(): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.#at++;
    while (this.#text() !== "}") {
      const { kind, text } = this.#tokens[this.#at];
      if (kind !== "word" && kind !== "string") throw new Unreadable();
      this.#at++;
      if (this.#text() === ":") {
        this.#at++;
        fields[text] = this.value();
      } else if (this.#text() === "(") {
        this.#skip();
        if (this.#text() !== "{") throw new Unreadable();
        this.#skip();
        fields[text] = () => ({});
      } else {
        this.#at--;
        fields[text] = this.value();
      }
      if (this.#text() === ",") this.#at++;
    }
    this.#at++;
    return fields;
  }

  /** `() => …`, which nobody calls. */
  #arrow(): unknown {
    this.#skip();
    if (this.#text() !== "=>") throw new Unreadable();
    this.#at++;
    while (![",", "}", "]", ")", ";", ""].includes(this.#text())) this.#skip();
    return () => ({});
  }

  /** Behind `DataTypes`: `.ROW(…).notNull()`. These are our own functions, so they may be called. */
  #dataType(): unknown {
    let value: unknown = DataTypes;
    while (this.#text() === ".") {
      const name = this.#tokens[this.#at + 1]?.text ?? "";
      this.#at += 2;
      const isOurs = value === DataTypes ? Object.hasOwn(DataTypes, name) : ["notNull", "nullable"].includes(name);
      if (!isOurs || this.#text() !== "(") throw new Unreadable();
      this.#at++;
      const args: unknown[] = [];
      while (this.#text() !== ")") {
        args.push(this.value());
        if (this.#text() === ",") this.#at++;
      }
      this.#at++;
      try {
        value = (value as Record<string, (...args: unknown[]) => unknown>)[name](...args);
      } catch {
        throw new Unreadable();
      }
    }
    return value;
  }
}

function standIn(name: string, Base: abstract new () => object): FunctionClass {
  const made = class extends Base {
    /** Nothing here can be evaluated ahead of the job. */
    isDeterministic(): boolean {
      return false;
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made as unknown as FunctionClass;
}

function defineMethod(target: object, name: string, length: number): void {
  if (name === "isDeterministic" || name === "prototype" || name === "name" || name === "length") return;
  const method = (): null => null;
  Object.defineProperty(method, "length", { value: length });
  Object.defineProperty(target, name, { value: method, configurable: true, writable: true });
}
