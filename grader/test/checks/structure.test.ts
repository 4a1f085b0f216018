/** What a problem's folder says about it before anything runs: each lack gets its sentence. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { complaintsAboutProse } from "../../src/checks/prose.ts";
import { checkStructure } from "../../src/checks/structure.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";
import type { Problem } from "../../src/pack/problem.ts";

const FLINK = join(import.meta.dirname, "../../../problems/flink-interview");
const loaded = loadProblem(join(FLINK, "session-exactly-once"), { id: "flink-interview", version: "1.0.0" });
const good = loaded.problem!;

function titled(title: string): Problem {
  const scenarios = good.scenarios.map((scenario) => (scenario.name === "secret-disorder" ? { ...scenario, title } : scenario));
  return { ...good, scenarios };
}

describe("structure", () => {
  it("has nothing to say about a complete problem", () => {
    expect(checkStructure(good)).toEqual({ complaints: [], warnings: [] });
  });

  it("wants a sample, and warns without secrets and seeds", () => {
    const samples = good.scenarios.filter((scenario) => scenario.visibility === "sample");
    const secrets = good.scenarios.filter((scenario) => scenario.visibility !== "sample");
    expect(checkStructure({ ...good, scenarios: secrets }).complaints.join()).toContain("no scenario is a sample");
    const groups = [{ ...good.groups[0]!, weight: 100 }];
    const onlySamples = samples.map((scenario) => ({ ...scenario, group: groups[0]!.name }));
    expect(checkStructure({ ...good, groups, scenarios: onlySamples })).toEqual({
      complaints: [],
      warnings: ["every scenario is a sample: an answer made for them passes", "0 seeds in secret scenarios; 20 tell more"],
    });
  });

  it("wants worlds for every group and a hundred points", () => {
    const groups = [...good.groups, { ...good.groups[0]!, name: "empty", weight: 5 }];
    expect(checkStructure({ ...good, groups })).toEqual({
      complaints: ["group `empty` has no scenario"],
      warnings: ["the groups' weights add up to 105, not 100"],
    });
  });

  it("warns of few wrong submissions and hints that none is bound to", () => {
    const submissions = good.submissions.filter((submission) => submission.permitted.includes("accepted")).slice(0, 1);
    const wrong = { ...submissions[0]!, path: "late-data/x.ts", permitted: ["late-data"] as const };
    expect(checkStructure({ ...good, submissions: [...submissions, wrong], editorial: null }).warnings).toEqual([
      "1 wrong submissions; 3 are the least that show what the worlds tell apart",
      "no hint in submissions.yaml for late-data/x.ts",
      "no editorial.md: nobody learns what the answer would be in an interview",
    ]);
  });

  it("refuses titles that say what to write", () => {
    expect(checkStructure(titled("Needs EventTimeSessionWindows")).complaints).toEqual([
      "scenarios/secret-disorder.yaml: its title is shown to everybody and says `EventTimeSessionWindows`",
    ]);
  });
});

describe("prose", () => {
  it.each([
    ["a <script>alert(1)</script>", "line 1: raw HTML that can run or load something"],
    ["fine\n<b onclick = 'x()'>b</b>", "line 2: an event handler in raw HTML"],
    ["[here](javascript:alert(1))", "line 1: a link that runs"],
    ["![map](https://example.org/map.png)", "line 1: a picture from elsewhere"],
    ["![map](//example.org/map.png)", "line 1: a picture from elsewhere"],
    ['<img alt="" src="http://example.org/x.png">', "line 1: a picture or sound from elsewhere"],
  ])("refuses %s", (text, complaint) => {
    expect(complaintsAboutProse(text)).toEqual([complaint]);
  });

  it("lets links, pictures of the pack and code be", () => {
    expect(complaintsAboutProse("[docs](https://example.org) ![x](figure.svg) `<script>` a < b\n```html\n<script src='x'>\n```\n")).toEqual(
      [],
    );
  });
});
