import { once } from "node:events";
import { afterEach, expect, it, vi } from "vitest";
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
