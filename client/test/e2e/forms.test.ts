/**
 * Answers that are forms, on the product with a problem of each kind: decisions, settings, a trace question with its variations, and version 1 beside
 * an upgrade. `SHOTS=folder` keeps pictures.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney } from "../browser/journey.ts";
import { root } from "../browser/product.ts";

const SHOTS = process.env["SHOTS"];

const pack = mkdtempSync(join(tmpdir(), "millrace-kinds-"));

let journey: Journey;
let page: Page;

beforeAll(async () => {
  // The templates of `pack new` are the smallest problem of each kind.
  cpSync(join(root, "grader/templates"), pack, { recursive: true });
  cpSync(join(root, "grader/test/pack/kinds-pack/pack.yaml"), join(pack, "pack.yaml"));
  journey = await openJourney({ packs: pack });
  page = journey.page;
});

afterAll(async () => {
  await journey?.close();
  rmSync(pack, { recursive: true, force: true });
});

/** Both widths and themes. */
async function pictures(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}-${width}.png`), fullPage: width === 390 });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
}

const open = async (problem: string) => {
  await page.goto(`${journey.product.address}/learn/${problem}`);
  await page.waitForSelector("#editor-pane table");
};

const submit = async () => {
  await page.keyboard.press("ControlOrMeta+Shift+Enter");
  await page.getByRole("link", { name: "Open the verdict" }).waitFor();
};

const SOON = { timeout: 30_000 };

const chip = () => page.locator("#runs-pane .verdict").innerText();

describe("decisions", () => {
  it("are chosen with the keyboard, and a wrong one is told why", async () => {
    await open("which-window");
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("t");
    await page.keyboard.press("Enter");
    await page.keyboard.press("s");
    await page.keyboard.press("Enter");
    await page.keyboard.press("s");
    await submit();
    expect(await chip()).toContain("wrong-output");
    expect(await page.locator("#runs-pane .headline").innerText()).toContain("cuts visits in two");
    expect(await page.locator("#editor-pane td.wrong").count()).toBe(1);
    await pictures("decide");
  });

  it("are right after the change", async () => {
    await page.getByRole("combobox", { name: "window, visits" }).selectOption("session");
    await submit();
    await expect.poll(chip, SOON).toContain("accepted");
  });
});

describe("settings", () => {
  it("begin with what is set, run the job, and show figures beside their bounds", async () => {
    await open("tune-checkpoints");
    const interval = page.getByRole("textbox", { name: "value, execution.checkpointing.interval" });
    expect(await interval.inputValue()).toBe("1 s");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("checkpoints in a minute").first().waitFor();
    await page.getByText("beyond", { exact: true }).first().waitFor();
    await pictures("tune");
    await interval.fill("10 s");
    await submit();
    await expect.poll(chip, SOON).toContain("accepted");
  });

  it("of the wrong form are told", async () => {
    await page.getByRole("textbox", { name: "value, execution.checkpointing.interval" }).fill("often");
    await submit();
    await expect.poll(chip, SOON).toContain("compile-error");
    expect(await page.locator("#runs-pane .headline").innerText()).toContain("a duration such as");
  });
});

describe("a trace question", () => {
  const times = async () => (await page.locator("#editor-pane tbody tr td:nth-child(2)").allInnerTexts()).map(Number);
  const fill = async (bound: number) => {
    let most = Number.NEGATIVE_INFINITY;
    const blanks = page.locator("#editor-pane tbody input");
    for (const [index, time] of (await times()).entries()) {
      most = Math.max(most, time);
      await blanks.nth(index).fill(String(most - bound));
    }
  };

  it("is asked again with other figures, which are kept over a reload", async () => {
    await open("say-watermarks");
    const first = await times();
    await page.getByRole("button", { name: "Another variation" }).click();
    await page.getByText("Variation 2 of 5").waitFor();
    const second = await times();
    expect(second).not.toEqual(first);
    await fill(5001);
    await page.reload();
    await page.getByText("Variation 2 of 5").waitFor();
    expect(await times()).toEqual(second);
    await pictures("trace");
    await submit();
    await expect.poll(chip, SOON).toContain("accepted");
  });
});

describe("an upgrade", () => {
  it("shows version 1 beside the answer", async () => {
    await page.goto(`${journey.product.address}/learn/count-again`);
    await page.waitForSelector(".monaco-editor .view-line");
    await page.getByRole("tab", { name: /v1\.ts/ }).click();
    await expect.poll(() => page.locator(".view-lines").innerText(), SOON).toContain("KafkaSource");
    await pictures("upgrade");
  });

  it("leaves no error behind", () => expect(journey.complaints).toEqual([]));
});
