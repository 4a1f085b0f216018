/** Backup and restore, as the operator calls them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../src/db/database.ts";
import { runCommand } from "./run-command.ts";
import { killAll, killServer, spawnServer } from "./spawned-server.ts";
import { judged, removeTempDirs, submit, tempDir } from "./test-server.ts";

vi.setConfig({ testTimeout: 60_000 });

afterEach(async () => {
  await killAll();
  removeTempDirs();
});

/** A database with a user in it and a session. */
function filled(name = "ada"): string {
  const dataDir = tempDir();
  const { db, close } = openDatabase(dataDir);
  db.run(`INSERT INTO users (id, name, name_key, role, created_at_ms) VALUES ('1', '${name}', '${name}', 'learner', 1)`);
  db.run("INSERT INTO sessions (token_hash, user_id, created_at_ms, used_at_ms) VALUES ('h', '1', 1, 1)");
  close();
  return dataDir;
}

function ask(dataDir: string, query: string): unknown {
  const { db, close } = openDatabase(dataDir);
  try {
    return db.all(query);
  } finally {
    close();
  }
}

describe("backup and restore", () => {
  it("bring back what was there, judging and all, while the server runs and after it", async () => {
    const dataDir = tempDir();
    const file = join(tempDir(), "backup.sqlite");
    const server = await spawnServer("./child-server.ts", [dataDir]);
    const { id } = await submit(server.address, "accept");
    await judged(server.address, id);
    expect(await runCommand(dataDir, ["backup", file])).toEqual({ code: 0, out: `Backed up to ${file}\n`, err: "" });
    await submit(server.address, "accept, but after the backup");
    const refused = await runCommand(dataDir, ["restore", file]);
    expect(refused).toMatchObject({
      code: 1,
      out: "",
      err: `millrace restore: ${dataDir} is in use by a server or by another command. Stop it first.\n`,
    });
    await killServer(server);
    const restored = await runCommand(dataDir, ["restore", file]);
    expect(restored).toMatchObject({ code: 0, err: "" });
    expect(restored.out).toMatch(/^Restored from .*\nWhat was there before is kept as .*\.before-/);
    const again = await spawnServer("./child-server.ts", [dataDir]);
    expect(await judged(again.address, id)).toMatchObject({ text: "accept", verdict: "accepted" });
    expect(await (await fetch(`${again.address}/api/problems/word-count/submissions`)).json()).toHaveLength(1);
  });

  it("go to an empty folder, and end all sessions", async () => {
    const [from, to] = [filled(), join(tempDir(), "new")];
    const file = join(tempDir(), "backup.sqlite");
    await runCommand(from, ["backup", file]);
    expect(await runCommand(to, ["restore", file])).toMatchObject({ code: 0, out: `Restored from ${file}\n` });
    expect(ask(to, "SELECT name FROM users ORDER BY name")).toEqual([{ name: "ada" }, { name: "local" }]);
    expect(ask(to, "SELECT * FROM sessions")).toEqual([]);
    expect(readdirSync(to).filter((name) => name.includes("restoring"))).toEqual([]);
  });

  it("replace a file only when told to", async () => {
    const dataDir = filled();
    const file = join(tempDir(), "backup.sqlite");
    writeFileSync(file, "precious");
    expect((await runCommand(dataDir, ["backup", file])).err).toContain("is there already");
    expect(readFileSync(file, "utf8")).toBe("precious");
    expect(await runCommand(dataDir, ["backup", file, "--force"])).toMatchObject({ code: 0 });
    expect(readdirSync(join(file, ".."))).toEqual(["backup.sqlite"]);
  });

  it.each([
    [["backup"], "expected millrace backup FILE"],
    [["backup", "a", "b"], "expected millrace backup FILE"],
    [["backup", "/no/such/folder/x.sqlite"], "cannot be written"],
    [["restore"], "expected millrace restore FILE"],
    [["restore", "/no/such/file"], "There is no file"],
    [["restore", "/"], "There is no file"],
    [["restore", "x", "--force"], "Unknown option '--force'"],
  ])("%j is refused in a sentence", async (args, sentence) => {
    const { code, err } = await runCommand(filled(), args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\bat .*\.ts:\d/);
  });

  it("say that there is nothing to back up", async () => {
    const { err } = await runCommand(tempDir(), ["backup", join(tempDir(), "x")]);
    expect(err).toContain("holds no database");
  });

  const damaged: readonly [name: string, make: (good: Buffer) => Buffer | string, sentence: string][] = [
    ["nothing", () => "", "it is no SQLite database"],
    ["a text", () => "hello", "it is no SQLite database"],
    ["a head alone", (good) => good.subarray(0, 20), "cannot be restored"],
    ["half of a backup", (good) => good.subarray(0, good.length / 2), "cannot be restored"],
    [
      "zeros in the middle",
      (good) => Buffer.concat([good.subarray(0, 8192), Buffer.alloc(8192), good.subarray(16_384)]),
      "cannot be restored",
    ],
  ];
  it.each(damaged)("leave everything as it was when the backup is %s", async (_name, make, sentence) => {
    const dataDir = filled();
    const file = join(tempDir(), "backup.sqlite");
    await runCommand(filled("other"), ["backup", file]);
    writeFileSync(file, make(readFileSync(file)));
    const { code, err } = await runCommand(dataDir, ["restore", file]);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).toContain("Nothing was changed.");
    expect(ask(dataDir, "SELECT name FROM users WHERE id = '1'")).toEqual([{ name: "ada" }]);
  });

  it.each([
    ["CREATE TABLE t (x)", "it is a database of another program"],
    [
      "CREATE TABLE submissions (x); CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at_ms INTEGER); INSERT INTO migrations VALUES ('9999-future.sql', 1)",
      "was written by a newer version",
    ],
  ])("refuse what is none of ours: %s", async (script, sentence) => {
    const dataDir = filled();
    const file = join(tempDir(), "foreign.sqlite");
    const sqlite = new Sqlite(file);
    sqlite.exec(script);
    sqlite.close();
    expect((await runCommand(dataDir, ["restore", file])).err).toContain(sentence);
    expect(ask(dataDir, "SELECT name FROM users WHERE id = '1'")).toEqual([{ name: "ada" }]);
    expect(existsSync(join(dataDir, "millrace.sqlite.restoring"))).toBe(false);
  });
});
