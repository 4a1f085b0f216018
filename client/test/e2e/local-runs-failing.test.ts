/** Run in the browser where something goes wrong: mistakes, loops without an end, a browser that cannot; and worlds that are changed there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney } from "../browser/journey.ts";
import { openWatched, openWith, run } from "../browser/local-run.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { viewport: { width: 1280, height: 800 } } });
});

afterAll(() => journey?.close());

describe("Run in the browser", () => {
  it("shows a wrong answer's first difference, a mistake in its line, and gives up what never ends; then runs on", async () => {
    const { page, asked } = await openWatched(journey);
    const problem = "session-exactly-once";
    const loop =
      'import { StreamExecutionEnvironment } from "flink";\nfor (;;) {}\nStreamExecutionEnvironment.getExecutionEnvironment();\n';
    await openWith(journey, page, problem, loop);
    await run(page, /Does a loop never end/);
    await openWith(journey, page, problem, 'throw new Error("not today");\nexport {};');
    await run(page, /not today/);
    await openWith(journey, page, problem, "const n: number = 'text';\nexport {};");
    await run(page, /is not assignable/);
    await openWith(journey, page, problem, submission(problem, "wrong-output", "ts"));
    await run(page, /^differs$/);
    expect(await page.locator("tr[data-diff]").count()).toBeGreaterThan(0);
    await openWith(journey, page, problem, submission(problem, "accepted", "ts"));
    await run(page, /Equal to the reference/);
    expect(asked.filter((call) => call.endsWith("/run"))).toEqual([]);
    await page.context().close();
  });

  it("a changed world is computed here, too", async () => {
    const { page, asked } = await openWatched(journey);
    const problem = "session-exactly-once";
    await openWith(journey, page, problem, submission(problem, "accepted", "ts"));
    await page.goto(`${journey.product.address}/learn/${problem}/stage?sample=1`);
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
    const { page, asked } = await openWatched(journey);
    // As in a browser in which something is missing.
    await page.route("**/runner/*/shell.js", (route) => route.fulfill({ contentType: "text/javascript", body: "throw new Error('no');" }));
    await openWith(journey, page, "sql-ttl-groupby", submission("sql-ttl-groupby", "accepted", "sql"));
    await run(page, /Equal to the reference/);
    expect(asked).toContain("POST /api/problems/sql-ttl-groupby/run");
    await page.context().close();
  });
});
