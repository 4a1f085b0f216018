/** A grading process that a zygote has made of itself: no child of this process, so all that we have of it is its id and its end of a socket. */
import type { Socket } from "node:net";
import type { LinkEvents, ProcessLink } from "./process-link.ts";

export class ForkedLink implements ProcessLink {
  readonly pid: number;
  readonly #socket: Socket;
  #isGone = false;

  /** @param socket connected, with nothing read from it that is not for `events` */
  constructor(pid: number, socket: Socket, events: LinkEvents) {
    this.pid = pid;
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => events.onData(chunk));
    socket.on("error", () => undefined); // "close" follows.
    socket.on("close", () => {
      this.#isGone = true;
      events.onEnd("its socket was closed");
    });
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Only a process that holds its socket still has its id, too: another may have got that of one that is gone. */
  kill(): void {
    if (!this.#isGone) {
      try {
        process.kill(this.pid, "SIGKILL");
      } catch {
        // It has ended by itself meanwhile.
      }
    }
    this.#isGone = true;
    this.#socket.destroy();
  }
}
