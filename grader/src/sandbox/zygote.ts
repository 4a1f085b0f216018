/**
 * A zygote: a grading process that makes copies of itself. It is warmed up once, by running programs of ours until V8 has optimised the engine, and is
 * forked for each submission; what fork.ts says about forked processes holds for the copies, so everything here is synchronous.
 *
 *   grader ── boot, guest … guest (warm-up) ──▶ zygote ── fork ──▶ copy ◀── guest … guest (one submission) ── grader
 *                                                        └─ fork, spare ──▶ zygote: takes over when the first one is killed
 *
 * A copy speaks the same protocol as child.ts, over a socket of its own. It dies with its zygote, unless it is one itself.
 */
import { readSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Forker } from "./fork.ts";
import { faultReply, GuestHolder, replyLines, requestLines } from "./orders.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";

const STDIN = 0;
const STDOUT = 1;

const forker = await Forker.open();
const holder = new GuestHolder();
/** False in copies that have a submission: what a program may have broken is not handed on. */
let mayFork = true;
let output = STDOUT;

/** Serves whoever writes to this descriptor, and ends with them. */
function serve(input: number): never {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  const lines = requestLines((request, text) => answer(request, text, input));
  for (;;) {
    const bytes = readSync(input, buffer);
    if (bytes === 0) forker.exit(0);
    lines.push(Buffer.from(buffer.subarray(0, bytes)));
  }
}

function send(reply: ChildReply, text?: string): void {
  writeFileSync(output, replyLines(reply, text));
}

function answer(request: ChildRequest, text: string, input: number): void {
  const { id } = request;
  try {
    if (request.kind === "fork") fork(request, input);
    else if (request.kind !== "guest") send(holder.carryOut(request));
    else {
      const started = performance.now();
      const answered = holder.guest.answerHere(text);
      send({ kind: "answer", id, wallMs: performance.now() - started }, answered);
    }
  } catch (error) {
    send(faultReply(id, error));
  }
}

function fork({ id, socket, token, spare }: Extract<ChildRequest, { kind: "fork" }>, input: number): void {
  if (!mayFork) throw new Error("this one has a submission");
  forker.reap();
  const pid = forker.fork();
  if (pid > 0) {
    send({ kind: "forked", id, pid });
    return;
  }
  mayFork = spare;
  if (!spare) {
    forker.dieWithParent();
    // The engine has been optimised. Optimising once more what a program changes takes a third of its time, on this very thread, and does not pay before it dies.
    setFlagsFromString("--no-turbofan");
  }
  try {
    const connection = forker.connectTo(socket);
    // The zygote's orders are not for the copy.
    forker.discard(input);
    if (output !== input) forker.discard(output);
    output = connection;
    send({ kind: "booted", id: token });
    serve(connection);
  } catch {
    forker.exit(1); // The grader is gone, or has closed the socket.
  }
}

serve(STDIN);
