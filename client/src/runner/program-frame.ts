/**
 * Runs programs in this browser: opens the frame without an origin (server: plugins/runner-frame.ts), has it start a worker that holds the guest, and talks
 * to that over a port. The frame stays for the next question; one that does not answer in time is removed, and its worker with it.
 */
import type { GuestAnswer, GuestRequest, LocalGuest } from "@millrace/grader/local";

export interface GuestScripts {
  readonly shell: string;
  readonly core: string;
  readonly tables: string;
}

/** This browser cannot run programs: it has no such frames or workers, or keeps something that no program may have. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
}

/** To open the frame, load the guest and seal it takes some tenths of a second. */
const OPENED_WITHIN_MS = 15_000;

interface Running {
  readonly frame: HTMLIFrameElement;
  readonly port: MessagePort;
}

interface FromGuest {
  readonly id?: number;
  readonly answer?: string;
  readonly ready?: true;
  readonly failed?: string;
}

export class ProgramFrame implements LocalGuest {
  readonly #scripts: () => Promise<GuestScripts>;
  #running: Promise<Running> | null = null;
  #last = 0;
  /** Gives up what is being waited for. */
  #giveUp: () => void = () => undefined;
  /** One question at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(scripts: () => Promise<GuestScripts>) {
    this.#scripts = scripts;
  }

  /** Opens it, so that the first run need not wait for that. Rejects as `ask` does. */
  async open(): Promise<void> {
    await this.#opened();
  }

  /** Rejects with CannotRun when it cannot be opened, and with what fetching its scripts rejects with. */
  ask(request: GuestRequest, withinMs: number): Promise<GuestAnswer | null> {
    const answer = this.#turn.then(() => this.#ask(request, withinMs));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Ends what runs, which is answered null. It opens again when it is asked. */
  close(): void {
    this.#giveUp();
    const running = this.#running;
    this.#running = null;
    running?.then(
      ({ frame, port }) => {
        port.close();
        frame.remove();
      },
      () => undefined,
    );
  }

  async #ask(request: GuestRequest, withinMs: number): Promise<GuestAnswer | null> {
    const { port } = await this.#opened();
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const timer = setTimeout(() => resolve(null), withinMs);
    this.#giveUp = () => resolve(null);
    port.onmessage = ({ data }: MessageEvent<FromGuest>) => {
      if (data.id === id && typeof data.answer === "string") resolve(data.answer);
    };
    port.postMessage({ id, request: JSON.stringify(request) });
    const answer = await promise;
    clearTimeout(timer);
    this.#giveUp = () => undefined;
    if (answer === null) this.close();
    return answer === null ? null : (JSON.parse(answer) as GuestAnswer);
  }

  async #opened(): Promise<Running> {
    this.#running ??= this.#open();
    const opening = this.#running;
    try {
      return await opening;
    } catch (error) {
      if (this.#running === opening) this.#running = null;
      throw error;
    }
  }

  async #open(): Promise<Running> {
    const scripts = await this.#scripts();
    if (typeof Worker !== "function" || typeof MessageChannel !== "function") throw new CannotRun("no workers");
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.hidden = true;
    frame.title = "";
    frame.setAttribute("aria-hidden", "true");
    frame.src = "/runner";
    const { port1: port, port2 } = new MessageChannel();
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new CannotRun("no answer")), OPENED_WITHIN_MS);
    const fromFrame = ({ source, data }: MessageEvent<FromGuest>) => {
      if (source === frame.contentWindow && typeof data?.failed === "string") reject(new CannotRun(data.failed));
    };
    addEventListener("message", fromFrame);
    port.onmessage = ({ data }: MessageEvent<FromGuest>) => {
      if (data.ready === true) resolve();
      else if (typeof data.failed === "string") reject(new CannotRun(data.failed));
    };
    frame.onload = () => frame.contentWindow?.postMessage(scripts, "*", [port2]);
    frame.onerror = () => reject(new CannotRun("no frame"));
    document.body.append(frame);
    try {
      await ready;
      return { frame, port };
    } catch (error) {
      port.close();
      frame.remove();
      throw error;
    } finally {
      clearTimeout(timer);
      removeEventListener("message", fromFrame);
    }
  }
}
