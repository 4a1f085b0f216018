/**
 * Every button of classes, invitations and users that the other journeys do not press: who leads a class, who is taken out of it, an invitation taken back, a user blocked; a
 * problem whose version changes while somebody is at it; a session that ends before a file is saved. The pictures go to client/test-results/classes-and-people/.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { fillLogin, type Journey, logIn, openJourney, PASSWORD, verdictOf } from "../browser/journey.ts";
import { archiveOf, newProblem } from "../browser/packs.ts";
import { pictures } from "../browser/pictures.ts";
import { violations } from "../browser/violations.ts";
import { type Product, root } from "../browser/product.ts";

const OUT = join(root, "client", "test-results", "classes-and-people");

let journey: Journey;
let product: Product;
let ines: Page;
let omar: Page;
let lin: Page;
let grace: Page;
let dir = "";
let pack = "";
let classUrl = "";
/** Thrown in the pages. The console notes every refusal, and some are met on purpose. */
const complaints: string[] = [];
const inaccessible: string[] = [];

async function userPage(name: string): Promise<Page> {
  const page = await journey.newPage({ acceptDownloads: true });
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
  await logIn(page, product.address, name);
  return page;
}

async function picture(name: string, page: Page): Promise<void> {
  await pictures(page, join(OUT, name));
  inaccessible.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
}

const button = (page: Page | Locator, name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const codeOf = async (page: Page) => (await page.locator(".code").innerText()).trim();

async function joinClass(page: Page, code: string): Promise<void> {
  await page.goto(`${product.address}/classes`);
  await page.getByLabel("Code of the class").fill(code);
  await page.keyboard.press("Enter");
  await page.getByText("led by Ines").waitFor();
}

/** Brings the pack in under this version and publishes it. */
async function publish(version: string): Promise<void> {
  await ines.goto(`${product.address}/teach/packs`);
  await ines
    .locator("input[type=file]")
    .setInputFiles({ name: "visits.zip", mimeType: "application/zip", buffer: archiveOf(pack, version) });
  await ines.getByText("Ready to publish.").waitFor({ timeout: 60_000 });
  await button(ines, "Publish").click();
  await confirm(ines, "Publish");
  await ines.getByRole("heading", { name: "Life cycle: active" }).waitFor();
}

async function submit(answer: string, number: number): Promise<void> {
  await lin.evaluate((text) => window.millraceEditor?.setText(text), answer);
  await button(lin, /^Submit/)
    .first()
    .click();
  await verdictOf(lin, number);
}

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  dir = mkdtempSync(join(tmpdir(), "millrace-people-"));
  pack = join(dir, "steps");
  newProblem(join(pack, "visits"), "decide");
  journey = await openJourney({ env: { MILLRACE_ACCOUNTS: "on" } });
  product = journey.product;
  await Promise.all([
    product.addUser("Ines", "instructor", PASSWORD),
    product.addUser("Omar", "instructor", PASSWORD),
    product.addUser("Grace", "admin", PASSWORD),
    product.addUser("Lin", "learner", PASSWORD),
  ]);
  [ines, omar, lin, grace] = (await Promise.all(["Ines", "Omar", "Lin", "Grace"].map(userPage))) as [Page, Page, Page, Page];
});

afterAll(async () => {
  await journey?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("a class that two lead", () => {
  it("is shared by name; a learner's name is nobody's", async () => {
    await ines.goto(`${product.address}/teach/classes`);
    await ines.getByLabel("Name of the class").fill("Streams");
    await ines.keyboard.press("Enter");
    await ines.getByRole("heading", { name: "Who leads it" }).waitFor();
    classUrl = ines.url();
    await ines.getByLabel("User name of another instructor").fill("Lin");
    await button(ines, "Add").click();
    await ines.getByText("No instructor has this name.").waitFor();
    await ines.getByLabel("User name of another instructor").fill(" omar ");
    await button(ines, "Add").click();
    await button(ines, "Remove Omar").waitFor();
    await picture("two-lead", ines);
  });

  it("is led by the second as by the first, but neither deleted nor shared on", async () => {
    await omar.goto(classUrl);
    await omar.getByText("Ines owns the class.").waitFor();
    expect(await button(omar, "Delete the class").count()).toBe(0);
    expect(await omar.getByLabel("User name of another instructor").count()).toBe(0);
    const before = await codeOf(omar);
    await button(omar, "New code").click();
    await button(omar.getByRole("alertdialog"), /^Do not/).click();
    expect(await codeOf(omar)).toBe(before);
    await button(omar, "New code").click();
    await confirm(omar, "New code");
    await expect.poll(() => codeOf(omar)).not.toBe(before);
    await button(omar, "Close joining").click();
    await omar.getByText("Nobody may join at the moment.").waitFor();
    await button(omar, "New code").click();
    await omar.locator(".code").waitFor();
    await picture("second", omar);
  });

  it("has its learner taken out, and left by them", async () => {
    await joinClass(lin, await codeOf(omar));
    await omar.reload();
    await button(omar, "Remove Lin").click();
    await confirm(omar, "Take out");
    await button(omar, "Remove Lin").waitFor({ state: "detached" });
    await lin.reload();
    await lin.getByLabel("Code of the class").waitFor();
    expect(await lin.getByText("led by Ines").count()).toBe(0);
    await joinClass(lin, await codeOf(omar));
    await button(lin, /^Leave the class Streams/i).click();
    await confirm(lin, "Leave it");
    await lin.getByText("led by Ines").waitFor({ state: "detached" });
    await joinClass(lin, await codeOf(omar));
  });

  it("is left by the second, and taken from them", async () => {
    await button(omar, "Stop leading").click();
    await confirm(omar, "Stop leading");
    await omar.getByLabel("Name of the class").waitFor();
    expect(await omar.getByRole("link", { name: "Streams" }).count()).toBe(0);
    await ines.reload();
    await ines.getByLabel("User name of another instructor").fill("Omar");
    await button(ines, "Add").click();
    await omar.goto(classUrl);
    await omar.getByText("Ines owns the class.").waitFor();
    await button(ines, "Remove Omar").click();
    await confirm(ines, "Remove");
    await button(ines, "Remove Omar").waitFor({ state: "detached" });
    await omar.reload();
    await omar.getByText("There is no class with this id.").waitFor();
  });

  it("has an assignment changed and removed, and another name", async () => {
    await button(ines, "Assign problems").click();
    await ines.getByLabel("Title").fill("Week 1");
    await ines.getByRole("checkbox").first().check();
    await button(ines, "Assign").click();
    await button(ines, "Change Week 1").click();
    await ines.getByLabel("Title").fill("Week one");
    await button(ines, "Save the assignment").click();
    await button(ines, "Remove Week one").click();
    await confirm(ines, "Remove");
    await button(ines, "Remove Week one").waitFor({ state: "detached" });
    await ines.getByLabel("Name of the class").fill("Streams <b>2027</b>");
    await button(ines, "Rename").click();
    await ines.getByRole("heading", { level: 1, name: "Streams <b>2027</b>" }).waitFor();
  });
});

describe("a problem whose version changes", () => {
  const answer = () => readFileSync(join(pack, "visits", "submissions", "accepted", "right.yaml"), "utf8");

  it("stays with who has begun it", async () => {
    await publish("0.1.0");
    await lin.goto(`${product.address}/learn/visits`);
    await lin.getByText("version 0.1.0").waitFor();
    await submit(answer(), 1);
    const problem = join(pack, "visits", "problem.yaml");
    writeFileSync(problem, readFileSync(problem, "utf8").replace(/^title: .*$/m, "title: Visits, asked better"));
    await publish("0.2.0");
    await lin.reload();
    await lin.getByText("You have begun this problem in version 0.1.0, and stay with it.").waitFor();
    expect(await lin.getByRole("heading", { level: 1 }).innerText()).toBe("Visits");
    await picture("newer", lin);
    await submit(answer(), 2);
  });

  it("changes when they say so, and each submission says which version judged it", async () => {
    await button(lin, "Change to version 0.2.0").click();
    await picture("newer-confirm", lin);
    await confirm(lin, "Change to version 0.2.0");
    await lin.getByRole("heading", { level: 1, name: "Visits, asked better" }).waitFor();
    expect(await lin.getByText("You have begun this problem").count()).toBe(0);
    await submit(answer(), 3);
    await lin.getByRole("tab", { name: "History" }).click();
    const rows = lin.getByRole("region", { name: "Runs" }).getByRole("row");
    await expect.poll(() => rows.count()).toBe(4);
    const versions = await rows.evaluateAll((all) =>
      all
        .slice(1)
        .map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent).find((text) => /^\d+\.\d+\.\d+$/.test(text ?? ""))),
    );
    expect(versions).toEqual(["0.2.0", "0.1.0", "0.1.0"]);
    await picture("history", lin);
  });

  it("is seen by their instructor in the version that judged it", async () => {
    await ines.goto(classUrl);
    await button(ines, "Assign problems").click();
    await ines.getByLabel("Title").fill("Week 2");
    await ines.getByLabel("Find problems").fill("Visits");
    await ines.getByRole("checkbox").first().check();
    await button(ines, "Assign").click();
    await button(ines, /^Lin, Visits/).click();
    const dialog = ines.getByRole("dialog");
    await dialog.getByText("version 0.2.0").waitFor();
    expect(await dialog.getByText("version 0.1.0").count()).toBe(2);
    await picture("learner-submissions", ines);
    await dialog.getByRole("link", { name: "Submission 1" }).click();
    await ines.getByText("pack 0.1.0").waitFor();
  });

  it("cannot be deleted, but withdrawn, and who has begun goes on", async () => {
    await ines.goto(`${product.address}/teach/packs`);
    await ines
      .getByRole("row", { name: /0\.2\.0/ })
      .getByRole("link")
      .click();
    await button(ines, "Delete").click();
    await confirm(ines, "Delete");
    await ines.getByText("Learners have begun or submitted to it, or a class has it assigned: it cannot be deleted.").waitFor();
    await picture("in-use", ines);
    await button(ines, "Withdraw").click();
    await confirm(ines, "Withdraw");
    await ines.getByRole("heading", { name: "Life cycle: withdrawn" }).waitFor();
    await lin.reload();
    await lin.getByRole("heading", { level: 1, name: "Visits, asked better" }).waitFor();
  });
});

describe("a session that ends", () => {
  it("does not break the saving of a file: the log-in is asked for, and the file comes", async () => {
    await ines.goto(classUrl);
    await ines.getByRole("rowheader", { name: "Lin" }).waitFor();
    await ines.context().clearCookies();
    const download = ines.waitForEvent("download");
    await button(ines, "Save as CSV").click();
    const dialog = ines.getByRole("dialog", { name: "Log in to go on" });
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await ines.keyboard.press("Enter");
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("results.csv");
    expect(await text(await saved.createReadStream())).toContain("Lin");
  });

  it("is ended by an administrator, who also blocks, lets in again and deletes", async () => {
    await grace.goto(`${product.address}/admin/users`);
    const row = (name: string) => grace.getByRole("row", { name: new RegExp(`^${name}`) });
    await button(row("Omar"), "End sessions").click();
    await grace.getByText("All sessions of Omar are over.").waitFor();
    await omar.goto(product.address);
    await omar.getByRole("heading", { name: "Log in" }).waitFor();
    await button(row("Lin"), "Block").click();
    await picture("block", grace);
    await confirm(grace, "Block");
    await row("Lin").getByText("blocked").waitFor();
    await lin.goto(product.address);
    await lin.getByRole("heading", { name: "Log in" }).waitFor();
    await fillLogin(lin, "Lin");
    await lin.getByText("do not belong together").waitFor();
    await button(row("Lin"), "Let in again").click();
    await row("Lin").getByText("active").waitFor();
    await fillLogin(lin, "Lin");
    await button(lin, /menu of Lin/i).waitFor();
    await button(row("Omar"), "Password link").click();
    const link = await grace.getByLabel(/Omar sets a password by this link/).inputValue();
    await omar.goto(link);
    await omar.getByLabel("New password").fill("another river bend");
    await omar.keyboard.press("Enter");
    await fillLogin(omar, "Omar", "another river bend");
    await button(omar, /menu of Omar/i).waitFor();
    await button(row("Omar"), "Delete").click();
    await confirm(grace, "Delete");
    await row("Omar").waitFor({ state: "detached" });
    await omar.goto(product.address);
    await omar.getByRole("heading", { name: "Log in" }).waitFor();
  });

  it("an invitation that is taken back lets nobody in", async () => {
    await ines.goto(`${product.address}/teach/invitations`);
    await button(ines, "Invite somebody").click();
    const link = await ines.getByLabel(/A link for one learner/).inputValue();
    await button(ines, "Take back").click();
    await confirm(ines, "Take back");
    await ines.getByText("No invitation so far.").waitFor();
    await omar.goto(link);
    await omar.getByLabel("User name").fill("Nobody");
    await omar.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await omar.keyboard.press("Enter");
    await omar.getByRole("alert").waitFor();
    await picture("taken-back", omar);
  });

  it("deletes the class at last", async () => {
    await ines.goto(classUrl);
    await button(ines, "Delete the class").click();
    await confirm(ines, "Delete the class");
    await ines.getByLabel("Name of the class").waitFor();
    expect(await ines.getByRole("link", { name: /^Streams/ }).count()).toBe(0);
  });

  it("left no error in the pages, and none that axe complains of", () => {
    expect({ complaints, inaccessible }).toEqual({ complaints: [], inaccessible: [] });
  });
});
