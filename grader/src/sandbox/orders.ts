/** What all grading processes have in common, whether they were started (child.ts) or forked (zygote.ts): how they read the grader's lines, and what they do at its orders. */
import { faultOf, GuestIsolate, messageOf } from "./guest-isolate.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";

/** What is asked of the process and not of the program in it. */
export type Order = Extract<ChildRequest, { kind: "boot" | "attach" | "keepCode" }>;

/** Puts bytes together to requests. `text` is a question's own line, "" for all else. */
export function requestLines(serve: (request: ChildRequest, text: string) => void): LineSplitter {
  let awaitingText: ChildRequest | null = null;
  const onLine = (line: string): void => {
    if (awaitingText !== null) {
      const request = awaitingText;
      awaitingText = null;
      serve(request, line);
      return;
    }
    const request = JSON.parse(line) as ChildRequest;
    if (request.kind === "guest") awaitingText = request;
    else serve(request, "");
  };
  return new LineSplitter(Number.POSITIVE_INFINITY, onLine, () => undefined);
}

/** The lines of a reply, `text` being an answer's own. */
export function replyLines(reply: ChildReply, text?: string): string {
  return text === undefined ? `${JSON.stringify(reply)}\n` : `${JSON.stringify(reply)}\n${text}\n`;
}

/** The reply to a request in the course of which this was thrown. */
export function faultReply(id: number, error: unknown): ChildReply {
  return { kind: "fault", id, fault: faultOf(error), message: messageOf(error) };
}

/** Holds the isolate of the process. */
export class GuestHolder {
  #guest: GuestIsolate | null = null;

  get guest(): GuestIsolate {
    if (this.#guest === null) throw new Error("not booted");
    return this.#guest;
  }

  carryOut(order: Order): ChildReply {
    switch (order.kind) {
      case "boot":
        this.#guest?.dispose();
        this.#guest = new GuestIsolate(order.memoryMb, order.core);
        break;
      case "attach":
        this.guest.attach(order.tables);
        break;
      case "keepCode":
        this.guest.keepCode(order.core, order.tables);
        break;
    }
    return { kind: "booted", id: order.id };
  }
}
