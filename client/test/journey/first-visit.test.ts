/**
 * The first visit, in a real browser against the real server: from the catalogue to the first accepted problem in three clicks at most, with nothing but what
 * the two pages show. A wrong answer on the way is told where it parts from the reference. The longer walk is `test/e2e/newcomer.test.ts`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Journey, openJourney, PICTURES, verdictOf, write } from "../browser/journey.ts";
import { PACK, submission } from "../browser/product.ts";

let journey: Journey;
let page: Page;
/** Every page that the visitor came to since the last `page.goto`. */
let visited: string[] = [];

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
  page.on("framenavigated", (frame) => {
    const { pathname } = new URL(frame.url());
    if (visited.at(-1) !== pathname) visited.push(pathname);
  });
  await page.addInitScript(() => {
    sessionStorage.setItem("journey.clicks", "0");
    const count = (event: Event) => {
      if (event.isTrusted) sessionStorage.setItem("journey.clicks", String(Number(sessionStorage.getItem("journey.clicks")) + 1));
    };
    document.addEventListener("click", count, true);
  });
});

afterAll(() => journey?.close());

const problemShown = () => new URL(page.url()).pathname.split("/")[2]!;

/** Real clicks since the last `page.goto`, and no page but the catalogue and the workspace of one problem: no lesson, no help, no documentation. */
async function withinThreeClicks(): Promise<void> {
  expect(await page.evaluate(() => Number(sessionStorage.getItem("journey.clicks")))).toBeLessThanOrEqual(3);
  expect(visited.slice(-2)).toEqual(["/", `/learn/${problemShown()}`]);
  visited = [];
}

/** Labels of the right choices of a problem of decisions, in the order of its form. */
function rightChoices(problem: string): string[] {
  const { columns, rows } = parse(readFileSync(join(PACK, problem, "decide.yaml"), "utf8")) as {
    columns: { name: string; options: { value: string; label: string }[] }[];
    rows: { answers: Record<string, string | string[]> }[];
  };
  return rows.flatMap(({ answers }) =>
    columns.map(({ name, options }) => options.find(({ value }) => value === [answers[name]].flat()[0])!.label),
  );
}

describe("a first visit", () => {
  it("leads through the first problem of the path to accepted, in three clicks at most", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Start", exact: false }).last().click();
    await page.getByRole("table", { name: "Answer" }).waitFor();
    const problem = problemShown();
    await page.keyboard.press("ControlOrMeta+2");
    for (const label of rightChoices(problem)) {
      await page.keyboard.type(label);
      await page.keyboard.press("Enter");
    }
    await page.getByRole("button", { name: "Submit" }).first().click();
    expect(await verdictOf(page, 1)).toContain("accepted");
    await withinThreeClicks();
    await page.screenshot({ path: join(PICTURES, "first-accepted.png") });
  });

  it("leads through the first program to accepted, in three clicks at most", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Words every five seconds" }).first().click();
    // What is asked and what there is to call stand on the page: the statement, the tables of a sample, types in the editor.
    await page.getByRole("region", { name: "Problem" }).getByRole("table").first().waitFor();
    await write(page, submission(problemShown(), "accepted", "ts"));
    await page.getByRole("button", { name: "Submit" }).first().click();
    expect(await verdictOf(page, 1)).toContain("accepted");
    await withinThreeClicks();
  });

  it("says of a wrong answer where it parts from the reference first", async () => {
    await write(page, submission(problemShown(), "wrong-output", "ts"));
    await page.keyboard.press("ControlOrMeta+Shift+Enter");
    expect(await verdictOf(page, 2)).toContain("wrong-output");
    await page.getByRole("link", { name: "Open the verdict" }).click();
    await page.getByRole("heading", { name: "First difference" }).waitFor();
  });

  it("left no error in the browser's console", () => {
    expect(journey.complaints).toEqual([]);
  });
});
