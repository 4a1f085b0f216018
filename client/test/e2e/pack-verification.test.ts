/**
 * A pack that takes a while to prove itself, on a single-user server: dropped on the page, watched with its numbers, the connection cut in the middle and mended, surviving
 * mutants read, verified again, deleted. The pictures go to client/test-results/pack-verification/.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { type CuttableLine, cuttableLine } from "../browser/cuttable-line.ts";
import { type Journey, openJourney } from "../browser/journey.ts";
import { archiveOf, newProblem } from "../browser/packs.ts";
import { pictures } from "../browser/pictures.ts";
import { violations } from "../browser/violations.ts";
import { root } from "../browser/product.ts";

const OUT = join(root, "client", "test-results", "pack-verification");
const PROBLEMS = 8;

let journey: Journey;
let line: CuttableLine;
let page: Page;
let dir = "";
let pack = "";
/** Thrown in the page. The console notes the cut line, too. */
const complaints: string[] = [];
const inaccessible: string[] = [];

const button = (name: string) => page.getByRole("button", { name, exact: true });

async function picture(name: string): Promise<void> {
  await pictures(page, join(OUT, name));
  inaccessible.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
}

/** Drops a file on the place that says so, as from a folder of the desktop. */
async function drop(name: string, content: Buffer): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ""), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName ?? "", { type: "application/zip" }));
      return transfer;
    },
    [name, content.toString("base64")],
  );
  const box = page.getByRole("group", { name: "Bring in a pack" });
  await box.dispatchEvent("dragover", { dataTransfer: files });
  await picture(`dropping-${name.replace(".zip", "")}`);
  await box.dispatchEvent("drop", { dataTransfer: files });
}

/** How many checks the page says are done, and of how many. */
async function progress(): Promise<{ readonly done: number; readonly of: number | null } | null> {
  const text = await page
    .locator(".going")
    .innerText({ timeout: 200 })
    .catch(() => null);
  const [, done, of] = /(\d+)(?: of (\d+))? checks?/.exec(text ?? "") ?? [];
  return done === undefined ? null : { done: Number(done), of: of === undefined ? null : Number(of) };
}

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  dir = mkdtempSync(join(tmpdir(), "millrace-verification-"));
  pack = join(dir, "slow");
  for (let n = 1; n <= PROBLEMS; n++) newProblem(join(pack, `readings-${n}`), "datastream");
  journey = await openJourney();
  line = await cuttableLine(journey.product.address);
  page = journey.page;
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterAll(async () => {
  await line?.close();
  await journey?.close();
  rmSync(dir, { recursive: true, force: true });
});

it("is dropped on the page; what is no pack is told", async () => {
  await page.goto(`${line.address}/teach/packs`);
  await page.getByText("or drop it here.").waitFor();
  await drop("notes.txt", Buffer.from("x"));
  await page.getByText("notes.txt is no .zip file.").waitFor();
  await drop("slow.zip", archiveOf(pack, "0.1.0"));
  await page.getByRole("heading", { level: 1, name: /Slow/ }).waitFor();
});

it("shows how far it is, in numbers that grow", async () => {
  await expect.poll(async () => (await progress())?.of ?? null, { timeout: 30_000 }).toBeGreaterThan(PROBLEMS * 5);
  const before = (await progress())!;
  const bar = page.getByRole("progressbar", { name: "Checks done" });
  expect(Number(await bar.getAttribute("max"))).toBe(before.of);
  await picture("progress");
  await expect.poll(async () => (await progress())?.done ?? 0, { timeout: 30_000 }).toBeGreaterThan(before.done);
});

it("says that the connection is lost in the middle, and goes on where it was", async () => {
  const total = (await progress())!.of;
  line.cut();
  await page.getByText("The connection to the server was lost; asking again.").waitFor();
  await picture("interrupted");
  line.mend();
  await page.getByText("The connection to the server was lost; asking again.").waitFor({ state: "detached" });
  await page.getByText("Ready to publish.").waitFor({ timeout: 120_000 });
  // Every check once, also those that were told while nobody listened.
  await page.getByText(`All checks (${total})`).click();
  const checks = page.getByRole("region", { name: `All checks (${total})` }).getByRole("row");
  const told = await checks.evaluateAll((rows) =>
    rows.slice(1).map((row) =>
      [...row.querySelectorAll("td")]
        .slice(0, 2)
        .map((cell) => cell.textContent)
        .join(" "),
    ),
  );
  expect(told).toHaveLength(total!);
  expect(new Set(told).size).toBe(total);
});

it("is verified again, from the beginning", async () => {
  await button("Verify again").click();
  await page.getByText("Ready to publish.").waitFor({ state: "detached" });
  await expect.poll(async () => (await progress())?.of ?? null, { timeout: 30_000 }).toBeGreaterThan(PROBLEMS * 5);
  await page.getByText("Ready to publish.").waitFor({ timeout: 120_000 });
});

it("shows the mutants that no world kills, below their problem", async () => {
  const world = join(pack, "readings-2", "scenarios", "sample-1.yaml");
  // Without the reading at the border nothing tells > from >=.
  writeFileSync(world, readFileSync(world, "utf8").replace("celsius: 20 }", "celsius: 15 }"));
  for (let n = 3; n <= PROBLEMS; n++) rmSync(join(pack, `readings-${n}`), { recursive: true });
  await page.goto(`${line.address}/teach/packs`);
  await drop("survivors.zip", archiveOf(pack, "0.2.0"));
  await page.getByText(/^Not ready to publish/).waitFor({ timeout: 60_000 });
  await page.getByText("No world tells these from a right answer:").first().waitFor();
  await page.getByText("reading.celsius >= 20").first().waitFor();
  await picture("survivors");
});

it("is deleted while nobody has begun it, after a question that Escape answers with no", async () => {
  const remove = button("Delete");
  await remove.focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await question.waitFor();
  await picture("delete");
  // It begins on the way out, and the way out gives the focus back.
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Do not");
  await page.keyboard.press("Tab");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Delete");
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  expect(await remove.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await confirm(page, "Delete");
  await page.getByRole("heading", { level: 1, name: "Packs" }).waitFor();
  await page.getByRole("cell", { name: "0.1.0", exact: true }).waitFor();
  expect(await page.getByRole("cell", { name: "0.2.0", exact: true }).count()).toBe(0);
});

it("left no error in the pages, and none that axe complains of", () => {
  expect({ complaints, inaccessible }).toEqual({ complaints: [], inaccessible: [] });
});
