/**
 * Crash investigation, against the real server: from a verdict to the record that is there twice and the transaction that was committed twice; then the
 * repaired job, whose task manager is killed elsewhere, and exactly once stays exactly once. On the way the world is changed in every way there is: by mouse,
 * by keyboard, by link. Last a SQL run.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { launchBrowser } from "../browser/launch.ts";
import { PACK, type Product, root, startProduct, submission } from "./product.ts";

const PICTURES = join(root, "client", "test-results", "journey");
const JUDGED_MS = 110_000;
const LEDGER = "two-phase-commit-sink";

let product: Product;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return page;
}

const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });
const world = (page: Page) => page.getByRole("region", { name: "World" });
const shot = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
/** The last change has been computed. */
const settled = async (page: Page) => {
  await expect.poll(() => world(page).getAttribute("aria-busy"), { timeout: 20_000 }).toBe("false");
};

/** Opens the workspace with this text in it. */
async function write(page: Page, problem: string, text: string): Promise<void> {
  await page.goto(`${product.address}/learn/${problem}`);
  await page.waitForSelector(".monaco-editor .view-line");
  await page.evaluate((typed) => window.millraceEditor?.setText(typed), text);
}

/** Runs it and goes to the stage of a sample. */
async function openSample(page: Page, problem: string, text: string, sample: number): Promise<void> {
  await write(page, problem, text);
  await page.getByRole("button", { name: "Run", exact: false }).first().click();
  await page
    .getByText(/Equal to the reference/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.goto(`${product.address}/learn/${problem}/stage?sample=${sample}`);
  await page.waitForSelector("canvas");
}

/** One transaction for each entry, committed at once. */
function transactionPerEntry(): string {
  const folder = join(PACK, LEDGER, "submissions");
  const { of, edits } = parse(readFileSync(join(folder, "duplicate-records/transaction-per-entry.edit.yaml"), "utf8")) as {
    of: string;
    edits: { replace: string; with: string }[];
  };
  return edits.reduce((text, edit) => text.replace(edit.replace, () => edit.with), readFileSync(join(folder, of), "utf8"));
}

describe("a crash investigation", () => {
  it("finds the record that is there twice, and names the transaction that was committed twice", async () => {
    const page = await newPage();
    await write(page, LEDGER, transactionPerEntry());
    await page.getByRole("button", { name: "Submit" }).first().click();
    await page.getByRole("link", { name: "Open the verdict" }).click({ timeout: JUDGED_MS });
    await page.getByRole("link", { name: "Both runs on the stage" }).click({ timeout: JUDGED_MS });
    await page.waitForSelector("canvas");
    await page.getByRole("tab", { name: "Table" }).click();
    await page.keyboard.press("End");
    const twice = page.getByRole("row", { name: /written before/ }).filter({ has: page.getByRole("button") });
    await twice.first().getByRole("button").click();
    await expect
      .poll(() => inspector(page).innerText())
      .toMatch(/Transaction (ledger-\d-\S+) was committed twice: as number \d+ at \S+ and as number \d+ at \S+\./);
    expect(await inspector(page).innerText()).toMatch(/After crash tm \d at \S+ the job (began anew|went back to checkpoint \d+)/);
    await page.getByRole("tab", { name: "Event-time plane" }).click();
    await shot(page, "investigation-twice");

    // The verdict's own world can be changed: without its crash nothing is there twice.
    await world(page)
      .getByRole("button", { name: /^Leave out/ })
      .click();
    await settled(page);
    await expect.poll(() => world(page).innerText()).toMatch(/find 1 fewer than without the changes/);
    await page.getByRole("tab", { name: "Table" }).click();
    await expect.poll(() => twice.count()).toBe(0);
    await page.getByRole("tab", { name: "without changes" }).click();
    await page.getByRole("button", { name: "To the end" }).click();
    await expect.poll(() => twice.count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it("kills the task manager of the repaired job elsewhere, and exactly once stays exactly once", async () => {
    const page = await newPage();
    await openSample(page, LEDGER, submission(LEDGER, "accepted", "ts"), 2);
    await world(page)
      .getByRole("button", { name: /^Leave out: crash tm 1/ })
      .click();
    await settled(page);
    for (const commits of [1, 2, 3]) {
      // Right behind a commit, each time another one.
      await page.keyboard.press("Home");
      for (let i = 0; i < commits; i++) await page.keyboard.press("c");
      if (commits % 2 === 1) await page.keyboard.press("1");
      else await world(page).getByRole("button", { name: "Kill tm 1" }).click();
      await settled(page);
      expect(await world(page).innerText()).toContain("read_committed readers find the same 6 records as without the changes.");
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("x");
    await shot(page, "investigation-exactly-once");
    await world(page).getByRole("button", { name: "Undo all" }).click();
    await expect.poll(() => world(page).innerText()).toContain("As it is given.");
    await page.context().close();
  });
});

describe("a changed world", () => {
  let link: string;

  it("a record is dragged with the mouse, moved with keys, copied and taken out; each can be undone", async () => {
    const page = await newPage({ permissions: ["clipboard-read", "clipboard-write"] });
    await openSample(page, "session-exactly-once", submission("session-exactly-once", "accepted", "ts"), 3);
    const handle = page.getByRole("slider", { name: /^Arrival of clicks/ });
    const list = world(page).locator("ol li");
    const arrival = async () => Number(await handle.getAttribute("aria-valuenow"));
    await page.keyboard.press("Home");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    const first = await arrival();

    const box = await handle.boundingBox();
    if (box === null) throw new Error("there is nothing to take hold of");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await shot(page, "world-dragging");
    await page.mouse.up();
    await settled(page);
    expect(await list.allInnerTexts()).toEqual([expect.stringMatching(/^clicks \d : 0 arrives .+ later/)]);
    expect(await arrival()).toBeGreaterThan(first);

    const dragged = await arrival();
    await page.keyboard.press("m");
    await expect.poll(() => handle.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await settled(page);
    expect(await arrival()).toBeGreaterThan(dragged);
    expect(await list.count()).toBe(1);

    await world(page).getByRole("button", { name: "Add a copy" }).click();
    await world(page).getByRole("textbox", { name: "Value, as JSON" }).fill("{");
    await world(page).getByRole("button", { name: "Add it at the cursor" }).click();
    await world(page).getByText("This is not JSON.").waitFor();
    await world(page)
      .getByRole("textbox", { name: "Value, as JSON" })
      .fill('{"user":"u_99","page":"<img src=x onerror=alert(1)>","at":1767607260000}');
    await world(page).getByRole("button", { name: "Add it at the cursor" }).click();
    await settled(page);
    await world(page)
      .getByText(/readers find .*more/)
      .waitFor();

    // The one that was dragged is taken out with a key.
    await handle.focus();
    await page.keyboard.press("Delete");
    await settled(page);
    expect(await list.allInnerTexts()).toEqual([
      expect.stringMatching(/^a record of clicks \d is added at/),
      expect.stringMatching(/^clicks \d : 0 is taken out/),
    ]);
    await page.keyboard.press("x");
    await page.keyboard.press("2");
    await settled(page);
    expect(await list.count()).toBe(3);
    await world(page)
      .getByRole("button", { name: /^Undo: task manager 2/ })
      .click();
    await settled(page);
    expect(await list.count()).toBe(2);
    await shot(page, "world-changed");
    // The address follows a little later; the button brings it up to date at once.
    await page.getByRole("button", { name: "Copy link to this moment" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/changes=.*remove/);
    expect(link).not.toContain("kill");
    await page.context().close();
  });

  it("comes back from its link, in another browser, narrow and dark", async () => {
    const page = await newPage({ colorScheme: "dark" });
    // The text is in the draft of the browser that wrote it; here it is typed again.
    await write(page, "session-exactly-once", submission("session-exactly-once", "accepted", "ts"));
    await page.getByRole("button", { name: "Run", exact: false }).first().click();
    await page
      .getByText(/Equal to the reference/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link);
    await world(page)
      .getByText(/readers find/)
      .waitFor({ timeout: 60_000 });
    expect(await world(page).locator("ol li").count()).toBe(2);
    expect(await page.getByText("Your text has changed").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(PICTURES, "world-390-dark.png"), fullPage: true });
    await page.context().close();
  });

  it("a hostile link is told, and changes nothing", async () => {
    const page = await newPage();
    const stage = `${product.address}/learn/session-exactly-once/stage?sample=3&changes=`;
    await page.goto(`${product.address}/learn/session-exactly-once`);
    for (const changes of [
      '[["kill","<script>",1]]',
      "<svg onload=alert(1)>",
      JSON.stringify(Array.from({ length: 99 }, () => ["spare", 0])),
    ]) {
      await page.goto(stage + encodeURIComponent(changes));
      await page.waitForSelector("canvas");
      await world(page).getByRole("alert").getByText("the world is shown as it is given").waitFor();
      expect(await world(page).locator("ol li").count()).toBe(0);
    }
    // Well-formed, but of another world: the server says what does not fit, and the change can be taken back.
    await page.goto(stage + encodeURIComponent('[["remove","orders",0,7]]'));
    await page.waitForSelector("canvas");
    await world(page).getByText("Nothing arrives in a topic “orders” of this world.").waitFor();
    await shot(page, "world-refused");
    await world(page).getByRole("button", { name: "Undo all" }).click();
    await expect.poll(() => world(page).innerText()).toContain("As it is given.");
    await page.context().close();
  });
});

it("a SQL run shows its plan, which change each row is, and state per operator", async () => {
  const page = await newPage();
  await openSample(page, "sql-ttl-groupby", submission("sql-ttl-groupby", "accepted", "sql"), 1);
  await page.keyboard.press("End");
  const graph = page.getByRole("region", { name: /^Job graph/ });
  await expect.poll(() => graph.innerHTML()).toMatch(/GroupAggregate|Deduplicate|Calc/);
  await shot(page, "sql-plane");
  await page.getByRole("tab", { name: "Operators" }).click();
  await expect.poll(() => page.getByRole("tabpanel").innerText()).toMatch(/\(groupBy=\[/);
  await page.getByRole("tab", { name: "Table" }).click();
  const rows = page.getByRole("row").filter({ hasText: /\+[IU]/ });
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  await page.getByRole("row", { name: /\+U/ }).first().getByRole("button").click();
  await expect.poll(() => inspector(page).innerText()).toContain("It is what a row is after its update.");
  await shot(page, "sql-table");
  await page.context().close();
});

it("left no error in the browser's console", () => {
  // A change that does not fit is answered 400, and the browser says so.
  expect(complaints.filter((text) => !text.includes("400"))).toEqual([]);
});
