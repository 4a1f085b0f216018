import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config/config.ts";
import { openDatabase } from "../src/db/database.ts";
import { ApiFailure, ERRORS, type ErrorCode } from "../src/errors.ts";
import { renderMarkdown } from "../src/services/catalog/markdown.ts";
import { RunLane } from "../src/services/run-lane.ts";
import { removeTempDirs, tempDir } from "./test-server.ts";

afterAll(removeTempDirs);

describe("configuration", () => {
  it("has defaults, and empty variables are absent ones", () => {
    const config = readConfig({ PORT: "", LOG_LEVEL: "" });
    expect(config).toMatchObject({ port: 7420, host: "127.0.0.1", logLevel: "warn" });
    const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
    expect(config).toMatchObject({ dataDir: repository("data"), packDirs: [repository("problems")], clientDir: repository("client/dist") });
  });

  it("reads what is set", () => {
    const config = readConfig({
      PORT: "0",
      HOST: "::",
      MILLRACE_ACCOUNTS: "on",
      MILLRACE_DATA: "/d",
      MILLRACE_PACKS: ["/a", "/b"].join(delimiter),
    });
    expect(config).toMatchObject({ port: 0, host: "::", dataDir: resolve("/d"), packDirs: [resolve("/a"), resolve("/b")] });
  });

  it.each([
    [{ PORT: "http" }, 'PORT must be a number (found "http")'],
    [{ PORT: "70000" }, 'PORT must be 0 to 65535 (found "70000")'],
    [{ MILLRACE_WORKERS: "0" }, 'MILLRACE_WORKERS must be 1 to 64 (found "0")'],
    [{ MILLRACE_WARM_UP: "yes" }, 'MILLRACE_WARM_UP must be on or off (found "yes")'],
    [{ PORT: "1.5" }, 'PORT must be a whole number (found "1.5")'],
  ])("%o is a mistake that is named", (env, message) => {
    expect(() => readConfig(env)).toThrow(new ConfigError(message));
  });

  it.each([
    { HOST: "0.0.0.0" },
    { HOST: "::", MILLRACE_ACCOUNTS: "off" },
    { HOST: "192.0.2.1" },
    { MILLRACE_PUBLIC_URL: "https://a.example" },
  ])("does not let others in without accounts: %j", (env) => {
    expect(() => readConfig(env)).toThrow(
      /without accounts everybody who does may do everything\. Set MILLRACE_ACCOUNTS=on, and make the first/,
    );
    expect(readConfig({ ...env, MILLRACE_ACCOUNTS: "on" })).toMatchObject({ accounts: true, registration: "closed" });
  });

  it.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])("needs no accounts on %s", (HOST) => {
    expect(readConfig({ HOST })).toMatchObject({ accounts: false, publicUrl: null });
  });

  it.each(["a.example", "ftp://a.example", "https://a.example/path", "https://a.example?x", "https://u:p@a.example"])(
    "takes no public address like %s",
    (MILLRACE_PUBLIC_URL) => {
      expect(() => readConfig({ MILLRACE_PUBLIC_URL, MILLRACE_ACCOUNTS: "on" })).toThrow(ConfigError);
    },
  );
});

describe("errors", () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])("%s has a status, a sentence and a body without more", (code) => {
    const failure = new ApiFailure(code);
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(failure.entry.status).toBeGreaterThanOrEqual(400);
    expect(failure.body.message).toMatch(/\.$/);
    expect(Object.keys(failure.body).filter((key) => !["code", "message", "hint", "retryAfterS"].includes(key))).toEqual([]);
  });
});

describe("the database", () => {
  it("is migrated once and can be opened again", () => {
    const dir = join(tempDir(), "deep", "down");
    openDatabase(dir).close();
    openDatabase(dir).close();
    const sqlite = new Sqlite(join(dir, "millrace.sqlite"));
    const released = [
      "0001-submissions.sql",
      "0002-functions.sql",
      "0003-variation.sql",
      "0004-lanes.sql",
      "0005-rejudges.sql",
      "0006-accounts.sql",
      "0007-progress.sql",
      "0008-classes.sql",
      "0009-packs.sql",
      "0010-reviews.sql",
      "0011-problem-versions.sql",
      "0012-co-instructors.sql",
      "0013-surrenders.sql",
    ];
    expect(sqlite.prepare("SELECT name FROM migrations").pluck().all()).toEqual(released);
    expect(sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    sqlite.close();
  });

  it("of an older version keeps its submissions, their events and whoever judges them", () => {
    const dir = tempDir();
    const sqlite = new Sqlite(join(dir, "millrace.sqlite"));
    sqlite.exec("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at_ms INTEGER NOT NULL)");
    for (const name of ["0001-submissions.sql", "0002-functions.sql", "0003-variation.sql"]) {
      sqlite.exec(readFileSync(new URL(`../src/db/migrations/${name}`, import.meta.url), "utf8"));
      sqlite.prepare("INSERT INTO migrations VALUES (?, 1)").run(name);
    }
    const rows = [
      ["a", 1, "judged", "wrong-output", '{"verdict":"wrong-output","explanation":{"world":1}}', null],
      ["b", 2, "judged", "accepted", '{"verdict":"accepted","explanation":null}', null],
      ["c", 3, "judging", null, null, "elsewhere/1/x"],
      ["d", 4, "queued", null, null, null],
    ];
    const insert = sqlite.prepare(
      `INSERT INTO submissions (id, number, status, verdict, report, lease_owner, problem_id, pack_version, language, text, created_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, 'p', '1', 'sql', 'x', 1)`,
    );
    for (const row of rows) insert.run(row);
    sqlite.prepare("INSERT INTO progress_events VALUES ('a', 1, '{}'), ('c', 1, '{}')").run();
    sqlite.close();

    openDatabase(dir).close();
    const migrated = new Sqlite(join(dir, "millrace.sqlite"));
    const columns = "id, lane, status, explanation, revision, lease_owner";
    expect(migrated.prepare(`SELECT ${columns} FROM submissions ORDER BY number`).raw().all()).toEqual([
      ["a", "interactive", "judged", "ready", 1, null],
      ["b", "interactive", "judged", "none", 1, null],
      ["c", "interactive", "judging", "none", 0, "elsewhere/1/x"],
      ["d", "interactive", "queued", "none", 0, null],
    ]);
    expect(migrated.prepare("SELECT submission_id FROM progress_events ORDER BY 1").pluck().all()).toEqual(["a", "c"]);
    migrated.pragma("foreign_keys = ON");
    migrated.prepare("DELETE FROM submissions WHERE id = 'a'").run();
    expect(migrated.prepare("SELECT submission_id FROM progress_events").pluck().all()).toEqual(["c"]);
    migrated.close();
  });

  it("of a newer version is refused and left alone", () => {
    const dir = tempDir();
    openDatabase(dir).close();
    const sqlite = new Sqlite(join(dir, "millrace.sqlite"));
    sqlite.prepare("INSERT INTO migrations VALUES ('0099-future.sql', 1)").run();
    sqlite.close();
    expect(() => openDatabase(dir)).toThrow("written by a newer version: it knows 0099-future.sql");
  });

  it("that is no database is told", () => {
    const dir = tempDir();
    mkdirSync(join(dir, "millrace.sqlite"));
    expect(() => openDatabase(dir)).toThrow();
  });
});

describe("Markdown", () => {
  it.each([
    ["raw HTML", "<script>alert(1)</script>", "&lt;script&gt;"],
    ["inline HTML", 'a <img src=x onerror="f()"> b', "&lt;img"],
    ["script links", "[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ["data links", "[x](data:text/html;base64,AAAA)", "[x](data:"],
    ["pictures from elsewhere", "![the figure](https://example.org/a.png)", "<p>the figure</p>"],
    ["pictures from anywhere", "![the figure](//example.org/a.png)", "<p>the figure</p>"],
  ])("shows %s as text", (_name, source, shown) => {
    const html = renderMarkdown(source);
    expect(html).toContain(shown);
    expect(html).not.toMatch(/<script|<img|href="(javascript|data)/);
  });

  it("renders tables, code, pictures of the pack and outside links", () => {
    expect(renderMarkdown("| a |\n|---|\n| 1 |")).toContain("<td>1</td>");
    expect(renderMarkdown("```sql\nSELECT 1 < 2\n```")).toContain('<code class="language-sql">SELECT 1 &lt; 2');
    expect(renderMarkdown("![f](figure.svg)")).toContain('<img src="figure.svg" alt="f">');
    expect(renderMarkdown("[d](https://example.org/)")).toContain('target="_blank" rel="noopener noreferrer"');
  });
});

describe("the run lane", () => {
  it("keeps its width, its order and its line", async () => {
    const lane = new RunLane({ atOnce: 2, maxWaiting: 2 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (n: number, isAbandoned = () => false): Promise<number> =>
      lane.run(() => {
        begun.push(n);
        return new Promise((resolve) => ends.push(() => resolve(n)));
      }, isAbandoned);
    const all = [work(1), work(2), work(3, () => true), work(4)];
    await expect(work(5)).rejects.toMatchObject({ code: "QUEUE_FULL" });
    expect(begun).toEqual([1, 2]);
    ends[0]!();
    await expect(all[2]).rejects.toMatchObject({ code: "QUEUE_FULL" });
    expect(begun).toEqual([1, 2, 4]);
    ends[1]!();
    ends[2]!();
    expect(await Promise.all([all[0], all[1], all[3]])).toEqual([1, 2, 4]);
    const last = work(6);
    ends[3]!();
    expect(await last).toBe(6);
  });

  it("frees the place of work that fails", async () => {
    const lane = new RunLane({ atOnce: 1, maxWaiting: 0 });
    const fail = (): Promise<never> =>
      lane.run(
        () => Promise.reject(new Error("no")),
        () => false,
      );
    await expect(fail()).rejects.toThrow("no");
    await expect(fail()).rejects.toThrow("no");
  });
});
