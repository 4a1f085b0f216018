/** One server-sent event stream: headers, framing, back pressure, heartbeat. */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

const HEARTBEAT_MS = 15_000;
const RECONNECT_AFTER_MS = 1_000;

export class EventStream {
  readonly #response: ServerResponse;
  readonly #heartbeat: NodeJS.Timeout;
  #woken = false;
  #wakeSleeper: (() => void) | null = null;

  /** Takes the reply out of Fastify's hands; its headers so far (security) are kept. */
  static open(reply: FastifyReply): EventStream {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    reply.raw.write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
    return new EventStream(reply.raw);
  }

  private constructor(response: ServerResponse) {
    this.#response = response;
    response.on("close", () => this.wake());
    // A comment keeps proxies from closing a quiet stream; the wake makes the reader look for events of another process.
    this.#heartbeat = setInterval(() => {
      if (this.isOpen && !response.writableNeedDrain) response.write(": alive\n\n");
      this.wake();
    }, HEARTBEAT_MS);
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** Resolves when the client can take more. */
  async send(id: number | string, data: unknown): Promise<void> {
    if (!this.isOpen || this.#response.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#response.off("drain", done).off("close", done);
        resolve();
      };
      this.#response.on("drain", done).on("close", done);
    });
  }

  /** Resolves at the next `wake`, at once when there was one since the last sleep. */
  async sleep(): Promise<void> {
    if (!this.#woken && this.isOpen) {
      await new Promise<void>((resolve) => {
        this.#wakeSleeper = resolve;
      });
    }
    this.#woken = false;
  }

  wake(): void {
    this.#woken = true;
    this.#wakeSleeper?.();
    this.#wakeSleeper = null;
  }

  end(): void {
    clearInterval(this.#heartbeat);
    if (this.isOpen) this.#response.end();
    this.wake();
  }
}
