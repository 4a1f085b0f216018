/** Cards, lessons and follow-ups of a pack: what is read, and how mistakes are told. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkStudy } from "../../src/checks/study.ts";
import { type LoadedPack, loadPack } from "../../src/index.ts";

const copies: string[] = [];
const HELLO = join(import.meta.dirname, "hello-pack");

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** The smallest pack with more files in it. */
function loadWith(files: Readonly<Record<string, string>>): Promise<LoadedPack> {
  const copy = mkdtempSync(join(tmpdir(), "millrace-study-"));
  copies.push(copy);
  cpSync(HELLO, copy, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  return loadPack(copy);
}

const messagesOf = async (files: Readonly<Record<string, string>>) =>
  (await loadWith(files)).diagnostics.map(({ code, file, span, message, hint }) => [
    `${code} ${file}:${span?.line}`,
    hint === undefined ? message : `${message} ${hint}`,
  ]);

const section = Number(/number: (\d+)/.exec(readFileSync(join(HELLO, "pack.yaml"), "utf8"))?.[1]);
const LESSON = `---
title: Filters
section: ${section}
minutes: 3
---
A filter keeps what its condition holds for.

\`\`\`run
title: What is read
problem: hello-filter
world: sample-1
sql: |
  CREATE TABLE readings (id STRING, celsius DOUBLE) WITH ('connector' = 'kafka', 'topic' = 'readings', 'properties.bootstrap.servers' = 'k:9092', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
  CREATE TABLE seen (id STRING) WITH ('connector' = 'print');
  INSERT INTO seen SELECT id FROM readings WHERE celsius > 20;
\`\`\`

That is all.
`;

describe("lessons", () => {
  it("are Markdown and figures in their order, each figure with its sample world", async () => {
    const { pack, diagnostics } = await loadWith({ "lessons/01-filters.md": LESSON });
    expect(diagnostics).toEqual([]);
    expect(pack!.lessons).toHaveLength(1);
    const [lesson] = pack!.lessons;
    expect(lesson).toMatchObject({ id: "filters", title: "Filters", section, minutes: 3 });
    expect(lesson!.parts.map(({ kind }) => kind)).toEqual(["text", "figure", "text"]);
    const figure = lesson!.parts[1]!;
    expect(figure.kind === "figure" && figure.world.topics.map(({ name }) => name)).toContain("readings");
    expect(checkStudy(pack!)).toEqual([{ subject: "lessons", found: "1 lessons", complaints: [] }]);
  });

  it("tell mistakes where they are in the file", async () => {
    expect(await messagesOf({ "lessons/a.md": "# No head\n" })).toEqual([
      ["PACK_LESSON_HEAD lessons/a.md:1", "A lesson begins with its title, section and minutes between two lines of `---`."],
    ]);
    expect(await messagesOf({ "lessons/a.md": LESSON.replace("title: Filters", "titel: Filters") })).toContainEqual([
      "PACK_UNKNOWN_KEY lessons/a.md:2",
      "Unknown key `titel`. Did you mean `title`?",
    ]);
    expect(await messagesOf({ "lessons/a.md": LESSON.replace("world: sample-1", "world: sample-2") })).toEqual([
      [
        "PACK_UNKNOWN_WORLD lessons/a.md:11",
        "`hello-filter` has no sample world `sample-2` with explicit records. Did you mean `sample-1`?",
      ],
    ]);
    expect(await messagesOf({ "lessons/a.md": LESSON.replace("hello-filter", "hello-filters") })).toEqual([
      ["PACK_UNKNOWN_PROBLEM lessons/a.md:10", "The pack has no problem `hello-filters`. Did you mean `hello-filter`?"],
    ]);
    expect(await messagesOf({ "lessons/a.md": LESSON.slice(0, LESSON.lastIndexOf("```")) })).toEqual([
      ["PACK_LESSON_FENCE lessons/a.md:8", "This figure has no end: a line of three back-ticks."],
    ]);
    expect(await messagesOf({ "lessons/a.md": LESSON.replace(`section: ${section}`, "section: 77") })).toEqual([
      ["PACK_UNKNOWN_SECTION lessons/a.md:1", "Section 77 is not listed in pack.yaml."],
    ]);
  });

  it("never show a world that is no sample", async () => {
    const secret = readFileSync(join(HELLO, "hello-filter/scenarios/sample-1.yaml"), "utf8").replace(
      "visibility: sample",
      "visibility: hidden",
    );
    const files = { "hello-filter/scenarios/secret-1.yaml": secret, "lessons/a.md": LESSON.replace("world: sample-1", "world: secret-1") };
    const { pack, diagnostics } = await loadWith(files);
    expect(diagnostics.map(({ code }) => code)).toEqual(["PACK_UNKNOWN_WORLD"]);
    expect(pack!.lessons).toEqual([]);
  });

  it("are complained about when their prose loads something or a script is wrong", async () => {
    const bad = LESSON.replace("That is all.", "![x](https://elsewhere.example/x.png)").replace("WHERE celsius", "WHERE kelvin");
    const [finding] = checkStudy((await loadWith({ "lessons/a.md": bad })).pack!);
    expect(finding!.complaints).toHaveLength(2);
    expect(finding!.complaints[0]).toMatch(/^lesson a, “What is read”, line 3: .*kelvin/);
    expect(finding!.complaints[1]).toBe("lesson a: line 1: a picture from elsewhere");
  });
});

describe("cards", () => {
  const card = (more: string) => `format: 1\ncards:\n  - { id: one, section: ${section}, front: "What?", back: "This."${more} }\n`;

  it("are read with their problem", async () => {
    const { pack, diagnostics } = await loadWith({ "cards.yaml": card(", problem: hello-filter") });
    expect(diagnostics).toEqual([]);
    expect(pack!.cards).toEqual([{ id: "one", section, front: "What?", back: "This.", problem: "hello-filter" }]);
    expect(checkStudy(pack!)).toEqual([{ subject: "cards", found: "1 cards", complaints: [] }]);
  });

  it("with mistakes are left out and told", async () => {
    const twice = `${card("")}${card("").split("\n")[2]}\n`;
    expect(await messagesOf({ "cards.yaml": twice })).toEqual([["PACK_DUPLICATE_ID cards.yaml:4", "Two cards have the id `one`."]]);
    expect(await messagesOf({ "cards.yaml": card(", problem: hello") })).toEqual([
      ["PACK_UNKNOWN_PROBLEM cards.yaml:3", "The pack has no problem `hello`."],
    ]);
    expect(await messagesOf({ "cards.yaml": card(", colour: red") })).toMatchObject([
      ["PACK_UNKNOWN_KEY cards.yaml:3", expect.any(String)],
    ]);
    const { pack } = await loadWith({ "cards.yaml": card("").replace(`section: ${section}`, "section: 77") });
    expect(pack!.cards).toEqual([]);
  });

  it("are not needed", async () => {
    const { pack, diagnostics } = await loadWith({});
    expect([pack!.cards, pack!.lessons, diagnostics]).toEqual([[], [], []]);
    expect(checkStudy(pack!)).toEqual([]);
  });
});

describe("a follow-up", () => {
  const head = readFileSync(join(HELLO, "hello-filter/problem.yaml"), "utf8");

  it("leads to another problem of the pack", async () => {
    const to = (problem: string) => ({
      "hello-filter/problem.yaml": `${head}\nfollowUp: { problem: ${problem}, change: "Now in Kelvin." }\n`,
    });
    expect(await messagesOf(to("hello-filter"))).toEqual([
      ["PACK_UNKNOWN_PROBLEM hello-filter/problem.yaml:1", "A change leads to another problem, not to the same."],
    ]);
    expect(await messagesOf(to("hello-filtre"))).toEqual([
      ["PACK_UNKNOWN_PROBLEM hello-filter/problem.yaml:1", "The pack has no problem `hello-filtre`. Did you mean `hello-filter`?"],
    ]);
  });
});
