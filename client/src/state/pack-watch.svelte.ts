/** A pack that one looks at: its report grows while the server verifies it, and goes on after a lost connection. */
import type { PackDetail, PackProblem, PackState } from "@millrace/server/contract";
import type { OpenPackEvents, PacksApi } from "../api/packs.ts";
import { type PackReport, reportOf, withLine } from "./pack-report.ts";

/** How long to wait before asking again after the stream has ended early. */
const POLL_MS = 2_000;

export class PackWatch {
  readonly id: string;
  #pack = $state.raw<PackDetail | null>(null);
  #problems = $state.raw<readonly PackProblem[]>([]);
  #planned = $state<number | null>(null);
  #interrupted = $state(false);
  #failure = $state.raw<unknown>(null);
  #close: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;
  readonly #api: Pick<PacksApi, "find" | "problems">;
  readonly #open: OpenPackEvents;

  readonly report: PackReport = $derived(reportOf(this.#pack?.report ?? [], this.#problems));

  constructor(id: string, api: Pick<PacksApi, "find" | "problems">, open: OpenPackEvents) {
    this.id = id;
    this.#api = api;
    this.#open = open;
  }

  get pack(): PackDetail | null {
    return this.#pack;
  }

  get problems(): readonly PackProblem[] {
    return this.#problems;
  }

  /** How many lines the report will have; null = not known. */
  get planned(): number | null {
    return this.#planned;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Why there is nothing to show; null = there is, or it is on its way. */
  get failure(): unknown {
    return this.#failure;
  }

  async load(): Promise<void> {
    this.#failure = null;
    try {
      this.#pack = await this.#api.find(this.id);
      // Only titles: a report without them is still one.
      this.#problems = await this.#api.problems(this.id).catch(() => []);
      if (!this.#stopped && isOpen(this.#pack.state)) this.#follow();
    } catch (error) {
      this.#failure = error;
    }
  }

  /** What the server said of it meanwhile, e.g. after a change of its status; followed when it is being verified anew. */
  adopt(pack: PackDetail): void {
    const wasOpen = this.#pack !== null && isOpen(this.#pack.state);
    this.#pack = pack;
    if (this.#stopped || wasOpen || !isOpen(pack.state)) return;
    this.#planned = null;
    this.#follow();
  }

  stop(): void {
    this.#stopped = true;
    this.#close?.();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #follow(): void {
    this.#close?.();
    this.#close = this.#open(this.id, {
      message: (event) => {
        this.#interrupted = false;
        const pack = this.#pack;
        if (pack === null) return;
        if (event.kind === "begun") {
          this.#planned = null;
          this.#pack = { ...pack, state: "verifying", report: [] };
        } else if (event.kind === "planned") this.#planned = event.lines;
        else if (event.kind === "line") this.#pack = { ...pack, state: "verifying", report: withLine(pack.report, event.line) };
        else void this.#finish(event.state);
      },
      interrupted: () => {
        this.#interrupted = true;
      },
      closed: () => this.#later(),
    });
  }

  /** The last word is the stored report. */
  async #finish(state: PackState): Promise<void> {
    try {
      this.#pack = await this.#api.find(this.id);
    } catch {
      if (this.#pack !== null) this.#pack = { ...this.#pack, state };
    }
  }

  #later(): void {
    if (this.#stopped) return;
    this.#interrupted = true;
    this.#timer = setTimeout(() => void this.#again(), POLL_MS);
  }

  async #again(): Promise<void> {
    try {
      this.#pack = await this.#api.find(this.id);
      this.#interrupted = false;
      if (!this.#stopped && isOpen(this.#pack.state)) this.#follow();
    } catch {
      // Still away; `interrupted` says so.
      this.#later();
    }
  }
}

export function isOpen(state: PackState): boolean {
  return state === "waiting" || state === "verifying";
}
