/** The operator's commands, as processes of their own. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Browser, PASSWORD } from "./browser.ts";
import { runCommand } from "./run-command.ts";
import { makeApp, removeTempDirs, tempDir } from "./test-server.ts";

vi.setConfig({ testTimeout: 60_000 });

afterEach(removeTempDirs);

describe("millrace user", () => {
  it("makes the first administrator, by password or by link", async () => {
    const dataDir = tempDir();
    const added = await runCommand(dataDir, ["user", "add", "root", "--role", "admin", "--password-stdin"], { input: `${PASSWORD}\n` });
    expect(added).toEqual({ code: 0, out: "root is admin.\n", err: "" });
    const linked = await runCommand(dataDir, ["user", "add", "ada"], { env: { HOST: "::", PORT: "80" } });
    const [, token] = /^http:\/\/\[::\]:80\/set-password#([\w-]{43})$/m.exec(linked.out)!;
    const again = await runCommand(dataDir, ["user", "link", "ADA"], { env: { MILLRACE_PUBLIC_URL: "https://millrace.example.edu" } });
    const [, newer] = /^https:\/\/millrace\.example\.edu\/set-password#([\w-]{43})$/m.exec(again.out)!;
    expect((await runCommand(dataDir, ["user", "list"])).out).toBe(
      "learner    ada (no password)\nadmin      local (no password)\nadmin      root\n",
    );

    const test = await makeApp({ dataDir, accounts: true });
    const browser = new Browser(test.app);
    await browser.login("root");
    expect((await browser.call("GET", "/audit?action=user.add")).json()).toMatchObject({ entries: [{ actorId: null, address: null }, {}] });
    const set = async (value: string | undefined) =>
      (await browser.call("POST", "/password", { body: { token: value, password: PASSWORD } })).statusCode;
    expect(await set(token)).toBe(404);
    expect(await set(newer)).toBe(204);
    await new Browser(test.app).login("ada");
    await test.close();
  });

  it.each([
    [["user", "add"], "expected one of"],
    [["user"], "expected one of"],
    [["user", "list", "x"], "expected one of"],
    [["user", "remove", "x"], "expected one of"],
    [["user", "add", "a", "b"], "expected one of"],
    [["user", "add", "../x"], "A user name has"],
    [["user", "add", "local"], "There is a user of this name."],
    [["user", "add", "x", "--role", "root"], "--role must be one of learner, instructor, admin."],
    [["user", "add", "x", "--password", "secret"], "Unknown option '--password'"],
    [["user", "add", "x", "--password-stdin"], "A password has 10 to 256 characters."],
    [["user", "link", "x"], "There is no user x."],
    [["nothing"], "There is no command nothing."],
    [["__proto__"], "There is no command __proto__."],
  ])("%j is refused in a sentence", async (args, sentence) => {
    const { code, out, err } = await runCommand(tempDir(), args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\bat .*\.ts:\d/);
  });
});
