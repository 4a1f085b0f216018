/** Functions that CREATE FUNCTION has made known, by path; the classes behind them come from whoever holds the session. */
import type { FunctionLanguage } from "../1-parse/ast.ts";
import type { FunctionLike } from "../user-functions/function-signature.ts";
import type { Catalog } from "./catalog.ts";
import { type ObjectPath, pathText } from "./object-path.ts";

export interface UserFunction {
  /** null = a system function: no path, found by its name from everywhere. */
  readonly path: ObjectPath | null;
  readonly name: string;
  readonly temporary: boolean;
  readonly className: string;
  readonly language: FunctionLanguage;
  /** The class, or the object that was registered; null = nobody knows the class. */
  readonly implementation: FunctionLike | null;
}

export class UserFunctions {
  private readonly permanent = new Map<string, UserFunction>();
  private readonly temporary = new Map<string, UserFunction>();
  private readonly system = new Map<string, UserFunction>();

  /** The registry in which a function of this kind is, and its key there. Names are the same in either case, as in Flink. */
  private placeOf(path: ObjectPath | null, name: string, temporary: boolean): [Map<string, UserFunction>, string] {
    if (path === null) return [this.system, name.toLowerCase()];
    return [temporary ? this.temporary : this.permanent, pathText({ ...path, name: name.toLowerCase() })];
  }

  get(path: ObjectPath | null, name: string, temporary: boolean): UserFunction | undefined {
    const [registry, key] = this.placeOf(path, name, temporary);
    return registry.get(key);
  }

  set(fn: UserFunction): void {
    const [registry, key] = this.placeOf(fn.path, fn.name, fn.temporary);
    registry.set(key, fn);
  }

  /** False = there is none. */
  delete(path: ObjectPath | null, name: string, temporary: boolean): boolean {
    const [registry, key] = this.placeOf(path, name, temporary);
    return registry.delete(key);
  }

  /** What a name in a query means: temporary system functions first, then temporary ones, then those of the catalog. */
  find(parts: readonly string[], catalog: Catalog): UserFunction | undefined {
    const path = catalog.qualify(parts);
    const system = parts.length === 1 ? this.get(null, parts[0], true) : undefined;
    return system ?? this.get(path, path.name, true) ?? this.get(path, path.name, false);
  }

  names(): string[] {
    return [...this.system.values(), ...this.temporary.values(), ...this.permanent.values()].map(({ name }) => name.toLowerCase());
  }
}
