/**
 * Run in the browser: no program goes over the wire and back, the report is the server's to the byte, a program that never ends is given up, and one that wants
 * out finds nothing to get out by.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SampleReport } from "@millrace/server/contract";
import { launchBrowser } from "../browser/launch.ts";
import { type Product, startProduct, submission } from "./product.ts";

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

interface Opened {
  readonly page: Page;
  /** `METHOD path` of what was asked of the server. */
  readonly asked: string[];
  readonly complaints: string[];
}

async function newPage(): Promise<Opened> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  // What a policy blocks begins, too, but never finishes.
  page.on("requestfinished", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return { page, asked, complaints };
}

async function write(page: Page, problem: string, text: string): Promise<void> {
  if (!page.url().endsWith(`/learn/${problem}`)) await page.goto(`${product.address}/learn/${problem}`);
  await page.waitForSelector(".monaco-editor .view-line");
  await page.evaluate((typed) => window.millraceEditor?.setText(typed), text);
}

const run = (page: Page) => page.getByRole("button", { name: "Run", exact: false }).first().click();

/** Asks a guest in a frame as the page does, without the page's own code. */
function askGuest(page: Page, problem: string, answer: { language: string; text: string }): Promise<readonly unknown[]> {
  return page.evaluate(
    async ([id, body]) => {
      const json = async (path: string, init?: RequestInit) => (await fetch(path, init)).json();
      const { guest, kit } = await json(`/api/problems/${id}/run-kit`);
      const headers = { "content-type": "application/json" };
      const { load } = await json(`/api/problems/${id}/program`, { method: "POST", headers, body: JSON.stringify(body) });
      const text = async (name: string) => (await fetch(`/runner/${guest}/${name}.js`)).text();
      const [shell, core, tables] = await Promise.all(["shell", "core", "tables"].map(text));
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.src = "/runner";
      document.body.append(frame);
      await new Promise((loaded) => frame.addEventListener("load", loaded));
      const { port1, port2 } = new MessageChannel();
      const next = () => new Promise<MessageEvent>((got) => port1.addEventListener("message", got, { once: true }));
      port1.start();
      const ready = next();
      frame.contentWindow?.postMessage({ shell, core, tables }, "*", [port2]);
      await ready;
      const ask = async (request: unknown) => {
        const answered = next();
        port1.postMessage({ id: 1, request: JSON.stringify(request) });
        return JSON.parse((await answered).data.answer);
      };
      const outcomes: unknown[] = [];
      for (const { world, upgrade } of kit.samples) {
        await ask(load);
        const how = { record: true, maxRecordingEvents: 20_000, maxChars: 64_000_000, ...(upgrade === null ? {} : { upgrade }) };
        outcomes.push(await ask({ kind: "run", world, ...how }));
      }
      frame.remove();
      return outcomes;
    },
    [problem, answer] as const,
  );
}

describe("Run in the browser", () => {
  it("asks the server for a program and for nothing else, and reports as the server does", async () => {
    const { page, asked, complaints } = await newPage();
    for (const [problem, language, ending] of [
      ["session-exactly-once", "datastream", "ts"],
      ["sql-ttl-groupby", "sql", "sql"],
    ] as const) {
      const text = submission(problem, "accepted", ending);
      await write(page, problem, text);
      await run(page);
      await page
        .getByText(/Equal to the reference/)
        .first()
        .waitFor({ timeout: 60_000 });
      expect(asked).toContain(`POST /api/problems/${problem}/program`);
      expect(asked).not.toContain(`POST /api/problems/${problem}/run`);

      const there = await page.evaluate(
        async ([id, body]): Promise<SampleReport> => {
          const headers = { "content-type": "application/json" };
          return (await fetch(`/api/problems/${id}/run`, { method: "POST", headers, body: JSON.stringify(body) })).json();
        },
        [problem, { language, text }] as const,
      );
      const here = (await askGuest(page, problem, { language, text })) as { outcome: { recording: unknown } }[];
      expect(here.map(({ outcome }) => outcome.recording)).toEqual(there.worlds.map(({ recording }) => recording));
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows a wrong answer's first difference, a mistake in its line, and gives up what never ends; then runs on", async () => {
    const { page, asked } = await newPage();
    const problem = "session-exactly-once";
    const loop =
      'import { StreamExecutionEnvironment } from "flink";\nfor (;;) {}\nStreamExecutionEnvironment.getExecutionEnvironment();\n';
    await write(page, problem, loop);
    await run(page);
    await page
      .getByText(/Does a loop never end/)
      .first()
      .waitFor({ timeout: 60_000 });
    await write(page, problem, 'throw new Error("not today");\nexport {};');
    await run(page);
    await page
      .getByText(/not today/)
      .first()
      .waitFor({ timeout: 60_000 });
    await write(page, problem, "const n: number = 'text';\nexport {};");
    await run(page);
    await page
      .getByText(/is not assignable/)
      .first()
      .waitFor({ timeout: 60_000 });
    await write(page, problem, submission(problem, "accepted", "ts"));
    await run(page);
    await page
      .getByText(/Equal to the reference/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(asked.filter((call) => call.endsWith("/run"))).toEqual([]);
    await page.context().close();
  });

  it("a program finds no way out: no network, no storage, no page", async () => {
    const { page, asked } = await newPage();
    const blocked: (string | undefined)[] = [];
    page.on("requestfailed", (request) => request.url().includes("stolen=1") && blocked.push(request.failure()?.errorText));
    const reach = `
      const found: string[] = [];
      const global = Function("return this")() as Record<string, unknown>;
      for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "indexedDB", "caches", "postMessage", "self",
        "location", "navigator", "crypto", "setTimeout", "Worker", "MessageChannel", "BroadcastChannel", "document", "parent", "performance", "close", "onmessage"]) {
        if (typeof global[name] !== "undefined") found.push(name);
      }
      for (let owner: object | null = global; owner !== null; owner = Object.getPrototypeOf(owner)) {
        for (const key of Object.getOwnPropertyNames(owner)) if (/^(add|dispatch|remove)Event|^on|fetch/i.test(key)) found.push(key);
      }
      const out = Function("url", "return import(url)") as (url: string) => Promise<unknown>;
      out("${product.address}/api/health?stolen=1").catch(() => undefined);
      out("data:text/javascript,globalThis.stolen=1").catch(() => undefined);
      throw new Error("found: [" + found.join(" ") + "] " + typeof (global as { stolen?: unknown }).stolen);
    `;
    await write(page, "session-exactly-once", `// @ts-nocheck\nexport {};${reach}`);
    await run(page);
    await page
      .getByText(/found: \[\] undefined/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(blocked).toEqual(["csp"]);
    expect(asked.filter((call) => call.includes("health"))).toEqual([]);
    await page.context().close();
  });

  it("a changed world is computed here, too", async () => {
    const { page, asked } = await newPage();
    const problem = "session-exactly-once";
    await write(page, problem, submission(problem, "accepted", "ts"));
    await page.goto(`${product.address}/learn/${problem}/stage?sample=1`);
    await page.waitForSelector("canvas");
    const world = page.getByRole("region", { name: "World" });
    await world.getByRole("button", { name: "Kill tm 1" }).click();
    await world.getByText(/readers find/).waitFor();
    await world.getByRole("button", { name: "Undo all" }).click();
    await page.keyboard.press("Home");
    await page.keyboard.press("1");
    await world.getByText(/readers find/).waitFor();
    expect(asked.filter((call) => /changed-run|\/run$/.test(call))).toEqual([]);
    expect(asked.filter((call) => call.endsWith("/program"))).toHaveLength(1);
    await page.context().close();
  });

  it("falls back on the server where the frame cannot be opened", async () => {
    const { page, asked } = await newPage();
    // As in a browser in which something is missing.
    await page.route("**/runner/*/shell.js", (route) => route.fulfill({ contentType: "text/javascript", body: "throw new Error('no');" }));
    await write(page, "sql-ttl-groupby", submission("sql-ttl-groupby", "accepted", "sql"));
    await run(page);
    await page
      .getByText(/Equal to the reference/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(asked).toContain("POST /api/problems/sql-ttl-groupby/run");
    await page.context().close();
  });
});
