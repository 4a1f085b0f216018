/** A problem's folder while it is read: files with constants filled in, mistakes collected, and a hash over all that was read. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import type { z } from "zod";
import { type Constants, substitute } from "./constants.ts";
import { nearest } from "./nearest.ts";
import { readYaml, type YamlResult } from "./yaml-file.ts";

/** Files larger than this are refused; a pack's data stay small enough to be sent to a worker for each run. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export class ProblemFolder {
  readonly diagnostics: DiagnosticData[] = [];
  /** From problem.yaml, as soon as that is read. */
  constants: Constants = {};
  readonly #hash = createHash("sha256");
  readonly #dir: string;
  readonly #root: string;

  /** `root` is what paths in diagnostics are relative to. */
  constructor(dir: string, root: string) {
    this.#dir = dir;
    this.#root = root;
  }

  /** Hash over all files read so far. To be asked once, at the end. */
  contentHash(): string {
    return this.#hash.digest("hex");
  }

  /** The file's name in diagnostics. */
  shown(file: string): string {
    return relative(this.#root, join(this.#dir, file)) || file;
  }

  complain(code: string, file: string, message: string, span = { line: 1, column: 1 }, hint?: string): void {
    this.diagnostics.push({ code, message, phase: "validate", file: this.shown(file), span, ...(hint === undefined ? {} : { hint }) });
  }

  /** `name` is none of `known`. */
  complainUnknown(
    code: string,
    file: string,
    message: string,
    name: string,
    known: readonly string[],
    span = { line: 1, column: 1 },
  ): void {
    const guess = nearest(name, known);
    this.complain(code, file, message, span, guess === null ? undefined : `Did you mean \`${guess}\`?`);
  }

  /** Complains and stands in for the text. */
  missing(file: string): string {
    this.complain("PACK_MISSING_FILE", file, `Missing: ${file}.`);
    return "";
  }

  /** Text of a file with constants filled in, null when it does not exist. An unknown constant is an error in prose, and left alone in code. */
  text(file: string, unknown: "error" | "keep"): string | null {
    const raw = this.raw(file);
    if (raw === null) return null;
    const { text, diagnostics } = substitute(this.shown(file), raw, this.constants, unknown);
    this.diagnostics.push(...diagnostics);
    return text;
  }

  raw(file: string): string | null {
    const path = join(this.#dir, file);
    if (!existsSync(path)) return null;
    if (statSync(path).size > MAX_FILE_BYTES) {
      this.complain("PACK_FILE_TOO_LARGE", file, `${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB.`);
      return null;
    }
    const raw = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    this.#hash.update(`${file}\0${raw.length}\0`).update(raw);
    return raw;
  }

  /** null when the file does not exist. */
  yaml<T>(file: string, schema: z.ZodType<T>): YamlResult<T> | null {
    const text = this.text(file, "error");
    if (text === null) return null;
    const result = readYaml(this.shown(file), text, schema);
    this.diagnostics.push(...result.diagnostics);
    return result;
  }

  /** Names in a folder, sorted; those with a leading dot left out. */
  list(folder: string): string[] {
    const path = join(this.#dir, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => !name.startsWith("."))
      .sort();
  }
}
