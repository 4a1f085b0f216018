/** What only a real connection shows. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Health } from "../src/contract/index.ts";
import { type Server, startServer } from "../src/server.ts";
import { InProcessJudge, testCatalog } from "./in-process-judge.ts";
import { listen, removeTempDirs, submit, testConfig } from "./test-server.ts";

let server: Server;

beforeAll(async () => {
  server = await listen(testConfig());
});

afterAll(async () => {
  await server.stop(100);
  removeTempDirs();
});

const health = async (): Promise<Health> => (await (await fetch(`${server.address}/api/health`)).json()) as Health;

function send(body: string | ReadableStream<Uint8Array>, init: RequestInit = {}): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${server.address}/api/problems/word-count/submissions`, { method: "POST", headers, body, ...init });
}

it.each([300_000, 5_000_000, 30_000_000])("a text of %d bytes is answered, not cut off", async (bytes) => {
  const response = await send(JSON.stringify({ language: "datastream", text: "x".repeat(bytes) }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: "SUBMISSION_TOO_LARGE", message: "The text is larger than 256 KB." });
  expect(await health()).toMatchObject({ status: "ok" });
});

it("a large body of unknown length is answered too", async () => {
  let left = 80;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(65_536).fill(0x20));
      else controller.close();
    },
  });
  const response = await send(body, { duplex: "half" } as RequestInit);
  expect(response.status).toBe(413);
});

it("a request that breaks off leaves the server well and stores nothing", async () => {
  const { port, hostname } = new URL(server.address);
  const before = (await (await fetch(`${server.address}/api/problems/word-count/submissions`)).json()) as unknown[];
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(
    "POST /api/problems/word-count/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await health()).toMatchObject({ status: "ok" });
  const after = (await (await fetch(`${server.address}/api/problems/word-count/submissions`)).json()) as unknown[];
  expect(after).toHaveLength(before.length);
});

it("what is no HTTP is refused", async () => {
  const { port, hostname } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  socket.setEncoding("utf8").write("GET / NONSENSE\r\n\r\n");
  const [answer] = (await once(socket, "data")) as [string];
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  socket.destroy();
  expect(await health()).toMatchObject({ status: "ok" });
});

it("answers while the judge is still warming up, and judges what came in then", async () => {
  const warm = Promise.withResolvers<void>();
  class SlowStart extends InProcessJudge {
    override start(): Promise<void> {
      return warm.promise;
    }
  }
  const early = await startServer(testConfig(), testCatalog, new SlowStart());
  expect(await (await fetch(`${early.address}/api/health`)).json()).toMatchObject({ status: "degraded", judge: "starting" });
  expect((await fetch(`${early.address}/api/problems`)).status).toBe(200);
  const { id } = await submit(early.address, "accept");
  const detail = fetch(`${early.address}/api/problems/word-count`);
  warm.resolve();
  expect((await detail).status).toBe(200);
  await expect
    .poll(async () => ((await (await fetch(`${early.address}/api/submissions/${id}`)).json()) as { verdict: string }).verdict)
    .toBe("accepted");
  await early.stop(100);
});

it("keeps answering, and storing, when the judge cannot be started", async () => {
  class NoStart extends InProcessJudge {
    override start(): Promise<void> {
      return Promise.reject(new Error("no isolate on this machine"));
    }
  }
  const broken = await listen(testConfig(), new NoStart());
  expect(await (await fetch(`${broken.address}/api/health`)).json()).toMatchObject({ status: "degraded", judge: "failed" });
  const { id } = await submit(broken.address, "accept");
  expect(await (await fetch(`${broken.address}/api/submissions/${id}`)).json()).toMatchObject({ status: "queued" });
  const run = await fetch(`${broken.address}/api/problems/word-count/run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ language: "sql", text: "accept" }),
  });
  expect([run.status, ((await run.json()) as { code: string }).code]).toEqual([503, "JUDGE_UNAVAILABLE"]);
  await broken.stop(100);
});

it.each([
  ["localhost", 200],
  ["127.0.0.1", 200],
  ["evil.example", 421],
])("a request for %s is answered with %d", async (name, status) => {
  const socket = connect(Number(new URL(server.address).port), "127.0.0.1");
  socket.write(`GET /api/health HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  expect(head.toString("latin1")).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});
