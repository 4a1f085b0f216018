import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPack } from "../../src/index.ts";

const PACK = `format: 1
id: demo
title: Demo
version: 1.0.0
licence: CC-BY-4.0
authors: [Somebody]
engine: ">=0.1"
sections: [{ number: 1, title: One }]
`;
const PROBLEM = `format: 1
id: double
title: Double
kind: datastream
difficulty: 1
section: 1
minutes: 5
constants: { factor: 2 }
outputs:
  doubled: { identity: [n], columns: [n, twice] }
`;
const SCENARIO = `format: 1
title: Three numbers
visibility: sample
start: "2026-01-05T10:00:00Z"
streams:
  numbers:
    partitions: 1
    records:
      - { at: "10:00:01", value: { n: 1 } }
      - { at: "+2s", key: a, value: { n: {{factor}}, at: { $time: "10:00:02" } } }
`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "millrace-pack-"));
  write("pack.yaml", PACK);
  write("double/problem.yaml", PROBLEM);
  write("double/statement.md", "Multiply by {{factor}}.");
  write("double/starter/solution.ts", "// here");
  write("double/scenarios/sample-1.yaml", SCENARIO);
  write("double/submissions/accepted/reference.ts", "// right");
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(dir, file, ".."), { recursive: true });
  writeFileSync(join(dir, file), text);
}

async function mistakes(): Promise<string[]> {
  const { diagnostics } = await loadPack(dir);
  return diagnostics.map(({ code, file, span, message, hint }) =>
    `${code} ${file}:${span?.line}:${span?.column} ${message} ${hint ?? ""}`.trim(),
  );
}

describe("a pack", () => {
  it("loads with constants filled in, samples first, languages from the starter", async () => {
    write("double/scenarios/a-secret.yaml", SCENARIO.replace("sample", "hidden").replace("start:", "seeds: 3\nstart:"));
    const { pack, diagnostics } = await loadPack(dir);
    expect(diagnostics).toEqual([]);
    const problem = pack!.problems[0]!;
    expect(problem.statement).toBe("Multiply by 2.");
    expect(problem.languages).toEqual(["datastream"]);
    expect(problem.scenarios.map((scenario) => scenario.name)).toEqual(["sample-1", "a-secret"]);
    expect(problem.scenarios[1]!.seeds).toEqual([1, 2, 3]);
    expect(problem.scenarios[0]!.streams["numbers"]!.records![1]!.value).toEqual({ n: 2, at: { $time: "10:00:02" } });
  });

  it("changes its content hash with any file", async () => {
    const before = (await loadPack(dir)).pack!.problems[0]!.contentHash;
    write("double/statement.md", "Multiply.");
    expect((await loadPack(dir)).pack!.problems[0]!.contentHash).not.toBe(before);
  });

  it("names unknown keys with place and the nearest known one", async () => {
    write("double/problem.yaml", PROBLEM.replace("minutes: 5", "minuts: 5").replace("columns:", "colums:"));
    expect(await mistakes()).toEqual(
      expect.arrayContaining([
        "PACK_UNKNOWN_KEY double/problem.yaml:7:1 Unknown key `minuts`. Did you mean `minutes`?",
        "PACK_UNKNOWN_KEY double/problem.yaml:10:29 Unknown key `colums` at outputs.doubled. Did you mean `columns`?",
      ]),
    );
  });

  it("tells broken YAML with its place", async () => {
    write("double/scenarios/sample-1.yaml", `${SCENARIO}faults: [unclosed\n`);
    expect((await mistakes())[0]).toMatch(/^PACK_YAML_SYNTAX double\/scenarios\/sample-1\.yaml:1[12]:\d+ Not readable as YAML/);
  });

  it("checks times, partitions, faults and groups of a scenario", async () => {
    const broken = SCENARIO.replace('"10:00:01"', '"10:77:01"')
      .replace("key: a", "key: a, partition: 3")
      .replace("visibility: sample", "visibility: sample\ngroup: crashs\nfaults:\n  - explode tm 1\n  - crash tm 2 after 5 records");
    write("double/scenarios/sample-1.yaml", broken);
    const found = await mistakes();
    expect(found.map((line) => line.split(" ")[0])).toEqual([
      "PACK_UNKNOWN_GROUP",
      "PACK_BAD_TIME",
      "PACK_NO_SUCH_PARTITION",
      "PACK_BAD_FAULT",
      "PACK_NO_SUCH_TASK_MANAGER",
    ]);
    expect(found[1]).toContain("sample-1.yaml:13:11");
  });

  it("tells unknown constants, missing files and folders that name no verdict", async () => {
    write("double/statement.md", "One\nand {{facter}}.");
    rmSync(join(dir, "double/submissions/accepted"), { recursive: true });
    write("double/submissions/wrong-outputs/x.ts", "");
    const found = await mistakes();
    expect(found).toContainEqual(
      "PACK_UNKNOWN_CONSTANT double/statement.md:2:5 `{{facter}}` names no constant of problem.yaml. Did you mean `{{factor}}`?",
    );
    expect(found.some((line) => line.startsWith("PACK_UNKNOWN_VERDICT") && line.endsWith("Did you mean `wrong-output`?"))).toBe(true);
    expect(found.some((line) => line.startsWith("PACK_MISSING_FILE double/submissions/accepted/*"))).toBe(true);
  });

  it("wants a generator for streams without records", async () => {
    write("double/scenarios/sample-1.yaml", SCENARIO.slice(0, SCENARIO.indexOf("    records:")));
    expect((await mistakes())[0]).toContain("PACK_EMPTY_STREAM");
  });

  it("binds hints to verdicts and groups", async () => {
    write(
      "double/hints.md",
      "intro\n\n## Twice {#twice}\nwhen: duplicate-records\nwhen: wrong-output in main\n\nLook again.\n\n## Bad\nwhen: wrong in main\n",
    );
    expect(await mistakes()).toEqual(["PACK_BAD_HINT double/hints.md:10:1 Not a verdict in `when: wrong in main`."]);
    write("double/hints.md", "## Twice {#twice}\nwhen: duplicate-records\nwhen: wrong-output in main\n\nLook again.\n");
    expect((await loadPack(dir)).pack!.problems[0]!.hints).toEqual([
      {
        id: "twice",
        title: "Twice",
        body: "Look again.",
        when: [
          { verdict: "duplicate-records", group: null },
          { verdict: "wrong-output", group: "main" },
        ],
      },
    ]);
  });

  it("refuses two problems with one id, and a folder without pack.yaml", async () => {
    cpSync(join(dir, "double"), join(dir, "double-2"), { recursive: true });
    expect((await mistakes())[0]).toContain("PACK_DUPLICATE_ID");
    expect((await loadPack(join(dir, "double"))).diagnostics[0]!.code).toBe("PACK_MISSING_FILE");
  });

  it("edits a submission", async () => {
    write("double/submissions/accepted/reference.ts", "const factor = 2;\nconst start = 1;\n");
    write(
      "double/submissions/wrong-output/thrice.edit.yaml",
      "of: accepted/reference.ts\nedits: [{ replace: factor = 2, with: factor = 3 }]\n",
    );
    const { pack } = await loadPack(dir);
    const edited = pack?.problems[0]?.submissions.find(({ path }) => path === "wrong-output/thrice.edit.yaml");
    expect(edited).toMatchObject({ language: "datastream", text: "const factor = 3;\nconst start = 1;\n", permitted: ["wrong-output"] });
  });

  it("tells an edit that does not fit", async () => {
    write("double/submissions/accepted/reference.ts", "const a = 2;\nconst b = 2;\n");
    write("double/submissions/wrong-output/a.edit.yaml", "of: accepted/reference.ts\nedits:\n  - { replace: = 2, with: = 3 }\n");
    write("double/submissions/wrong-output/b.edit.yaml", "of: accepted/other.ts\nedits:\n  - { replace: x, with: y }\n");
    const found = (await mistakes()).join("\n");
    expect(found).toContain("PACK_BAD_EDIT");
    expect(found).toContain("stands 2 times in accepted/reference.ts");
    expect(found).toContain("submissions/accepted/other.ts does not exist");
  });
});
