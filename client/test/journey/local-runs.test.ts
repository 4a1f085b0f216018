/**
 * Run in the browser: the server is asked for a program and for nothing else, the report is the server's to the byte, and a program that wants out finds nothing to
 * get out by. More of it is in `test/e2e/local-runs-failing.test.ts`.
 */
import type { SampleReport } from "@millrace/server/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney } from "../browser/journey.ts";
import { askGuest, openWatched, openWith, run } from "../browser/local-run.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { viewport: { width: 1280, height: 800 } } });
});

afterAll(() => journey?.close());

describe("Run in the browser", () => {
  it("asks the server for a program and for nothing else, and reports as the server does", async () => {
    const { page, asked } = await openWatched(journey);
    for (const [problem, language, ending] of [
      ["session-exactly-once", "datastream", "ts"],
      ["sql-ttl-groupby", "sql", "sql"],
    ] as const) {
      const text = submission(problem, "accepted", ending);
      await openWith(journey, page, problem, text);
      await run(page, /Equal to the reference/);
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
      expect(here.length).toBeGreaterThan(0);
      expect(here.map(({ outcome }) => outcome.recording)).toEqual(there.worlds.map(({ recording }) => recording));
    }
    expect(journey.complaints).toEqual([]);
    await page.context().close();
  });

  it("a program finds no way out: no network, no storage, no page", async () => {
    const { page, asked } = await openWatched(journey);
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
      out("${journey.product.address}/api/health?stolen=1").catch(() => undefined);
      out("data:text/javascript,globalThis.stolen=1").catch(() => undefined);
      throw new Error("found: [" + found.join(" ") + "] " + typeof (global as { stolen?: unknown }).stolen);
    `;
    await openWith(journey, page, "session-exactly-once", `// @ts-nocheck\nexport {};${reach}`);
    await run(page, /found: \[\] undefined/);
    expect(blocked).toEqual(["csp"]);
    expect(asked.filter((call) => call.includes("health"))).toEqual([]);
    await page.context().close();
  });
});
