/** The same learner at two machines: a text goes along, one that was written apart on both is lost on neither, and the server may be away meanwhile. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES, write } from "../browser/journey.ts";

let journey: Journey;
let desk: Page;
let couch: Page;

beforeAll(async () => {
  journey = await openJourney();
  desk = journey.page;
  couch = await journey.newPage();
});

afterAll(() => journey?.close());

const open = (page: Page) => page.goto(`${journey.product.address}/learn/sql-ttl-groupby`);
const shown = (page: Page) => page.locator(".monaco-editor .view-lines").first().textContent();
/** What the server has. */
const kept = async () => {
  const answer = await fetch(`${journey.product.address}/api/problems/sql-ttl-groupby/drafts`);
  return ((await answer.json()) as { file: string; text: string }[]).find(({ file }) => file === "sql")?.text ?? null;
};

describe("two machines", () => {
  it("what was written at one is there at the other", async () => {
    await open(desk);
    await write(desk, "-- from the desk");
    await expect.poll(kept).toBe("-- from the desk");
    await open(couch);
    await expect.poll(() => shown(couch)).toMatch(/from.the.desk/);
  });

  it("written apart on both, neither is lost: one is kept, the other is offered", async () => {
    await desk.context().setOffline(true);
    await write(desk, "-- at the desk, without a network");
    await desk.getByText("in this browser only").waitFor();
    await write(couch, "-- on the couch");
    await expect.poll(kept).toBe("-- on the couch");
    await desk.context().setOffline(false);
    const note = desk.getByRole("status").filter({ hasText: "Another machine had saved another text" });
    await note.waitFor({ timeout: 90_000 });
    await note.getByRole("button", { name: "Compare" }).click();
    await note.getByText("-- on the couch").waitFor();
    await desk.screenshot({ path: join(PICTURES, "two-machines.png") });
    await note.getByRole("button", { name: "Take the other one" }).click();
    await expect.poll(() => shown(desk)).toMatch(/on.the.couch/);
    await expect.poll(kept).toBe("-- on the couch");
  });

  it("a page that is closed right after the last key has sent it", async () => {
    await write(desk, "-- the last word");
    await desk.goto("about:blank");
    await expect.poll(kept).toBe("-- the last word");
    await couch.reload();
    await expect.poll(() => shown(couch)).toMatch(/the.last.word/);
    expect(journey.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(text))).toEqual([]);
  });
});
