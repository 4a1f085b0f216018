/**
 * Texts of others, wherever they are shown: packs, classes, notes, submissions, what programs print. None of them runs, none becomes an element that could, and each is there to be read.
 * And recordings that are broken: told, not drawn.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { harmless } from "../browser/harmless.ts";
import {
  type FixtureJourney,
  fillLogin,
  type Journey,
  logIn,
  openFixtureJourney,
  openJourney,
  PASSWORD,
  verdictOf,
  write,
} from "../browser/journey.ts";
import { archiveOf, newProblem } from "../browser/packs.ts";

/** Would say so if it ever ran. */
const EVIL = `<img src=x onerror="window.broken=1"><script>window.broken=1</script><svg onload="window.broken=1">`;
const MARKDOWN = [
  EVIL,
  "[a](javascript:window.broken=1) [b](data:text/html,<script>window.broken=1</script>) <javascript:window.broken=1>",
  '![c](x.png" onerror="window.broken=1) [d](x "t\\" onmouseover=\\"window.broken=1")',
  "![e](https://example.org/spy.png) ![f](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)",
  '```"><img src=x onerror=window.broken=1>\ncode\n```',
].join("\n\n");

describe("hostile texts", () => {
  let journey: Journey;
  let page: Page;
  let learner: Page;
  let dir = "";
  const asked: string[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "millrace-hostile-"));
    const pack = join(dir, "served", "evil");
    newProblem(join(pack, "choices"), "decide");
    newProblem(join(pack, "readings"), "datastream");
    const title = JSON.stringify(`Title ${EVIL}`);
    for (const problem of ["choices", "readings"]) {
      const file = join(pack, problem, "problem.yaml");
      writeFileSync(
        file,
        `${readFileSync(file, "utf8").replace(/^title: .*$/m, `title: ${title}`)}\ntopics: [${JSON.stringify(EVIL)}]\nfollowUps: [${JSON.stringify(EVIL)}]\n`,
      );
      writeFileSync(join(pack, problem, "statement.md"), MARKDOWN);
      writeFileSync(join(pack, problem, "hints.md"), `## ${EVIL} {#one}\nwhen: wrong-output\n\n${MARKDOWN}\n`);
    }
    const manifest = join(pack, "pack.yaml");
    writeFileSync(
      manifest,
      `${readFileSync(manifest, "utf8")
        .replace(/^title: .*$/m, `title: ${title}`)
        .replace(/^sections:[\s\S]*/m, "")}\nsections: [{ number: 1, title: ${title}, subtitle: ${JSON.stringify(EVIL)} }]\n`,
    );
    writeFileSync(
      join(pack, "cards.yaml"),
      JSON.stringify({ format: 1, cards: [{ id: "one", section: 1, front: MARKDOWN, back: MARKDOWN }] }),
    );
    mkdirSync(join(pack, "lessons"));
    writeFileSync(join(pack, "lessons", "01-evil.md"), `---\ntitle: ${title}\nsection: 1\nminutes: 3\n---\n${MARKDOWN}\n`);
    // The same to be brought in, under another name.
    const other = join(dir, "other");
    newProblem(join(other, "elsewhere"), "decide");
    const otherProblem = join(other, "elsewhere", "problem.yaml");
    writeFileSync(otherProblem, readFileSync(otherProblem, "utf8").replace(/^title: .*$/m, `title: ${title}`));
    writeFileSync(join(other, "elsewhere", "statement.md"), MARKDOWN);
    const otherManifest = join(other, "pack.yaml");
    writeFileSync(otherManifest, readFileSync(otherManifest, "utf8").replace(/^title: .*$/m, `title: ${title}`));
    journey = await openJourney({ packs: join(dir, "served"), env: { MILLRACE_ACCOUNTS: "on" } });
    const { product } = journey;
    await Promise.all([
      product.addUser("O'Brien +1@x", "instructor", PASSWORD),
      product.addUser("Lin", "learner", PASSWORD),
      product.addUser("Grace", "admin", PASSWORD),
    ]);
    [page, learner] = [journey.page, await journey.newPage()];
    for (const each of [page, learner]) {
      each.on("dialog", (dialog) => {
        asked.push(dialog.message());
        void dialog.dismiss();
      });
      each.on("request", (request) => {
        if (!request.url().startsWith(product.address) && !/^(blob|data):/.test(request.url())) asked.push(request.url());
      });
    }
    await logIn(page, product.address, "O'Brien +1@x");
    await logIn(learner, product.address, "Lin");
  });

  afterAll(async () => {
    await journey?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("of a pack that learners have: catalogue, problem, hints, cards, lessons", async () => {
    const { address } = journey.product;
    await learner.goto(address);
    await learner
      .getByRole("link", { name: /Title <img/ })
      .first()
      .waitFor();
    await harmless(learner, "catalogue");
    for (const problem of ["choices", "readings"]) {
      await learner.goto(`${address}/learn/${problem}`);
      await learner.getByRole("heading", { level: 1 }).getByText("<script>window.broken=1</script>").waitFor();
      await harmless(learner, problem);
      await learner.getByRole("tab", { name: /Hints/ }).click();
      await learner.getByRole("button", { name: /Show hint 1/ }).click();
      await learner.getByText("javascript:window.broken=1").first().waitFor();
      await harmless(learner, `${problem}, hints`);
    }
    await learner.goto(`${address}/cards?section=1`);
    await learner.getByRole("button", { name: "Turn" }).click();
    await harmless(learner, "cards");
    await learner.goto(`${address}/lessons`);
    await learner
      .getByRole("link", { name: /Title <img/ })
      .first()
      .click();
    await learner.getByText("javascript:window.broken=1").first().waitFor();
    await harmless(learner, "lesson");
  });

  it("of a program: what it prints and throws, its text, its verdict", async () => {
    await learner.goto(`${journey.product.address}/learn/readings`);
    await write(learner, `console.log(${JSON.stringify(EVIL)});\nthrow new Error(${JSON.stringify(EVIL)});\n`);
    await learner.getByRole("button", { name: /^Run/ }).click();
    await learner.getByText("window.broken=1").last().waitFor();
    await harmless(learner, "run");
    await learner.getByRole("button", { name: /^Submit/ }).click();
    await verdictOf(learner, 1);
    await harmless(learner, "submission");
    await learner.getByRole("link", { name: "Open the verdict" }).click();
    await learner.getByRole("heading", { level: 1 }).waitFor();
    await learner.getByText("Submitted text").click();
    await harmless(learner, "verdict");
  });

  it("of a pack that is brought in: its report, its preview", async () => {
    await page.goto(`${journey.product.address}/teach/packs`);
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "<img src=x onerror=window.broken=1>.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    await page.getByRole("alert").waitFor();
    await harmless(page, "refused upload");
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "evil.zip", mimeType: "application/zip", buffer: archiveOf(join(dir, "other"), "0.1.0") });
    await page.getByText(/^Not ready to publish/).waitFor();
    await page.getByText("raw HTML that can run or load something").first().waitFor();
    await harmless(page, "report");
    await page
      .getByRole("link", { name: /^Preview/ })
      .first()
      .click();
    await page.getByText("As learners will see it.").waitFor();
    await page.getByText("javascript:window.broken=1").first().waitFor();
    await harmless(page, "preview");
    await page.goto(`${journey.product.address}/teach/packs`);
    await page
      .getByRole("cell", { name: /Title <img/ })
      .first()
      .waitFor();
    await harmless(page, "packs");
  });

  it("of a class: its name, its assignments, its results, its file", async () => {
    await page.goto(`${journey.product.address}/teach/classes`);
    await page.getByLabel("Name of the class").fill(`=cmd|'/c calc'!A0 ${EVIL}`.slice(0, 118));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Who leads it" }).waitFor();
    const classUrl = page.url();
    const code = (await page.locator(".code").innerText()).trim();
    await page.getByRole("button", { name: "Assign problems" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill(`@SUM(1) ${EVIL}`.slice(0, 98));
    for (const box of await page.getByRole("checkbox").all()) await box.check();
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await learner.goto(`${journey.product.address}/classes`);
    await learner.getByLabel("Code of the class").fill(code);
    await learner.keyboard.press("Enter");
    await learner.getByText("led by O'Brien").waitFor();
    await harmless(learner, "learner's classes");
    await page.reload();
    await page.getByRole("rowheader", { name: "Lin" }).waitFor();
    await harmless(page, "class");
    const csv = await page.evaluate(async (url) => (await fetch(url)).text(), `/api/classes/${classUrl.split("/").at(-1)}/results.csv`);
    for (const cell of csv.split(/[,\r\n]+/))
      expect(cell.replace(/^\uFEFF?"?/, ""), "a cell that a spreadsheet would take for a formula").not.toMatch(/^[=+@\t-]/);
    await page.getByRole("button", { name: "Delete the class" }).click();
    await harmless(page, "question");
    await confirm(page, "Delete the class");
    await page.getByLabel("Name of the class").waitFor();
  });

  it("of a log-in and of an address: names that nobody has, codes, queries", async () => {
    const stranger = await journey.newPage();
    const { address } = journey.product;
    // An address that ends like a file is one.
    const inPath = EVIL.replaceAll("window.", "");
    for (const path of [
      `/learn/${encodeURIComponent(inPath)}`,
      `/?q=${encodeURIComponent(inPath)}`,
      `/register#${encodeURIComponent(inPath)}`,
      `/set-password#${inPath}`,
      `/lessons/${encodeURIComponent(inPath)}`,
    ]) {
      await stranger.goto(address + path);
      await stranger.getByRole("heading", { level: 1 }).first().waitFor();
      await harmless(stranger, path);
      await learner.goto(address + path);
      await learner.getByRole("main").waitFor();
      await harmless(learner, path);
    }
    await stranger.goto(address);
    await fillLogin(stranger, EVIL.slice(0, 60));
    await stranger.getByRole("alert").waitFor();
    await harmless(stranger, "log-in");
    await logIn(stranger, address, "Grace");
    await stranger.goto(`${address}/admin/audit`);
    await stranger.getByRole("cell", { name: "class.remove" }).first().waitFor();
    await harmless(stranger, "audit log");
    await stranger.goto(`${address}/admin/users`);
    await stranger
      .getByRole("cell", { name: /O'Brien/ })
      .first()
      .waitFor();
    await harmless(stranger, "users");
  });

  it("would be noticed: the look for it finds what did run", async () => {
    const victim = await journey.newPage();
    await victim.setContent(`<p>${EVIL}</p>`);
    await expect(harmless(victim, "canary")).rejects.toThrow("canary");
  });

  it("asked nobody and opened nothing", () => {
    expect(asked).toEqual([]);
  });
});

describe("a broken recording on the stage", () => {
  let fixture: FixtureJourney;

  beforeAll(async () => {
    fixture = await openFixtureJourney();
  });

  afterAll(() => fixture?.close());

  /** How the submission's recording is broken: given the whole, answers with what is sent. */
  const ways: readonly [name: string, broken: (recording: { events: Record<string, unknown>[] }) => unknown][] = [
    ["nothing of it", () => ({})],
    ["a text", () => EVIL],
    ["no events", (recording) => ({ ...recording, events: null })],
    ["events of nothing", (recording) => ({ ...recording, events: [null, {}] })],
    ["times that are none", (recording) => ({ ...recording, events: recording.events.map((event) => ({ ...event, t: null })) })],
    ["causes that go round", (recording) => ({ ...recording, events: recording.events.map((event, seq) => ({ ...event, cause: seq })) })],
    ["another format", (recording) => ({ ...recording, format: 99 })],
  ];

  it.each(ways)("that has %s is told, and nothing else breaks", async (_name, broken) => {
    const page = await fixture.newPage();
    const thrown: string[] = [];
    page.on("pageerror", (error) => thrown.push(error.message));
    await page.route("**/api/submissions/sessions-exactly-once-2", async (route) => {
      const detail = await (await route.fetch()).json();
      const { explanation } = detail.report;
      await route.fulfill({
        json: { ...detail, report: { ...detail.report, explanation: { ...explanation, submission: broken(explanation.submission) } } },
      });
    });
    await page.goto(`${fixture.url}/learn/sessions-exactly-once/stage?submission=sessions-exactly-once-2`);
    await page.getByText("This recording cannot be read").waitFor();
    await harmless(page, "stage");
    await page.goto(`${fixture.url}/learn/sessions-exactly-once/submissions/sessions-exactly-once-2`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await harmless(page, "verdict");
    expect(thrown).toEqual([]);
    await page.context().close();
  });

  it("with hostile texts in it draws them as texts", async () => {
    const page = await fixture.newPage();
    await page.route("**/api/submissions/sessions-exactly-once-2", async (route) => {
      const detail = await (await route.fetch()).json();
      const { explanation } = detail.report;
      const evil = {
        ...explanation.submission,
        vertices: explanation.submission.vertices.map((vertex: object) => ({ ...vertex, name: EVIL, operators: [EVIL] })),
      };
      await route.fulfill({ json: { ...detail, report: { ...detail.report, explanation: { ...explanation, submission: evil } } } });
    });
    await page.goto(`${fixture.url}/learn/sessions-exactly-once/stage?submission=sessions-exactly-once-2`);
    await page.waitForSelector("canvas");
    for (const name of ["Operators", "Table"]) {
      await page.getByRole("tab", { name }).click();
      await harmless(page, `stage, ${name}`);
    }
  });
});
