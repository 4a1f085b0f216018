/** Cards and lessons of packs that are brought in: learners get them with the pack's problems, each version's own, and nothing in them runs. The packs are read for real, and taken for proved. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPack } from "@millrace/grader";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { LessonDetail, LessonSummary, PackDetail, ProblemDetail, StudyCard } from "../src/contract/index.ts";
import type { PackVerifier } from "../src/services/packs/pack-verifier.ts";
import { answerOf, type Browser, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

type User = Browser & { readonly id: string };

const CLI = fileURLToPath(new URL("../../grader/src/cli.ts", import.meta.url));
const proved: PackVerifier = { verify: async () => {}, close: async () => {} };

const HOSTILE = [
  '<script>broken()</script><img src=x onerror="broken()"><svg onload="broken()">',
  "[a](javascript:broken()) [b](JaVaScRiPt:broken()) [c](data:text/html,broken) [d](vbscript:broken)",
  "<javascript:broken()> [e]: javascript:broken()",
  "![f](https://example.org/spy.png) ![g](//example.org/spy.png) ![h](data:image/svg+xml;base64,PHN2Zz4=)",
  '![i](x.png" onerror="broken()) [j](x "title\\" onclick=\\"broken()")',
  '```"><img src=x onerror=broken()>\ncode\n```',
  "&lt;script&gt; &#60;script&#62; | a | <b onmouseover=broken()> |",
].join("\n\n");

let test: TestApp;
let teacher: User;
let ada: User;
let packDir = "";
const dataDir = tempDir();

beforeAll(async () => {
  packDir = join(tempDir(), "mini");
  execFileSync(process.execPath, [CLI, "pack", "new", join(packDir, "first"), "--kind", "decide"]);
  await start();
  teacher = await userWith(test.app, test.parts, "teacher", "instructor");
  ada = await userWith(test.app, test.parts, "ada", "learner");
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

async function start(): Promise<void> {
  test = await makeApp({ dataDir, accounts: true }, new InProcessJudge(), { verifier: proved });
  await test.parts.library.start();
}

/** Brings the pack in with these texts, and publishes it. */
async function publish(version: string, { card, lesson }: { readonly card: string | null; readonly lesson: string }): Promise<PackDetail> {
  const manifest = join(packDir, "pack.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/^version: .*$/m, `version: ${version}`));
  const cards = card === null ? [] : [{ id: "one", section: 1, front: card, back: card, problem: "first" }];
  if (cards.length === 0) rmSync(join(packDir, "cards.yaml"));
  else writeFileSync(join(packDir, "cards.yaml"), JSON.stringify({ format: 1, cards }));
  mkdirSync(join(packDir, "lessons"), { recursive: true });
  writeFileSync(
    join(packDir, "lessons", "01-start.md"),
    `---\ntitle: ${JSON.stringify(`Start ${version}`)}\nsection: 1\nminutes: 3\n---\n${lesson}\n`,
  );
  test.parts.limits.giveBack("upload", { user: teacher.id, address: "127.0.0.1" });
  const response = await test.app.inject({
    method: "POST",
    url: "/api/packs",
    payload: buildPack(packDir),
    headers: { "content-type": "application/zip", cookie: teacher.cookie!, "x-millrace-csrf": teacher.csrf! },
  });
  const pack = response.json<PackDetail>();
  expect(pack.diagnostics).toEqual([]);
  await vi.waitUntil(async () => (await test.parts.packs.find(pack.id))?.state === "passed");
  expect(answerOf(await teacher.call("PATCH", `/packs/${pack.id}`, { body: { status: "active" } }))).toBe("200");
  return pack;
}

const cards = async () => (await ada.call("GET", "/cards")).json<StudyCard[]>().filter(({ id }) => id.startsWith("mini~"));
const lessons = async () => (await ada.call("GET", "/lessons")).json<LessonSummary[]>().filter(({ id }) => id.startsWith("mini~"));
const lessonHtml = async () => {
  const { parts } = (await ada.call("GET", "/lessons/mini~start")).json<LessonDetail>();
  return parts.map((part) => (part.kind === "text" ? part.html : "")).join("");
};

it("appear for learners when the pack is published, without a restart", async () => {
  expect(await cards()).toEqual([]);
  await publish("0.1.0", { card: "What is a **pane**?", lesson: "A pane is the content of a window." });
  expect(await cards()).toEqual([
    {
      id: "mini~one",
      section: 1,
      frontHtml: "<p>What is a <strong>pane</strong>?</p>\n",
      backHtml: "<p>What is a <strong>pane</strong>?</p>\n",
      problemId: "first",
    },
  ]);
  expect(await lessons()).toEqual([{ id: "mini~start", title: "Start 0.1.0", section: 1, minutes: 3 }]);
  expect(await lessonHtml()).toBe("<p>A pane is the content of a window.</p>\n");
  // Reviews of them are kept like those of bundled ones.
  const reviews = [{ item: "card:mini~one", atMs: 1, grade: 3 }];
  expect(answerOf(await ada.call("POST", "/reviews", { body: { reviews } }))).toBe("204");
});

it("are those of the newest version, also after a restart, and go with the pack", async () => {
  const second = await publish("0.2.0", { card: null, lesson: "A newer text." });
  expect(await cards()).toEqual([]);
  expect(await lessonHtml()).toBe("<p>A newer text.</p>\n");
  await test.close();
  await start();
  for (const who of [teacher, ada]) who.attach(test.app);
  expect((await lessons()).map(({ title }) => title)).toEqual(["Start 0.2.0"]);
  expect(answerOf(await teacher.call("PATCH", `/packs/${second.id}`, { body: { status: "deprecated" } }))).toBe("200");
  expect(await lessons()).toEqual([]);
  expect(answerOf(await ada.call("GET", "/lessons/mini~start"))).toBe("404 LESSON_UNKNOWN");
});

it("with hostile content show it as a text: no script, no handler, no address but of the web, nothing loaded from elsewhere", async () => {
  const statement = join(packDir, "first", "statement.md");
  writeFileSync(statement, `${readFileSync(statement, "utf8")}\n\n${HOSTILE}\n`);
  writeFileSync(join(packDir, "first", "hints.md"), `## <img src=x onerror=broken()> {#one}\nwhen: wrong-output\n\n${HOSTILE}\n`);
  writeFileSync(join(packDir, "first", "editorial.md"), `${HOSTILE}\n`);
  const pack = await publish("0.3.0", { card: HOSTILE, lesson: HOSTILE });
  const [card] = await cards();
  const shown = (await ada.call("GET", "/problems/first")).json<ProblemDetail>();
  const preview = (await teacher.call("GET", `/packs/${pack.id}/problems/first`)).json<ProblemDetail>();
  const editorial = (await teacher.call("GET", "/problems/first/editorial")).json<{ html: string }>().html;
  const all = [
    editorial,
    card!.frontHtml,
    card!.backHtml,
    await lessonHtml(),
    shown.statementHtml,
    ...shown.hintsHtml,
    preview.statementHtml,
    ...preview.hintsHtml,
  ];
  for (const html of all) {
    expect(html).toContain("broken()");
    const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
    expect(tags.filter((tag) => /^<(script|svg|iframe|object|embed|style|form|base|meta|link)\b/i.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\son\w+\s*=/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([]);
    expect(tags.filter((tag) => /(href|src)="\s*(javascript|vbscript|data):/i.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /^<img\b[^>]*src="(\w+:|\/\/)/i.test(tag))).toEqual([]);
  }
});
