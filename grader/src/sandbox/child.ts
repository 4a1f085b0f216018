/**
 * A grading process: one isolate, driven by lines on stdin, answering on stdout. It holds no secret, has an empty environment and an empty working
 * directory, and expects to be killed at any moment (see grading-process.ts).
 */
import { faultReply, GuestHolder, replyLines, requestLines } from "./orders.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";

const holder = new GuestHolder();

function send(reply: ChildReply, text?: string): void {
  process.stdout.write(replyLines(reply, text));
}

async function serve(request: ChildRequest, text: string): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === "fork") throw new Error("this one cannot be forked");
    if (request.kind !== "guest") {
      send(holder.carryOut(request));
      return;
    }
    const started = performance.now();
    const answer = await holder.guest.answer(text, request.wallMs);
    send({ kind: "answer", id, wallMs: performance.now() - started }, answer);
  } catch (error) {
    send(faultReply(id, error));
  }
}

if (process.platform !== "linux") {
  const report = () => {
    const used = process.cpuUsage();
    send({ kind: "vitals", rssBytes: process.memoryUsage.rss(), cpuMs: (used.user + used.system) / 1000 });
  };
  setInterval(report, 20).unref();
}

const lines = requestLines((request, text) => void serve(request, text));
process.stdin.on("data", (chunk: Buffer) => lines.push(chunk));
// The grader is gone. An isolate may be in the middle of an endless loop, in which exit() would wait for ever.
process.stdin.on("close", () => process.kill(process.pid, "SIGKILL"));
