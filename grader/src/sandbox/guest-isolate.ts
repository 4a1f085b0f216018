/** The isolate of a grading process: the engine's core in it, its tables when a program needs them, questions in, answers out. */
import { readFileSync, writeFileSync } from "node:fs";
import ivm from "isolated-vm";
import type { KeptCode, ScriptFiles } from "./protocol.ts";

const CORE_FILE = "millrace-guest.js";
const TABLES_FILE = "millrace-guest-tables.js";

/** Throws what isolated-vm throws; `faultOf` says what that means. */
export class GuestIsolate {
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #attach: ivm.Reference<(part: unknown) => void>;
  readonly #answer: ivm.Reference<(request: string) => string>;
  readonly #latest: ivm.Reference<() => string>;

  /** Evaluates the core, and seals what learners' code can reach of it. */
  constructor(memoryMb: number, core: ScriptFiles) {
    // After a catastrophic error the isolate's thread never ends, and neither would exit().
    this.#isolate = new ivm.Isolate({ memoryLimit: memoryMb, onCatastrophicError: () => process.abort() });
    this.#context = this.#isolate.createContextSync();
    this.#compiled(core, CORE_FILE).runSync(this.#context);
    const guest = this.#context.global.getSync("__millraceGuest", { reference: true });
    this.#answer = guest.getSync("answer", { reference: true }) as ivm.Reference<(request: string) => string>;
    this.#latest = guest.getSync("latest", { reference: true }) as ivm.Reference<() => string>;
    this.#attach = guest.getSync("attach", { reference: true }) as ivm.Reference<(part: unknown) => void>;
    const seal = guest.getSync("seal", { reference: true }) as ivm.Reference<() => void>;
    this.#context.global.deleteSync("__millraceGuest");
    seal.applySync(undefined, []);
  }

  /** SQL and the Table API come into the isolate. */
  attach(tables: ScriptFiles): void {
    const part = this.#compiled(tables, TABLES_FILE).runSync(this.#context, { reference: true }) as ivm.Reference;
    this.#attach.applySync(undefined, [part.derefInto()]);
  }

  /** Answers on a thread of its own. Throws when that takes longer than `wallMs`. */
  async answer(request: string, wallMs: number): Promise<string> {
    return checked(
      await this.#answer.apply(undefined, [request], { timeout: wallMs }).catch((error: unknown) => this.#answerBehind(error)),
    );
  }

  /** Answers on the caller's thread, which can do nothing else meanwhile; nothing in here ends it. */
  answerHere(request: string): string {
    try {
      return checked(this.#answer.applySync(undefined, [request]));
    } catch (error) {
      return this.#answerBehind(error);
    }
  }

  /** Compiling the same text again in the same isolate finds the functions that have been compiled lazily, so the code has them too. */
  keepCode(core: KeptCode, tables: KeptCode): void {
    for (const [filename, { text, to }] of [
      [CORE_FILE, core],
      [TABLES_FILE, tables],
    ] as const) {
      const options = { filename, produceCachedData: true } as const;
      const script: ivm.Script & ivm.CachedDataResult = this.#isolate.compileScriptSync(readFileSync(text, "utf8"), options);
      if (script.cachedData === undefined) throw new Error("V8 gave no code");
      writeFileSync(to, new Uint8Array(script.cachedData.copy()));
    }
  }

  dispose(): void {
    this.#isolate.dispose();
  }

  /**
   * A rejection that no program has handled is thrown at whoever has called into the isolate, unless the garbage collector was quicker. The guest has
   * answered all the same: that is asked for once more. Throws what was thrown when there is no answer.
   */
  #answerBehind(error: unknown): string {
    if (faultOf(error) !== "error") throw error;
    const latest = this.#latest.applySync(undefined, []);
    if (typeof latest !== "string" || latest === "") throw error;
    return latest;
  }

  /** V8 itself refuses code that another version of it, or one with other flags, has made; then the text is compiled. */
  #compiled({ text, code }: ScriptFiles, filename: string): ivm.Script {
    const kept = code === null ? {} : { cachedData: new ivm.ExternalCopy(bytesOf(code)) };
    return this.#isolate.compileScriptSync(readFileSync(text, "utf8"), { filename, ...kept });
  }
}

/** What kind of end it was that isolated-vm tells with this error. */
export function faultOf(error: unknown): "timeout" | "memory" | "error" {
  const message = messageOf(error);
  if (message.includes("timed out")) return "timeout";
  return message.includes("disposed") || message.includes("memory limit") ? "memory" : "error";
}

/** With the stack, for our own eyes. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function checked(answer: unknown): string {
  if (typeof answer !== "string") throw new Error("the guest gave no text");
  return answer;
}

function bytesOf(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
