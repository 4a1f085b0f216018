import { once } from "node:events";
import { afterEach, expect, it, vi } from "vitest";
import type { RejudgeDetail, SubmissionDetail } from "../src/contract/index.ts";
import { killAll, killServer, spawnServer } from "./spawned-server.ts";
import { judged, removeTempDirs, submit, tempDir } from "./test-server.ts";

// Every server start is a Node start; a busy machine takes seconds for it.
vi.setConfig({ testTimeout: 60_000 });

afterEach(async () => {
  await killAll();
  removeTempDirs();
});

const start = (dataDir: string) => spawnServer("./child-server.ts", [dataDir]);

it("a submission acknowledged is judged though the server is killed at once", async () => {
  const dataDir = tempDir();
  const first = await start(dataDir);
  const ids = [await submit(first.address, "wait:300 accept"), await submit(first.address, "reject")].map(({ id }) => id);
  await killServer(first);
  const second = await start(dataDir);
  expect(await judged(second.address, ids[0]!)).toMatchObject({ verdict: "accepted", text: "wait:300 accept" });
  expect(await judged(second.address, ids[1]!)).toMatchObject({ verdict: "wrong-output" });
});

it("three kills in the middle of judging lose nothing", async () => {
  const dataDir = tempDir();
  let server = await start(dataDir);
  const { id } = await submit(server.address, "wait:400 accept");
  for (let i = 0; i < 3; i++) {
    const status = async () => ((await (await fetch(`${server.address}/api/submissions/${id}`)).json()) as { status: string }).status;
    await expect.poll(status).toBe("judging");
    await killServer(server);
    server = await start(dataDir);
  }
  expect(await judged(server.address, id)).toMatchObject({ verdict: "accepted", number: 1 });
});

it("a verdict outlives the kill that cuts its explanation off, and the explanation comes after all", async () => {
  const dataDir = tempDir();
  const first = await start(dataDir);
  const { id } = await submit(first.address, "explain:4000");
  expect(await judged(first.address, id)).toMatchObject({ verdict: "wrong-output", explanation: "pending" });
  await killServer(first);
  const second = await start(dataDir);
  const find = async () => (await (await fetch(`${second.address}/api/submissions/${id}`)).json()) as SubmissionDetail;
  expect(await find()).toMatchObject({ status: "judged", verdict: "wrong-output" });
  await expect.poll(async () => (await find()).explanation, { timeout: 30_000 }).toBe("ready");
  expect(await find()).toMatchObject({ verdict: "wrong-output", report: { explanation: { anomaly: "lost" } } });
});

it("a rejudge set is judged to its end though the server is killed, and changes nothing before it is applied", async () => {
  const dataDir = tempDir();
  let server = await start(dataDir);
  const ids: string[] = [];
  for (const text of ["wait:200 accept", "wait:200 reject", "wait:200 regrade"]) ids.push((await submit(server.address, text)).id);
  for (const id of ids) await judged(server.address, id);
  const post = async (path: string, body: object): Promise<RejudgeDetail> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.address}/api/rejudges${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as RejudgeDetail;
  };
  const find = async (id: string) => (await (await fetch(`${server.address}/api/rejudges/${id}`)).json()) as RejudgeDetail;
  const set = await post("", { problemId: "word-count" });
  expect(set).toMatchObject({ state: "judging", total: 3 });
  await killServer(server);
  server = await start(dataDir);
  await expect.poll(async () => (await find(set.id)).state, { timeout: 15_000 }).toBe("ready");
  // `regrade` is judged for the first time by the new process: nothing differs.
  expect(await find(set.id)).toMatchObject({ judged: 3, failed: 0, changed: 0 });
  expect(await post(`/${set.id}/apply`, {})).toMatchObject({ state: "applied" });
  await killServer(server);
  server = await start(dataDir);
  expect(await post(`/${set.id}/apply`, {})).toMatchObject({ state: "applied" });
});

it("a graceful stop gives work back and exits with 0", async () => {
  const dataDir = tempDir();
  const first = await start(dataDir);
  const { id } = await submit(first.address, "wait:1500 accept");
  const gone = once(first.child, "exit");
  first.child.send("stop");
  expect(await gone).toEqual([0, null]);
  const second = await start(dataDir);
  expect(await judged(second.address, id)).toMatchObject({ verdict: "accepted" });
});
