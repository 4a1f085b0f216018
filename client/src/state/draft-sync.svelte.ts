/**
 * Keeps the texts of one problem on the server as well as in the browser, so that one can go on at another machine.
 *
 * The browser's text is the one that is worked on, and is never replaced while there is something in it that the server does not have. Of each file is remembered
 * which revision of the server's it was last equal to:
 *
 * - only the server's has changed since: it is taken over;
 * - only the browser's has: it is sent, a moment after the last key;
 * - both have: the browser's is sent, and what it takes the place of is offered.
 *
 * A server that is away is asked again later; until then the text is safe in the browser, and that it is only there is said.
 */
import type { Draft } from "@millrace/server/contract";
import type { DraftApi } from "../api/drafts.ts";
import { ApiFailure, sentenceOf } from "../api/failure.ts";
import { type DraftFile, Drafts } from "./drafts.ts";
import { textFingerprint } from "./stage-address.ts";
import type { KeyValueStore } from "./storage.ts";

export interface DraftSyncParts {
  readonly api: DraftApi;
  readonly store: KeyValueStore;
  readonly problem: string;
  /** Files that the problem has. */
  readonly files: readonly DraftFile[];
  /** A text of the server's takes the place of the browser's. */
  readonly adopted: (file: DraftFile, text: string, savedAtMs: number) => void;
}

/** A text that another machine had saved, and that the one here has taken the place of. */
export interface OtherDraft {
  readonly file: DraftFile;
  readonly text: string;
  readonly savedAtMs: number;
}

const QUIET_MS = 1_500;
const RETRY_MS = [4_000, 15_000, 60_000] as const;

export class DraftSync {
  readonly #parts: DraftSyncParts;
  readonly #drafts: Drafts;
  /** Files whose text the server does not have. */
  #waiting = $state.raw<ReadonlySet<DraftFile>>(new Set());
  #away = $state(false);
  #refusal = $state<string | null>(null);
  #other = $state.raw<OtherDraft | null>(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #sending = false;
  #left = false;

  constructor(parts: DraftSyncParts) {
    this.#parts = parts;
    this.#drafts = new Drafts(parts.store);
  }

  /** The text is in this browser only, and will be for a while. */
  get isHereOnly(): boolean {
    return this.#waiting.size > 0 && (this.#away || this.#refusal !== null);
  }

  /** Why the server does not take it; null = it does, or is away. */
  get refusal(): string | null {
    return this.#refusal;
  }

  get other(): OtherDraft | null {
    return this.#other;
  }

  dismissOther(): void {
    this.#other = null;
  }

  /** Compares both sides once. */
  async start(): Promise<void> {
    let theirs: readonly Draft[];
    try {
      theirs = await this.#parts.api.list(this.#parts.problem);
    } catch {
      // Whatever is edited is sent all the same, and the server says then what it has.
      return;
    }
    for (const file of this.#parts.files) {
      const draft = theirs.find((candidate) => candidate.file === file);
      const [here, known] = [this.#drafts.read(this.#parts.problem, file), this.#known(file)];
      const isClean = here === null ? known === null : known?.text === textFingerprint([here]);
      if (draft === undefined) {
        // It was reset elsewhere, or is from before texts were kept there.
        if (here !== null && !isClean) this.#wait(file);
      } else if (here === draft.text) this.#remember(file, draft.revision, draft.text);
      else if (isClean && draft.revision > (known?.revision ?? 0)) this.#adopt(file, draft);
      else if (here !== null && !isClean) this.#wait(file);
    }
    if (this.#waiting.size > 0) await this.#send();
  }

  /** A file has another text in the browser. */
  changed(file: DraftFile): void {
    this.#wait(file);
    this.#later(QUIET_MS);
  }

  /** A file is as the problem gives it. */
  removed(file: DraftFile): void {
    this.#waiting = without(this.#waiting, file);
    const isThere = this.#known(file) !== null;
    this.#parts.store.remove(this.#key(file));
    if (isThere) this.#parts.api.remove(this.#parts.problem, file).catch(() => undefined);
  }

  /** The other machine's text instead of the one here, which the server keeps no longer. */
  takeOther(): void {
    const other = this.#other;
    if (other === null) return;
    this.#other = null;
    this.#parts.adopted(other.file, other.text, other.savedAtMs);
    this.changed(other.file);
  }

  /** Sends what is not there yet, for the last time: the workspace is left. */
  leave(): void {
    this.#left = true;
    this.flush();
  }

  /** Sends what is not there yet, in calls that outlive the page. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const file of this.#waiting) {
      const text = this.#drafts.read(this.#parts.problem, file);
      if (text === null) continue;
      // What it would take the place of could not be offered: then it stays here, and is sent when one comes back.
      const sent = this.#parts.api.save(this.#parts.problem, file, { ...this.#bodyOf(file, text), unlessChanged: true }, true);
      sent.then(
        ({ revision }) => this.#remember(file, revision, text),
        () => this.#later(RETRY_MS[0]),
      );
    }
  }

  #wait(file: DraftFile): void {
    if (!this.#waiting.has(file)) this.#waiting = new Set([...this.#waiting, file]);
  }

  #later(afterMs: number): void {
    if (this.#left) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), afterMs);
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#left) return;
    this.#sending = true;
    try {
      for (const file of this.#waiting) await this.#sendOne(file);
      this.#failures = 0;
      this.#away = false;
      this.#refusal = null;
    } catch (error) {
      if (error instanceof ApiFailure && !error.away && error.code !== "LOGIN_REQUIRED") this.#refusal = sentenceOf(error);
      this.#away = true;
      this.#later(RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!);
    } finally {
      this.#sending = false;
    }
    // Somebody typed on while it was sent.
    if (this.#waiting.size > 0 && this.#timer === null) this.#later(QUIET_MS);
  }

  async #sendOne(file: DraftFile): Promise<void> {
    const text = this.#drafts.read(this.#parts.problem, file);
    this.#timer = null;
    if (text === null) {
      this.#waiting = without(this.#waiting, file);
      return;
    }
    const { revision, overwritten } = await this.#parts.api.save(this.#parts.problem, file, this.#bodyOf(file, text));
    this.#remember(file, revision, text);
    if (overwritten !== null && overwritten.text !== text) this.#other = { file, text: overwritten.text, savedAtMs: overwritten.savedAtMs };
    if (this.#drafts.read(this.#parts.problem, file) === text) this.#waiting = without(this.#waiting, file);
  }

  #bodyOf(file: DraftFile, text: string): { text: string; baseRevision: number } {
    return { text, baseRevision: this.#known(file)?.revision ?? 0 };
  }

  #adopt(file: DraftFile, { revision, text, savedAtMs }: Draft): void {
    this.#drafts.write(this.#parts.problem, file, text);
    this.#remember(file, revision, text);
    this.#parts.adopted(file, text, savedAtMs);
  }

  #remember(file: DraftFile, revision: number, text: string): void {
    this.#parts.store.set(this.#key(file), JSON.stringify({ revision, text: textFingerprint([text]) }));
  }

  #known(file: DraftFile): { readonly revision: number; readonly text: string } | null {
    try {
      const known: unknown = JSON.parse(this.#parts.store.get(this.#key(file)) ?? "null");
      if (typeof known !== "object" || known === null || !("revision" in known) || !("text" in known)) return null;
      return typeof known.revision === "number" && typeof known.text === "string" ? { revision: known.revision, text: known.text } : null;
    } catch {
      return null;
    }
  }

  #key(file: DraftFile): string {
    return `synced.${this.#parts.problem}.${file}`;
  }
}

function without(files: ReadonlySet<DraftFile>, file: DraftFile): ReadonlySet<DraftFile> {
  return new Set([...files].filter((other) => other !== file));
}
