/**
 * An instructor's way, where people log in: a pack that is not ready → what its report says → the mended one → published → a class, an assignment, a learner by
 * invitation who solves → results, CSV, misconceptions → judging anew; and an administrator's tables. The pictures go to client/test-results/instructor/.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tabTo } from "../browser/keyboard.ts";
import { pictures } from "../browser/pictures.ts";
import { violations } from "../browser/violations.ts";
import { confirm } from "../browser/confirm.ts";
import { type Journey, logIn, openJourney, PASSWORD } from "../browser/journey.ts";
import { type Product, root } from "../browser/product.ts";

const OUT = join(root, "client", "test-results", "instructor");
const CLI = join(root, "grader", "src", "cli.ts");
const HINTS = "## A visit is one window {#visit}\nwhen: wrong-output\n\nA tumbling window cuts a visit in two.\n";

let journey: Journey;
let product: Product;
let page: Page;
let learner: Page;
let dir = "";
let pack = "";
let classUrl = "";
/** Thrown in the pages. The console notes every refusal, and some are met on purpose. */
const complaints: string[] = [];
/** What axe says of the pages that pictures were taken of. */
const inaccessible: string[] = [];

const cli = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args], { stdio: "pipe" });

/** The pack's archive as it lies there, mistakes and all (which `pack build` would refuse to make). */
function build(version: string): string {
  const manifest = join(pack, "pack.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/^version: .*$/m, `version: ${version}`));
  const archive = join(dir, `first-steps-${version}.zip`);
  const script = `import { buildPack } from "@millrace/grader"; import { writeFileSync } from "node:fs"; writeFileSync(process.argv[2], buildPack(process.argv[1]));`;
  execFileSync(process.execPath, ["--input-type=module", "-e", script, pack, archive], { cwd: join(root, "server"), stdio: "pipe" });
  return archive;
}

async function newPage(): Promise<Page> {
  const made = await journey.newPage({ acceptDownloads: true });
  made.on("pageerror", (error) => complaints.push(error.message));
  return made;
}

/** Takes the pictures, and asks axe about what is on them. */
async function picture(name: string, on: Page = page): Promise<void> {
  await pictures(on, join(OUT, name));
  inaccessible.push(...(await violations(on)).map((violation) => `${name}: ${violation}`));
}
const link = (name: string | RegExp, on: Page = page) => on.getByRole("link", { name, exact: typeof name === "string" });
const button = (name: string | RegExp, on: Page = page): Locator => on.getByRole("button", { name, exact: typeof name === "string" });

async function upload(archive: string): Promise<void> {
  await link("Packs").first().click();
  await page.locator("input[type=file]").setInputFiles(archive);
  await page.getByRole("heading", { name: /First steps|First Steps/ }).waitFor();
}

/** Answers the open form, row by row, as a learner would: by keyboard. */
async function submit(answer: string, number: number): Promise<void> {
  await learner.evaluate((text) => window.millraceEditor?.setText(text), answer);
  await button("Submit", learner).first().click();
  const runs = learner.getByRole("region", { name: "Runs" });
  await runs.locator("b").getByText(`Submission ${number}`, { exact: true }).waitFor();
  await runs.getByRole("link", { name: "Open the verdict" }).waitFor();
}

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  dir = mkdtempSync(join(tmpdir(), "millrace-instructor-"));
  pack = join(dir, "first-steps");
  journey = await openJourney({ env: { MILLRACE_ACCOUNTS: "on" } });
  product = journey.product;
  cli("pack", "new", join(pack, "visits"), "--kind", "decide");
  cli("pack", "new", join(pack, "warm-sensors"), "--kind", "datastream");
  writeFileSync(join(pack, "visits", "hints.md"), HINTS);
  writeFileSync(join(pack, "visits", "submissions.yaml"), "wrong-output/cuts-visits.yaml: { hint: visit }\n");
  await Promise.all([product.addUser("Ines Moreau", "instructor", PASSWORD), product.addUser("Grace", "admin", PASSWORD)]);
  [page, learner] = await Promise.all([newPage(), newPage()]);
});

afterAll(async () => {
  await journey?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("an instructor", () => {
  it("finds the area, and is told what a pack is", async () => {
    await logIn(page, product.address, "Ines Moreau");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.getByText("None so far.").waitFor();
    await picture("packs-empty");
  });

  it("hears at once of a file that is no pack", async () => {
    await page.locator("input[type=file]").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    await page.getByText("notes.txt is no .zip file.").waitFor();
    await page.locator("input[type=file]").setInputFiles({ name: "notes.zip", mimeType: "application/zip", buffer: Buffer.from("x") });
    await page.getByText(/The archive is not taken in/).waitFor();
  });

  it("sees where the mistakes of a pack's files are", async () => {
    const problem = join(pack, "visits", "problem.yaml");
    const right = readFileSync(problem, "utf8");
    writeFileSync(problem, right.replace("title:", "tittle:"));
    const archive = build("0.0.1");
    writeFileSync(problem, right);
    await page.locator("input[type=file]").setInputFiles(archive);
    await page.getByText(/This pack cannot be read/).waitFor();
    await page.getByRole("cell", { name: "visits/problem.yaml" }).first().waitFor();
    await picture("pack-broken");
  });

  it("sees live what a pack's submissions are and what they should be", async () => {
    const wrong = join(pack, "visits", "submissions", "wrong-output", "cuts-visits.yaml");
    const claimed = join(pack, "visits", "submissions", "accepted", "cuts-visits.yaml");
    const bindings = join(pack, "visits", "submissions.yaml");
    renameSync(wrong, claimed);
    rmSync(bindings);
    const archive = build("0.1.0");
    renameSync(claimed, wrong);
    writeFileSync(bindings, "wrong-output/cuts-visits.yaml: { hint: visit }\n");
    await upload(archive);
    await page.getByText("Not ready to publish: 1 finding.").waitFor();
    await page.getByText("Expected accepted, got wrong-output 66/100").waitFor();
    expect(await button("Publish").isDisabled()).toBe(true);
    await page.keyboard.press("j");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("finding-0");
    await picture("pack-findings");
  });

  it("mends it, and publishes what has proved itself", async () => {
    await upload(build("0.2.0"));
    // While it is being verified, if the machine is slow enough; the report is the same either way.
    await picture("pack-verifying");
    await page.getByText("Ready to publish.").waitFor();
    await page.getByText("none survives").waitFor();
    await picture("pack-passed");
    await link(/^Preview .* as a learner$/)
      .first()
      .click();
    await page.getByText("As learners will see it.").waitFor();
    await picture("preview");
    await button("Submit").first().click();
    await page.getByText("This is a preview: nothing is run or judged.").waitFor();
    await link("Back to the report").first().click();
    await button("Publish").click();
    await confirm(page, "Publish");
    await page.getByRole("heading", { name: "Life cycle: active" }).waitFor();
    await picture("pack-active");
    await link("Packs").first().click();
    await page.getByRole("row").nth(3).waitFor();
    await picture("packs");
  });

  it("makes a class and assigns problems, by keyboard alone", async () => {
    await tabTo(page, link("Classes").last());
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByLabel("Name of the class"));
    await page.keyboard.type("Streams 2026");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Streams 2026" }).waitFor();
    classUrl = page.url();
    await tabTo(page, button("Assign problems"));
    await page.keyboard.press("Enter");
    await page.keyboard.type("Week 1");
    const search = page.getByLabel("Find problems");
    // Through the parts of the date, to the search, to the first of what it finds.
    await tabTo(page, search);
    await page.keyboard.type("visits");
    await tabTo(page, page.getByRole("checkbox", { name: "Visits decide" }));
    await page.keyboard.press("Space");
    await page.getByText("1 problem chosen, 50 at most").waitFor();
    await picture("assignment");
    await tabTo(page, search, { back: true });
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("warm");
    await tabTo(page, page.getByRole("checkbox", { name: /Warm sensors/ }));
    await page.keyboard.press("Space");
    await page.getByText("2 problems chosen, 50 at most").waitFor();
    await tabTo(page, button("Assign"));
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: "Week 1", exact: true }).waitFor();
  });

  it("invites a learner, who joins and works", async () => {
    const code = (await page.locator(".code").innerText()).trim();
    await link("Invitations").click();
    await button("Invite somebody").click();
    const url = await page.getByLabel(/A link for one learner/).inputValue();
    await page.getByText("open until").waitFor();
    await picture("invitations");
    await learner.goto(url);
    await learner.getByLabel("User name").fill("Lin");
    await learner.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await learner.keyboard.press("Enter");
    await button(/menu of Lin/, learner).waitFor();
    expect(await link("Teach", learner).count()).toBe(0);
    await link("Classes", learner).click();
    await learner.getByLabel("Code of the class").fill(code.toLowerCase());
    await learner.keyboard.press("Enter");
    await learner.getByText("led by Ines Moreau").waitFor();
    await picture("learner-classes", learner);
    await link("Visits", learner).click();
    await learner.getByRole("table").first().waitFor();
    const answer = (folder: string) => readFileSync(join(pack, "visits", "submissions", folder), "utf8");
    await submit(answer("wrong-output/cuts-visits.yaml"), 1);
    await submit(answer("wrong-output/cuts-visits.yaml"), 2);
    await submit(answer("accepted/right.yaml"), 3);
  });

  it("reads how far the class is, and what it runs into", async () => {
    await page.goto(classUrl);
    await page.getByRole("rowheader", { name: "Lin" }).waitFor();
    const cell = button(/^Lin, Visits: 100/);
    expect(await cell.getAttribute("title")).toBe("3 attempts");
    await page.getByText("A visit is one window").waitFor();
    await page.getByText("twice").waitFor();
    await picture("class");
    await page.getByRole("tab", { name: "by problem" }).click();
    await page.getByRole("heading", { level: 4, name: "Visits" }).waitFor();
    await page.getByText("A visit is one window").waitFor();
    await picture("class-misconceptions");
    const [counts] = await Promise.all([page.waitForEvent("download"), button("Save misconceptions as CSV").click()]);
    expect(await text(await counts.createReadStream())).toContain("(all),A visit is one window,1,2");
    await cell.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Submission 3").waitFor();
    await picture("class-submissions");
    await dialog.getByRole("link", { name: "Submission 1" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText("wrong-output").first().waitFor();
    await page.goBack();
    await page.getByRole("rowheader", { name: "Lin" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), button("Save as CSV").click()]);
    const csv = await text(await download.createReadStream());
    expect(download.suggestedFilename()).toBe("results.csv");
    expect(csv).toContain("Lin");
    expect(csv).toContain("Visits");
  });

  it("judges submissions anew, looks and applies", async () => {
    await link("Rejudge").click();
    await button("Judge them anew").click();
    await page.getByText("Choose at least one of the three.").waitFor();
    await page.getByLabel("Problem", { exact: true }).selectOption({ label: "Visits" });
    await picture("rejudges");
    await button("Judge them anew").click();
    await page.getByText("Nothing would change: all 3 keep their results.").waitFor();
    await picture("rejudge");
    await button("Close the set").click();
    await page.getByText("Applied: 0 of 3 results changed.").waitFor();
  });

  it("publishes an answer that was the other way round, and then changes the results", async () => {
    const decide = join(pack, "visits", "decide.yaml");
    const text = readFileSync(decide, "utf8");
    writeFileSync(decide, text.replace("window: session }", "window: tumbling }").replace("window=tumbling:", "window=session:"));
    const [right, wrong] = ["accepted/right.yaml", "wrong-output/cuts-visits.yaml"].map((name) =>
      join(pack, "visits", "submissions", name),
    );
    const answers = [readFileSync(right!, "utf8"), readFileSync(wrong!, "utf8")];
    writeFileSync(right!, answers[1]!);
    writeFileSync(wrong!, answers[0]!);
    await upload(build("0.3.0"));
    await page.getByText("Ready to publish.").waitFor();
    await button("Publish").click();
    await confirm(page, "Publish");
    await page.getByRole("heading", { name: "Life cycle: active" }).waitFor();
    const judgeAnew = async () => {
      await link("Rejudge").first().click();
      await page.getByLabel("Problem", { exact: true }).selectOption({ label: "Visits" });
      await button("Judge them anew").click();
      await page.getByText("3 of 3 results would change.").waitFor();
    };
    await judgeAnew();
    await button("Cancel the set").click();
    await confirm(page, "Cancel the set");
    await page.getByText("Cancelled. Results stayed as they were.").waitFor();
    await judgeAnew();
    await picture("rejudge-changes");
    await button("Apply 3 changes").click();
    await picture("rejudge-confirm");
    await confirm(page, "Replace them");
    await page.getByText("Applied: 3 of 3 results changed.").waitFor();
    await page.goto(classUrl);
    await page.getByRole("rowheader", { name: "Lin" }).waitFor();
    await button(/^Lin, Visits: 100/).click();
    await page.getByRole("dialog").getByText("Submission 3").waitFor();
    const verdicts = await page.getByRole("dialog").getByRole("listitem").allInnerTexts();
    expect(verdicts.map((verdict) => /accepted|wrong-output/.exec(verdict)?.[0])).toEqual(["wrong-output", "accepted", "accepted"]);
    await page.keyboard.press("Escape");
  });

  it("hears when there is nothing to judge anew", async () => {
    await link("Rejudge").first().click();
    await page.getByLabel("Problem", { exact: true }).selectOption({ label: "Warm sensors" });
    await button("Judge them anew").click();
    await page.getByText("No judged submission is like that").waitFor();
  });

  it("sees nothing of the administrators' area", async () => {
    expect(await link("Administer").count()).toBe(0);
    await page.goto(`${product.address}/admin/users`);
    await page.getByRole("heading", { name: "This part is not yours" }).waitFor();
    await learner.goto(classUrl);
    await learner.getByRole("heading", { name: "This part is not yours" }).waitFor();
    await picture("not-yours", learner);
  });

  it("left no error in the pages", () => {
    expect(complaints).toEqual([]);
  });
});

describe("an administrator", () => {
  it("sees everybody's packs, makes users and changes roles", async () => {
    const admin = await newPage();
    await logIn(admin, product.address, "Grace");
    await link("Teach", admin).click();
    await admin.getByRole("cell", { name: "Ines Moreau" }).first().waitFor();
    await link("Administer", admin).click();
    await admin.getByLabel("User name").fill("Edsger");
    await button("Make the user", admin).click();
    await admin.getByLabel(/Edsger sets a password by this link/).waitFor();
    await admin.getByRole("combobox", { name: "Role of Edsger" }).selectOption("instructor");
    await expect.poll(() => admin.getByRole("combobox", { name: "Role of Edsger" }).inputValue()).toBe("instructor");
    await picture("users", admin);
    await admin.getByRole("combobox", { name: "Role of Grace" }).selectOption("learner");
    await admin.getByText("Nobody would be left to administer this server.").waitFor();
    expect(await admin.getByRole("combobox", { name: "Role of Grace" }).inputValue()).toBe("admin");
    await link("Audit log", admin).click();
    await admin.getByRole("cell", { name: "user.role" }).first().waitFor();
    await picture("audit", admin);
    await admin.getByLabel("Action").fill("pack.status");
    await button("Filter", admin).click();
    await admin.getByRole("cell", { name: "user.role" }).first().waitFor({ state: "detached" });
    // Version 0.2.0 and version 0.3.0, below the names of the columns.
    expect(await admin.getByRole("row").count()).toBe(3);
    await admin.context().close();
  });
});

it("met no page that axe complains of", () => {
  expect(inaccessible).toEqual([]);
});
