/** A grading process started from its file, as a child of this process, in an empty directory of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyEnvironment } from "./empty-environment.ts";
import type { LinkEvents, ProcessLink } from "./process-link.ts";

export class SpawnedLink implements ProcessLink {
  readonly #child: ChildProcess;
  readonly #dir: string;
  #complaint = "";

  /** @param program path of a script; @param flags Node's */
  constructor(program: string, flags: readonly string[], events: LinkEvents) {
    this.#dir = mkdtempSync(join(tmpdir(), "millrace-"));
    this.#child = spawn(process.execPath, [...flags, program], {
      cwd: this.#dir,
      env: emptyEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => events.onData(chunk));
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString("utf8")).slice(-2000);
    });
    this.#child.stdin!.on("error", () => undefined); // A dying process breaks its pipe; "exit" tells.
    this.#child.on("error", (error) => events.onEnd(error.message));
    this.#child.on("exit", (code, signal) => events.onEnd(`${signal ?? code} ${this.#complaint}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  write(text: string): void {
    this.#child.stdin!.write(text);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
