import { afterAll, beforeAll, expect, it } from "vitest";
import type { JudgeProgress } from "../src/contract/index.ts";
import type { Server } from "../src/server.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { judged, listen, removeTempDirs, submit, testConfig } from "./test-server.ts";

let server: Server;

beforeAll(async () => {
  server = await listen(testConfig(), new InProcessJudge(4));
});

afterAll(async () => {
  await server.stop(100);
  removeTempDirs();
});

interface Event {
  readonly id: number;
  readonly progress: JudgeProgress;
}

/** Reads events until the stream ends or `enough`. */
async function events(address: string, id: string, lastEventId?: number, enough = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const response = await fetch(`${address}/api/submissions/${id}/events`, {
    headers: lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  const found: Event[] = [];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const match = /^id: (\d+)\ndata: (.*)$/.exec(text.slice(0, end));
      text = text.slice(end + 2);
      if (match !== null) found.push({ id: Number(match[1]), progress: JSON.parse(match[2]!) as JudgeProgress });
      if (found.length >= enough) return found;
    }
  }
  return found;
}

const shape = (found: readonly Event[]): string[] => found.map(({ id, progress }) => `${id} ${progress.kind}`);
const WHOLE = ["1 compiling", "2 planned", "3 world", "4 finished"];

it("tells judging as it goes and ends with the report", async () => {
  const { id } = await submit(server.address, "wait:150 reject");
  const found = await events(server.address, id);
  expect(shape(found)).toEqual(WHOLE);
  expect(found[3]!.progress).toMatchObject({ kind: "finished", report: { verdict: "wrong-output", score: 0 } });
});

it("tells it to several watchers", async () => {
  const { id } = await submit(server.address, "wait:100 accept");
  const all = await Promise.all([events(server.address, id), events(server.address, id), events(server.address, id)]);
  for (const found of all) expect(shape(found)).toEqual(WHOLE);
});

it("replays the whole of it to who comes late", async () => {
  const { id } = await submit(server.address, "accept");
  await judged(server.address, id);
  expect(shape(await events(server.address, id))).toEqual(WHOLE);
});

it("goes on after the last event seen", async () => {
  const { id } = await submit(server.address, "wait:200 accept");
  expect(shape(await events(server.address, id, undefined, 2))).toEqual(WHOLE.slice(0, 2));
  expect(shape(await events(server.address, id, 2))).toEqual(WHOLE.slice(2));
  expect(shape(await events(server.address, id, 3))).toEqual(WHOLE.slice(3));
});

it.each(["nonsense", "-5", "1e9999", "0x1"])("takes Last-Event-ID %s for none", async (lastEventId) => {
  const { id } = await submit(server.address, "accept");
  await judged(server.address, id);
  const response = await fetch(`${server.address}/api/submissions/${id}/events`, { headers: { "last-event-id": lastEventId } });
  expect(await response.text()).toContain('"kind":"finished"');
});

it("sends who has seen the end away for good", async () => {
  const { id } = await submit(server.address, "accept");
  await judged(server.address, id);
  const response = await fetch(`${server.address}/api/submissions/${id}/events`, { headers: { "last-event-id": "4" } });
  expect(response.status).toBe(204);
});

it("ends open streams when the server stops", async () => {
  const other = await listen(testConfig());
  const { id } = await submit(other.address, "wait:60000 accept");
  const stream = events(other.address, id);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const startMs = performance.now();
  await other.stop(50);
  expect(shape(await stream)).toEqual(WHOLE.slice(0, 2));
  expect(performance.now() - startMs).toBeLessThan(2_000);
});
