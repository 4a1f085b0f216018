/**
 * The event streams of a route. Each lives as long as its viewer may watch: who logs out, is blocked, gets another password or loses the role is sent nothing more, at once where
 * this server ended the session, else within a heartbeat. A session is not kept alive by a stream.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { SESSIONS_ENDED } from "../services/accounts/session-service.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";
import { EventStream } from "./event-stream.ts";

export interface Watch {
  /** The signal that there is news. */
  readonly topic: string;
  /**
   * Sends what there is; true = that was all, ever. Reads what it is about by the viewer given, who may be allowed less than before: an `ApiFailure` ends the
   * stream, and the client hears the reason when it asks again.
   */
  readonly tell: (stream: EventStream, viewer: Viewer) => Promise<boolean>;
}

export class EventStreams {
  readonly #open = new Set<EventStream>();
  readonly #parts: Pick<Parts, "metrics" | "sessions" | "signals">;

  constructor(app: FastifyInstance, parts: Pick<Parts, "metrics" | "sessions" | "signals">) {
    this.#parts = parts;
    app.addHook("preClose", async () => {
      for (const stream of this.#open) stream.end();
    });
  }

  /** Resolves when the stream has ended. */
  async serve(request: FastifyRequest, reply: FastifyReply, { topic, tell }: Watch): Promise<FastifyReply> {
    const { metrics, signals } = this.#parts;
    const stream = EventStream.open(reply);
    this.#open.add(stream);
    metrics.streamOpened();
    const unsubscribe = [
      signals.subscribe(topic, () => stream.wake()),
      // At once, also while a slow reader is being written to.
      signals.subscribe(SESSIONS_ENDED, () => void this.#endUnlessAllowed(request, stream)),
    ];
    try {
      while (stream.isOpen) {
        const viewer = await this.#viewerNow(request);
        if (viewer === null || (await tell(stream, viewer))) return reply;
        await stream.sleep();
      }
    } catch (error) {
      // The answer has begun: no error can be sent any more. The client reconnects and goes on where it was, or hears why not.
      if (!(error instanceof ApiFailure)) request.log.error({ err: error }, "an event stream broke");
    } finally {
      for (const each of unsubscribe) each();
      this.#open.delete(stream);
      metrics.streamClosed();
      stream.end();
    }
    return reply;
  }

  async #endUnlessAllowed(request: FastifyRequest, stream: EventStream): Promise<void> {
    if ((await this.#viewerNow(request).catch(() => null)) === null) stream.end();
  }

  /** Who watches, as they are now; null = they may not any more. */
  async #viewerNow(request: FastifyRequest): Promise<Viewer | null> {
    if (request.sessionToken === null) return viewerOf(request);
    const viewer = await this.#parts.sessions.peek(request.sessionToken);
    const { access } = request.routeOptions.config;
    const isAllowed = viewer !== null && (access === "learner" || access === "instructor" || access === "admin") && hasRole(viewer, access);
    return isAllowed ? viewer : null;
  }
}
