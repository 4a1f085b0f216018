/**
 * The frame in which learners' programs run in the browser.
 *
 * The page's own policy allows no code that is made of texts, and is to stay so. Programs are such code. So they run in a worker of a frame that belongs to
 * nobody: `sandbox` takes its origin away, and with it cookies, storage and the page; `default-src 'none'` takes every connection. What is left is a
 * processor, and one port to the page that opened it. The frame's own script starts the worker and no more; programs never run in the frame itself.
 * (The worker is made from a blob, so the frame's policy is its policy: CSP level 3, "inherit from creator".)
 */
import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";

const SCRIPT = `addEventListener("message", ({ data, ports: [port], source }) => {
  if (source !== parent) return;
  const worker = new Worker(URL.createObjectURL(new Blob([data.shell], { type: "text/javascript" })));
  worker.onerror = (event) => { event.preventDefault(); parent.postMessage({ failed: event.message }, "*"); };
  worker.postMessage({ core: data.core, tables: data.tables }, [port]);
}, { once: true });`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>Millrace: programs run here</title><script>${SCRIPT}</script>`;

export const RUNNER_POLICY = [
  "sandbox allow-scripts",
  "default-src 'none'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}' 'unsafe-eval'`,
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

export async function runnerFrame(app: FastifyInstance, { judge }: Pick<Parts, "judge">): Promise<void> {
  app.get("/runner", async (_request, reply) =>
    // It has no origin that could be asked to be kept apart.
    reply
      .removeHeader("origin-agent-cluster")
      .headers({ "content-security-policy": RUNNER_POLICY, "cache-control": "no-cache" })
      .type("text/html; charset=utf-8")
      .send(PAGE),
  );

  app.get<{ Params: { guest: string; script: string } }>("/runner/:guest/:script", async (request, reply) => {
    const { hash, shell, core, tables } = await judge.ask((service) => service.browserScripts());
    const text = new Map([
      ["shell.js", shell],
      ["core.js", core],
      ["tables.js", tables],
    ]).get(request.params.script);
    if (request.params.guest !== hash || text === undefined) throw new ApiFailure("NOT_FOUND");
    return reply.header("cache-control", "public, max-age=31536000, immutable").type("text/javascript; charset=utf-8").send(text);
  });
}
