/**
 * An instructor's way in its shortest form, where people log in: a pack is uploaded → its report is read → published → assigned to a class → a learner joins and
 * solves → the results. What can go wrong on it is in `test/e2e/instructor-area.test.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { type Journey, logIn, openJourney, PASSWORD, PICTURES, verdictOf } from "../browser/journey.ts";
import { root } from "../browser/product.ts";

const CLI = join(root, "grader", "src", "cli.ts");
const cli = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args], { stdio: "pipe" });

const dir = mkdtempSync(join(tmpdir(), "millrace-instructor-"));
const pack = join(dir, "first-steps");
const archive = join(dir, "first-steps.zip");
let journey: Journey;
/** The instructor's. */
let page: Page;
let learner: Page;
let classUrl = "";

beforeAll(async () => {
  cli("pack", "new", join(pack, "visits"), "--kind", "decide");
  cli("pack", "build", pack, "--out", archive);
  journey = await openJourney({ env: { MILLRACE_ACCOUNTS: "on" } });
  const { product } = journey;
  await Promise.all([product.addUser("Ines Moreau", "instructor", PASSWORD), product.addUser("Lin", "learner", PASSWORD)]);
  [page, learner] = [journey.page, await journey.newPage()];
});

afterAll(async () => {
  await journey?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("an instructor", () => {
  it("uploads a pack, reads in its report that it proves itself, and publishes it", async () => {
    await logIn(page, journey.product.address, "Ines Moreau");
    await page.getByRole("link", { name: "Teach" }).click();
    await page.locator("input[type=file]").setInputFiles(archive);
    await page.getByText("Ready to publish.").waitFor();
    await page.screenshot({ path: join(PICTURES, "instructor-report.png") });
    await page.getByRole("button", { name: "Publish" }).click();
    await confirm(page, "Publish");
    await page.getByRole("heading", { name: "Life cycle: active" }).waitFor();
  });

  it("assigns it to a class; a learner joins and solves it; the results say so", async () => {
    await page.getByRole("link", { name: "Classes" }).last().click();
    await page.getByLabel("Name of the class").fill("Streams 2026");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Streams 2026" }).waitFor();
    classUrl = page.url();
    const code = (await page.locator(".code").innerText()).trim();
    await page.getByRole("button", { name: "Assign problems" }).click();
    await page.keyboard.type("Week 1");
    await page.getByLabel("Find problems").fill("visits");
    await page.getByRole("checkbox", { name: /^Visits decide/ }).check();
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByRole("cell", { name: "Week 1", exact: true }).waitFor();

    await logIn(learner, journey.product.address, "Lin");
    await learner.getByRole("link", { name: "Classes" }).click();
    await learner.getByLabel("Code of the class").fill(code);
    await learner.keyboard.press("Enter");
    await learner.getByRole("link", { name: "Visits", exact: true }).click();
    await learner.getByRole("table").first().waitFor();
    const answer = readFileSync(join(pack, "visits", "submissions", "accepted", "right.yaml"), "utf8");
    await learner.evaluate((text) => window.millraceEditor?.setText(text), answer);
    await learner.getByRole("button", { name: "Submit" }).first().click();
    expect(await verdictOf(learner, 1)).toContain("accepted");

    await page.goto(classUrl);
    await page.getByRole("rowheader", { name: "Lin" }).waitFor();
    await page.getByRole("button", { name: /^Lin, Visits: 100/ }).waitFor();
    await page.screenshot({ path: join(PICTURES, "instructor-results.png") });
  });
});
