/**
 * A grading process: one isolate, driven by lines on stdin, answering on stdout. It holds no secret, has an empty environment and an empty working
 * directory, and expects to be killed at any moment (see grading-process.ts).
 */
import { faultOf, GuestIsolate, messageOf } from "./guest-isolate.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";

let guest: GuestIsolate | null = null;

function send(reply: ChildReply, text?: string): void {
  process.stdout.write(text === undefined ? `${JSON.stringify(reply)}\n` : `${JSON.stringify(reply)}\n${text}\n`);
}

async function serve(request: ChildRequest, text: string): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === "boot") {
      guest?.dispose();
      guest = new GuestIsolate(request.memoryMb, request.core);
      send({ kind: "booted", id });
      return;
    }
    if (guest === null) throw new Error("not booted");
    switch (request.kind) {
      case "attach":
        guest.attach(request.tables);
        send({ kind: "booted", id });
        break;
      case "keepCode":
        guest.keepCode(request.core, request.tables);
        send({ kind: "booted", id });
        break;
      case "guest": {
        const started = performance.now();
        const answer = await guest.answer(text, request.wallMs);
        send({ kind: "answer", id, wallMs: performance.now() - started }, answer);
        break;
      }
      case "fork":
        throw new Error("this one cannot be forked");
    }
  } catch (error) {
    send({ kind: "fault", id, fault: faultOf(error), message: messageOf(error) });
  }
}

if (process.platform !== "linux") {
  const report = () => {
    const used = process.cpuUsage();
    send({ kind: "vitals", rssBytes: process.memoryUsage.rss(), cpuMs: (used.user + used.system) / 1000 });
  };
  setInterval(report, 20).unref();
}

let awaitingText: ChildRequest | null = null;
const lines = new LineSplitter(
  Number.POSITIVE_INFINITY,
  (line) => {
    if (awaitingText !== null) {
      const request = awaitingText;
      awaitingText = null;
      void serve(request, line);
      return;
    }
    const request = JSON.parse(line) as ChildRequest;
    if (request.kind === "guest") awaitingText = request;
    else void serve(request, "");
  },
  () => undefined,
);
process.stdin.on("data", (chunk: Buffer) => lines.push(chunk));
// The grader is gone. An isolate may be in the middle of an endless loop, in which exit() would wait for ever.
process.stdin.on("close", () => process.kill(process.pid, "SIGKILL"));
