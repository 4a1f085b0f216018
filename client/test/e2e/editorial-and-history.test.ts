/**
 * What is there once a problem is behind one: the editorial opens when it is solved, or given up after a question; earlier submissions stand beside the text of now,
 * and come back.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES, submit, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney();
});

afterAll(() => journey?.close());

const editorialTab = () => journey.page.getByRole("tab", { name: "Editorial" });
const pane = () => journey.page.getByRole("region", { name: "Problem" });

describe("an editorial", () => {
  it("is closed at first; asking for it asks back, and no is no", async () => {
    const { page, product } = journey;
    await page.goto(`${product.address}/learn/session-exactly-once`);
    await editorialTab().click();
    await pane().getByText("It opens once you have solved the problem.").waitFor();
    await page.screenshot({ path: join(PICTURES, "editorial-closed.png") });
    await page.getByRole("button", { name: "Give up and read it" }).click();
    await page.getByRole("alertdialog").getByText("It is remembered that you gave the problem up.").waitFor();
    await page.keyboard.press("Escape");
    await pane().getByText("It opens once you have solved the problem.").waitFor();
    const answer = await page.evaluate(async () => (await fetch("/api/problems/session-exactly-once/editorial")).json());
    expect(answer).toMatchObject({ code: "EDITORIAL_CLOSED" });
  });

  it("opens when one gives up, and stays open", async () => {
    const { page } = journey;
    await page.getByRole("button", { name: "Give up and read it" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Give up and read it" }).click();
    await pane().getByText("transactional sink, with checkpointing on").waitFor();
    await page.screenshot({ path: join(PICTURES, "editorial-open.png") });
    await page.reload();
    await editorialTab().click();
    await pane().getByText("transactional sink, with checkpointing on").waitFor();
  });

  it("opens when the problem is solved", async () => {
    const { page, product } = journey;
    await page.goto(`${product.address}/learn/sql-ttl-groupby`);
    await write(page, submission("sql-ttl-groupby", "accepted", "sql"));
    expect(await submit(page, 1)).toContain("accepted");
    await editorialTab().click();
    await pane().getByRole("heading").nth(1).waitFor();
    await pane().getByText("STATE_TTL").first().waitFor();
  });
});

describe("submissions of before", () => {
  it("stand beside the text of now, and come back", async () => {
    const { page } = journey;
    const now = `-- another one\n${submission("sql-ttl-groupby", "accepted", "sql").replace("COUNT(*)", "COUNT(line)")}`;
    await write(page, now);
    await page.getByRole("tab", { name: "History" }).click();
    const compare = page.getByRole("button", { name: "Compare submission 1 with your text" });
    await compare.click();
    const diff = page.getByRole("region", { name: "From submission 1 to your text: solution.sql" });
    await diff.getByText("-- another one").waitFor();
    await page.getByText("1 line removed, 2 lines added.").waitFor();
    expect(await diff.locator("tr.removed").innerText()).toContain("COUNT(*)");
    await page.screenshot({ path: join(PICTURES, "history-compare.png") });
    await compare.click();
    expect(await diff.count()).toBe(0);
    await page.getByRole("button", { name: "Restore text of submission 1" }).click();
    await compare.click();
    await page.getByText("The same text.").waitFor();
    expect(journey.complaints.filter((text) => !text.includes("403"))).toEqual([]);
  });
});
