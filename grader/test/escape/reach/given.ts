/**
 * The crawler, inside the isolate: walks over all that leads on from an object (own and inherited properties, symbols, accessors, prototypes with their constructors and
 * statics, results of methods that need no argument, what iterators give) and notes which classes are met and which names they have.
 *
 * `spied` has it walk over all that the engine hands to a program's own functions. What is met is printed: `Class: name name …`; what lies in plain
 * objects is noted with the class or the call that led there.
 */
import { Boundedness, type Source } from "flink";
import allowed from "./allowed.json";

/** What may be met, see public-members.ts; `own` are the program's classes. */
const { classes, all, own, data, harmless, paths } = allowed as {
  readonly classes: Readonly<Record<string, readonly string[]>>;
  readonly all: readonly string[];
  readonly own: readonly string[];
  /** Fields of the program's records. */
  readonly data: readonly string[];
  /** See harmless.ts. */
  readonly harmless: Readonly<Record<string, readonly string[]>>;
  readonly paths: readonly string[];
};
const harmlessPaths = paths.map((path) => new RegExp(path));
const classesMet = new Set<string>();

function isAllowed(where: string, name: string): boolean {
  const isStatic = where.endsWith(".");
  const bare = where.replace(/^_/, "").replace(/\.$/, "");
  const suffix = isStatic ? "." : "";
  if (harmless[`${bare}${suffix}`]?.includes(name) === true) return true;
  for (const known of [bare, bare.replace(/\d+$/, "")]) {
    if (own.includes(known)) return true;
    const names = classes[`${known}${suffix}`];
    if (names !== undefined) {
      classesMet.add(known);
      return (
        names.includes(name) || (harmless[`${known}${suffix}`] ?? []).includes(name) || /^(message|name|stack|cause|toString)$/.test(name)
      );
    }
  }
  if (/^(message|name|stack|cause)$/.test(name)) return true;
  return all.includes(name) || data.includes(name) || harmlessPaths.some((path) => path.test(where));
}

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

const seen = new Set<unknown>();
const met = new Map<string, Set<string>>();
const pending: string[] = [];
const MAX_LINE = 400;

/** Belong to the language, as far as is reached from it: everything there is frozen, and the attacks beside have a look at it. */
const languages = new Set<unknown>();
for (const start of [globalThis, getPrototypeOf([].values()), getPrototypeOf(function* () {}), getPrototypeOf(async () => undefined)]) {
  const queue: unknown[] = [start];
  for (let next = queue.pop(); next !== undefined || queue.length > 0; next = queue.pop()) {
    if ((typeof next !== "object" && typeof next !== "function") || next === null || languages.has(next)) continue;
    languages.add(next);
    queue.push(getPrototypeOf(next));
    for (const key of ownKeys(next)) {
      const { value, get, set } = getOwnPropertyDescriptor(next, key) ?? {};
      queue.push(value, get, set);
    }
  }
}

/** Methods that would end or change the run without showing anything. */
const LEFT_OUT =
  /^(execute|executeAsync|executeInsert|close|clear|finish|start|open|sendSplitRequest|wait|await|abort|commit|next|retryLater|signal.*|fail.*|flush)$/;

interface Found {
  readonly value: unknown;
  /** For what has no class of its own. */
  readonly from: string;
}

/** Walks over everything that leads on from the value. */
export function look(value: unknown, from: string): void {
  const queue: Found[] = [{ value, from }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { value, from } = next;
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value) || languages.has(value)) continue;
    seen.add(value);
    // Streams give streams give streams: of what has been met often enough, nothing new is to be learnt.
    const kind = isPlain(value) ? from : classOf(value);
    const times = (often.get(kind) ?? 0) + 1;
    often.set(kind, times);
    if (times <= OFTEN_ENOUGH)
      queue.push(...leadsOn(value, from.length > 120 ? `${from.slice(0, 60)}…${from.slice(-50)}` : from, times <= CALLED));
  }
  if (pending.length > 0 && pending.join("").length > MAX_LINE) tell();
}

/** Where an object of a class was met first. */
const cameFrom = new Map<string, string>();
const often = new Map<string, number>();
const OFTEN_ENOUGH = 40;
/** So many objects of a class have their methods called. */
const CALLED = 4;

function leadsOn(object: object, from: string, calls: boolean): Found[] {
  const found: Found[] = [];
  const own = isPlain(object);
  const name = own ? from : classOf(object);
  if (!own && !cameFrom.has(name)) cameFrom.set(name, from);
  let holder: object | null = object;
  for (; holder !== null && !languages.has(holder); holder = getPrototypeOf(holder) as object | null) {
    // A class' statics are noted with it.
    const where = typeof holder === "function" ? `${holder.name}.` : holder === object ? name : classOf(holder);
    for (const key of ownKeys(holder)) {
      if (typeof holder === "function" && (key === "length" || key === "name" || key === "prototype")) {
        if (key === "prototype") found.push({ value: (holder as { prototype?: unknown }).prototype, from: where });
        continue;
      }
      if (Array.isArray(holder) || ArrayBuffer.isView(holder)) {
        if (key !== "length") found.push({ value: getOwnPropertyDescriptor(holder, key)?.value, from: `${from}[]` });
        continue;
      }
      if (key !== "constructor") note(where, String(key));
      found.push(...values(object, holder, key, own ? `${from}.${String(key)}` : `${name}.${String(key)}`, calls));
    }
  }
  if (object instanceof Map || object instanceof Set) {
    for (const entry of object as Iterable<unknown>)
      found.push(...(Array.isArray(entry) ? entry : [entry]).map((value: unknown) => ({ value, from: `${from}<>` })));
  }
  return found;
}

function values(object: object, holder: object, key: PropertyKey, from: string, calls: boolean): Found[] {
  const { value, get, set } = getOwnPropertyDescriptor(holder, key) ?? {};
  const found: Found[] = [get, set].map((value) => ({ value, from }));
  if (get !== undefined) {
    try {
      found.push({ value: (object as Record<PropertyKey, unknown>)[key], from });
    } catch (error) {
      found.push({ value: error, from });
    }
    return found;
  }
  found.push({ value, from });
  if (!calls || typeof value !== "function" || key === "constructor" || value.length > 0 || LEFT_OUT.test(String(key)) || isClass(value))
    return found;
  try {
    const result: unknown = Reflect.apply(value, object, []);
    found.push({ value: result, from: `${from}()` });
    if (typeof result === "object" && result !== null && Symbol.iterator in result && !Array.isArray(result)) {
      let left = 20;
      for (const element of result as Iterable<unknown>) {
        found.push({ value: element, from: `${from}()[]` });
        if (--left === 0) break;
      }
    }
  } catch (error) {
    found.push({ value: error, from });
  }
  return found;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function isPlain(value: object): boolean {
  if (typeof value === "function" || Array.isArray(value)) return true;
  const prototype: unknown = getPrototypeOf(value);
  return prototype === null || (prototype === Object.prototype && !Object.hasOwn(value, "constructor"));
}

function classOf(object: object): string {
  const prototype = getPrototypeOf(object) as object | null;
  const own = getOwnPropertyDescriptor(object, "constructor")?.value as { name?: unknown } | undefined;
  const made = own ?? (getOwnPropertyDescriptor(prototype ?? {}, "constructor")?.value as { name?: unknown } | undefined);
  return typeof made?.name === "string" && made.name !== "" ? made.name : "nameless";
}

function note(where: string, name: string): void {
  let names = met.get(where);
  if (names === undefined) {
    names = new Set();
    met.set(where, names);
  }
  if (names.has(name)) return;
  names.add(name);
  if (isAllowed(where, name)) return;
  if (names.size === 1 && cameFrom.has(where)) pending.push(`${where}|<-${cameFrom.get(where)}`);
  pending.push(`${where}|${name}`);
}

/** Prints what is new, in lines that the console keeps whole. */
export function tell(): void {
  let line = "";
  let last = "";
  for (const entry of pending.splice(0).sort()) {
    const [where = "", name = ""] = entry.split("|");
    const piece = where === last && line !== "" ? ` ${name}` : `${line === "" ? "" : "; "}${where}: ${name}`;
    if (line.length + piece.length > MAX_LINE) {
      console.log(`! ${line}`);
      line = `${where}: ${name}`;
    } else line += piece;
    last = where;
  }
  if (line !== "") console.log(`! ${line}`);
  if (classesMet.size > told) console.log(`met ${[...classesMet].sort().join(" ").slice(0, MAX_LINE)}`);
  told = classesMet.size;
}

let told = 0;

/**
 * The program's own function, with each of its methods looking at all that the engine hands it, `this` included: a function that is called as somebody's method
 * gets that somebody.
 */
export function spied<F>(own: F, as: string): F {
  if (typeof own === "function" && !isClass(own)) {
    const spy = function (this: unknown, ...args: unknown[]): unknown {
      look(this, `${as}.this`);
      args.forEach((argument, index) => look(argument, `${as}(${index})`));
      return Reflect.apply(own, this, args);
    };
    // By the number of its parameters some functions are told apart.
    Object.defineProperty(spy, "length", { value: own.length });
    return spy as F;
  }
  const object = own as object;
  const done = new Set<PropertyKey>(["constructor"]);
  for (let holder: object | null = object; holder !== null && !languages.has(holder); holder = getPrototypeOf(holder) as object | null) {
    for (const key of ownKeys(holder)) {
      const method: unknown = getOwnPropertyDescriptor(holder, key)?.value;
      if (done.has(key) || typeof method !== "function") continue;
      done.add(key);
      const name = `${as}.${String(key)}`;
      Object.defineProperty(object, key, {
        configurable: true,
        writable: true,
        value(this: unknown, ...args: unknown[]): unknown {
          args.forEach((argument, index) => look(argument, `${name}(${index})`));
          const result: unknown = Reflect.apply(method, this, args);
          if (key === "close") tell();
          return result;
        },
      });
    }
  }
  return own;
}

/** Spied, and all that its methods give too: readers, writers, committers. */
export function spiedThrough<F extends object>(own: F, as: string): F {
  spied(own, as);
  for (const key of ownKeys(own)) {
    const method: unknown = getOwnPropertyDescriptor(own, key)?.value;
    if (typeof method !== "function") continue;
    Object.defineProperty(own, key, {
      configurable: true,
      writable: true,
      value(this: unknown, ...args: unknown[]): unknown {
        const result: unknown = Reflect.apply(method, this, args);
        look(result, `${as}.${String(key)}()`);
        return typeof result === "object" && result !== null && Object.isExtensible(result) && /^(create|restore)/.test(String(key))
          ? spied(result, `${as}.${String(key)}()`)
          : result;
      },
    });
  }
  return own;
}

/** A source of the program's own around one of the engine's: it sees all that passes between engine and connector. */
export function around<T>(source: Source<T>, as: string): Source<T> {
  look(source, as);
  const own: Source<T> = {
    getBoundedness: () => source.getBoundedness?.() ?? Boundedness.CONTINUOUS_UNBOUNDED,
    createReader: (context) => source.createReader(context),
    createEnumerator: (context) => source.createEnumerator(context),
    restoreEnumerator: (context, checkpoint) => source.restoreEnumerator(context, checkpoint),
  };
  return spiedThrough(own, as);
}
