/**
 * The journey of a newcomer, in a real browser against the real server: open → solve wrongly → see the difference → solve → accepted,
 * in DataStream and in SQL. The screenshots go to client/test-results/; with MILLRACE_README_PICTURE set the one that the README shows
 * is written anew.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JUDGED_MS, type Journey, openJourney, PICTURES, submit, write } from "../browser/journey.ts";
import { PACK, root, submission } from "../browser/product.ts";

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
});

afterAll(() => journey?.close());

function picture(name: string): Promise<unknown> {
  return page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

describe("first visit", () => {
  it("shows the catalogue with all problems", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Words every five seconds" }).first().waitFor();
    const problems = readdirSync(PACK).filter((name) => existsSync(join(PACK, name, "problem.yaml")));
    expect(await page.getByRole("row").count()).toBe(problems.length + 1);
    await picture("catalogue");
  });

  it("leads from the catalogue into the workspace in one click, with a typed editor", async () => {
    await page.getByRole("link", { name: "Words every five seconds" }).first().click();
    await page.getByRole("region", { name: "Editor" }).waitFor();
    await page.waitForSelector(".monaco-editor .view-line");
    await picture("workspace-before");
  });

  it("runs the samples and draws event time against processing time", async () => {
    await write(page, submission("windowed-word-count", "accepted", "ts"));
    await page
      .getByRole("button", { name: "Run", exact: true })
      .or(page.getByRole("button", { name: /^Run / }))
      .first()
      .click();
    await page.getByText("as expected").first().waitFor({ timeout: JUDGED_MS });
    await page.waitForSelector("svg.fig");
    await page.waitForTimeout(300);
    await picture("workspace-run");
  });

  it("judges a wrong DataStream answer and shows the first difference", async () => {
    await write(page, submission("windowed-word-count", "wrong-output", "ts"));
    expect(await submit(page, 1)).toContain("wrong-output");
    await picture("workspace-wrong");
    await page.getByRole("link", { name: "Open the verdict" }).click();
    await page.getByRole("heading", { name: "First difference" }).waitFor();
    await picture("verdict-wrong");
    await page.getByRole("link", { name: /Back to the editor/ }).click();
  });

  it("accepts the right DataStream answer", async () => {
    await write(page, submission("windowed-word-count", "accepted", "ts"));
    expect(await submit(page, 2)).toContain("accepted");
    await picture("workspace-accepted");
  });

  it("marks a mistake in SQL while one writes, without asking the server", async () => {
    await page.goto(`${journey.product.address}/learn/sql-tumble-clicks`);
    const asked: string[] = [];
    const note = (request: { method(): string; url(): string }) => void (request.method() === "POST" && asked.push(request.url()));
    page.on("request", note);
    await write(page, "INSERT INTO clicks_per_user\nSELECT user, event_time, 1 FROM clicks;");
    const mark = page.locator(".squiggly-error").first();
    await mark.waitFor();
    await write(page, submission("sql-tumble-clicks", "accepted", "sql"));
    await mark.waitFor({ state: "detached" });
    page.off("request", note);
    expect(asked).toEqual([]);
  });

  it("judges a wrong SQL answer and shows the first difference", async () => {
    await write(page, submission("sql-tumble-clicks", "wrong-output", "sql"));
    expect(await submit(page, 1)).toContain("wrong-output");
    await picture("sql-wrong");
  });

  it("accepts the right SQL answer", async () => {
    await write(page, submission("sql-tumble-clicks", "accepted", "sql"));
    expect(await submit(page, 2)).toContain("accepted");
    await picture("sql-accepted");
  });

  it("shows on the plane how a job comes back from a crash", async () => {
    await page.goto(`${journey.product.address}/learn/session-exactly-once`);
    await write(page, submission("session-exactly-once", "accepted", "ts"));
    await page.getByRole("button", { name: /^Run/ }).first().click();
    await page.getByText("as expected").first().waitFor({ timeout: JUDGED_MS });
    await page
      .getByRole("button", { name: /task manager/ })
      .first()
      .click();
    // A vertical line has no width, so it never counts as visible.
    await page.waitForSelector("svg.fig .crash", { state: "attached" });
    await picture("workspace-crash");
    if (process.env["MILLRACE_README_PICTURE"]) await page.screenshot({ path: join(root, "client", "screenshots", "workspace.png") });
  });

  it("marks what is solved in the catalogue", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("cell", { name: "accepted" }).first().waitFor();
    expect(await page.getByRole("cell", { name: "accepted" }).count()).toBe(2);
    await picture("catalogue-solved");
  });

  it("left no error in the browser's console", () => {
    expect(journey.complaints).toEqual([]);
  });
});
