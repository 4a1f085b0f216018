/**
 * Evaluates CommonJS scripts as functions of (require, module, exports), anew for each call, and finds their frames in stack traces.
 * `new Function` parses the body on its own, so a script cannot close the function it is wrapped in.
 */
import { decodeMappings, type LineMappings, originalPosition } from "../compile/source-map.ts";
import type { GuestModule } from "./protocol.ts";

type Factory = (require: (specifier: string) => unknown, module: { exports: unknown }, exports: unknown) => void;

const FunctionConstructor = Function;
const parseJson = JSON.parse;

/** Lines that `new Function` puts in front of a body. */
const HEADER_LINES = (() => {
  const probe = new FunctionConstructor("require", "module", "exports", "return new Error().stack\n//# sourceURL=probe.ts") as () => string;
  return Number(/probe\.ts:(\d+)/.exec(probe())?.[1] ?? "1") - 1;
})();

/** A compiled script; `file` is what its frames are called. */
export class LearnerModule {
  readonly #factory: Factory;
  readonly #modules = new Map<string, () => unknown>();
  readonly #mappings: LineMappings;
  readonly #frame: RegExp;
  /** null = the submitted file, whose name goes without saying. */
  readonly #file: string | null;
  readonly #flink: unknown;

  constructor(file: string, code: { script: string; mappings: string }, modules: Readonly<Record<string, GuestModule>>, flink: unknown) {
    this.#factory = compile(file, code.script);
    this.#mappings = decodeMappings(code.mappings);
    this.#frame = new RegExp(`\\b${file.replace(/[.\\]/g, "\\$&")}:(\\d+):(\\d+)`);
    this.#file = file === "solution.ts" ? null : file;
    this.#flink = flink;
    for (const [specifier, module] of Object.entries(modules)) {
      if (module.kind === "json") {
        this.#modules.set(specifier, () => ({ __esModule: true, default: parseJson(module.text) }));
      } else {
        const factory = compile(`${specifier.replace("./", "")}.ts`, module.text);
        this.#modules.set(specifier, () => evaluate(factory, (inner) => this.#require(inner)));
      }
    }
  }

  /** Runs the script with fresh variables, in its imports too; gives its exports. */
  evaluate(): Readonly<Record<string, unknown>> {
    const loaded = new Map<string, unknown>();
    const require = (specifier: string): unknown => {
      if (!loaded.has(specifier)) loaded.set(specifier, this.#require(specifier));
      return loaded.get(specifier);
    };
    return evaluate(this.#factory, require) as Readonly<Record<string, unknown>>;
  }

  /** Where in the file the topmost frame of a stack trace lies. */
  position(stack: string): { line: number; column: number; file?: string } | null {
    const match = this.#frame.exec(stack);
    if (match === null) return null;
    const position = originalPosition(this.#mappings, Number(match[1]) - HEADER_LINES, Number(match[2]));
    return position === null || this.#file === null ? position : { ...position, file: this.#file };
  }

  #require(specifier: string): unknown {
    if (specifier === "flink") return this.#flink;
    const load = this.#modules.get(specifier);
    if (load === undefined) throw new Error(`Module "${specifier}" cannot be imported.`);
    return load();
  }
}

function compile(file: string, script: string): Factory {
  return new FunctionConstructor("require", "module", "exports", `"use strict";${script}\n//# sourceURL=${file}`) as Factory;
}

function evaluate(factory: Factory, require: (specifier: string) => unknown): unknown {
  const module: { exports: unknown } = { exports: {} };
  factory(require, module, module.exports);
  return module.exports;
}
