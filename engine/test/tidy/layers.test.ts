import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

/** Folders of engine/src in their order: each imports from lower numbers and from itself. */
const ENGINE_LAYERS: Readonly<Record<string, number>> = {
  base: 0,
  types: 1,
  state: 2,
  flow: 3,
  operators: 4,
  graph: 5,
  runtime: 6,
  connectors: 7,
  datastream: 8,
  sql: 8,
  table: 9,
  sim: 10,
  testing: 10,
  cases: 11,
};

/** Connectors are driven by the runtime through flow/connector.ts and know nothing of it, nor of graphs. */
const FORBIDDEN_PAIRS: readonly (readonly [string, string])[] = [
  ["connectors", "runtime"],
  ["connectors", "graph"],
  ["sql", "datastream"],
  ["datastream", "sql"],
  ["sim", "testing"],
  ["testing", "sim"],
  ["cases", "testing"],
];

const ENGINE_DOORS = [
  "@millrace/engine",
  // The two halves of the first: see engine/bundle.
  "@millrace/engine/datastream",
  "@millrace/engine/table",
  "@millrace/engine/sql",
  "@millrace/engine/sim",
  "@millrace/engine/cases",
  "@millrace/engine/testing",
];

/** Workspaces and which other parts of the tree they may import. */
const WORKSPACES: Readonly<Record<string, readonly string[]>> = {
  // It builds the scripts for its isolates.
  grader: [...ENGINE_DOORS, "@millrace/engine/bundle"],
  server: ["@millrace/grader", ...ENGINE_DOORS],
  // The judge's pure part runs in browsers, too.
  client: ["@millrace/server/contract", "@millrace/grader/local", ...ENGINE_DOORS],
  problems: ["flink"],
};

/** Files that may reach further, for types alone (every statement in them is `import type` or `export type`). */
const TYPE_BRIDGES: Readonly<Record<string, string>> = {
  "client/src/api/grader-types.ts": "the types of reports that the contract refers to, without the grader's sandbox",
};

const BANNED: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /["']node:[a-z/]+["']/, instead: "nothing: the engine runs in an isolate, a worker and Node" },
  { pattern: /\bMath\.random\b/, instead: "Prng of base/prng.ts, seeded by the world" },
  { pattern: /\bDate\.now\b|\bnew Date\(\)/, instead: "the virtual clock (ProcessingTimeService)" },
  { pattern: /\bperformance\.|\bprocess\.(env|hrtime|cwd|argv)\b/, instead: "nothing: no host in the engine" },
  { pattern: /\bIntl\.|\btoLocale[A-Z]\w*|\blocaleCompare\b/, instead: "code of our own that does not depend on the locale" },
  { pattern: /\bset(Timeout|Interval|Immediate)\s*\(|\bqueueMicrotask\s*\(/, instead: "EventLoop.schedule" },
  { pattern: /\b(require|fetch)\(["']/, instead: "an import" },
];

interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

function filesUnder(folder: string, pattern: RegExp): SourceFile[] {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules") && !path.includes("dist"))
    .map((path) => ({ path: relative(ROOT, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));
}

/** Modules that a file imports or re-exports, types included. */
function importsOf(text: string): string[] {
  const statement = /^(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?\s*["']([^"']+)["']/gm;
  const call = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(statement), ...text.matchAll(call)].map((match) => match[1]);
}

/** Comments and texts taken out, so that only code is judged. Keeps module names of imports. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");
}

const engineFiles = filesUnder("engine/src", /\.ts$/);

describe("layers of engine/src", () => {
  it("finds the sources", () => {
    expect(engineFiles.length).toBeGreaterThan(50);
  });

  it("every folder has its place in the order", () => {
    const folders = new Set(
      engineFiles
        .map(({ path }) => path.split("/"))
        .filter((parts) => parts.length > 3)
        .map((parts) => parts[2]),
    );
    for (const folder of folders) expect(Object.keys(ENGINE_LAYERS), `engine/src/${folder} has no layer`).toContain(folder);
  });

  it("imports go down only", () => {
    const violations: string[] = [];
    for (const { path, text } of engineFiles) {
      const parts = path.split("/");
      if (parts.length <= 3) continue; // a door
      const folder = parts[2];
      for (const name of importsOf(text)) {
        if (!name.startsWith(".")) {
          violations.push(`${path} imports "${name}". The engine imports nothing but itself.`);
          continue;
        }
        const target = normalize(join(dirname(path), name))
          .replaceAll("\\", "/")
          .split("/");
        const other = target.length > 3 ? target[2] : "(a door)";
        if (other === folder) continue;
        const forbidden = FORBIDDEN_PAIRS.some(([from, to]) => from === folder && to === other);
        if (!(other in ENGINE_LAYERS) || ENGINE_LAYERS[other] >= ENGINE_LAYERS[folder] || forbidden) {
          const allowed = Object.keys(ENGINE_LAYERS).filter(
            (layer) =>
              ENGINE_LAYERS[layer] < ENGINE_LAYERS[folder] && !FORBIDDEN_PAIRS.some(([from, to]) => from === folder && to === layer),
          );
          violations.push(`${path} imports from ${other}. ${folder}/ may import: ${[...allowed, folder].join(", ")}.`);
        }
      }
    }
    expect(violations).toEqual([]);
  });

  it("uses no host, clock, chance or locale", () => {
    const violations: string[] = [];
    for (const { path, text } of engineFiles) {
      const code = codeOf(text);
      for (const { pattern, instead } of BANNED) {
        const found = pattern.exec(code);
        if (found !== null) violations.push(`${path} uses ${found[0]}. Use ${instead}.`);
      }
    }
    expect(violations).toEqual([]);
  });
});

describe.each(Object.entries(WORKSPACES))("layers of %s", (workspace, allowed) => {
  it(`imports from the rest of the tree only ${allowed.join(", ")}`, () => {
    const violations: string[] = [];
    const folder = workspace === "problems" ? "problems" : `${workspace}/src`;
    for (const { path, text } of filesUnder(folder, /\.(ts|svelte)$/)) {
      // Beside the packs lie tools of the workspace; only what is in a pack is a learner's or an instructor's.
      if (workspace === "problems" && path.split("/").length < 3) continue;
      if (path in TYPE_BRIDGES) {
        if (/^(import|export)\s(?!type\b)/m.test(text)) violations.push(`${path} may only have types: ${TYPE_BRIDGES[path]}.`);
        continue;
      }
      for (const name of importsOf(text)) {
        const outside = name.startsWith(".")
          ? !normalize(join(dirname(path), name))
              .replaceAll("\\", "/")
              .startsWith(`${workspace}/`)
          : name.startsWith("@millrace/") && !name.startsWith(`@millrace/${workspace}`);
        const foreign = workspace === "problems" && !name.startsWith(".") && name !== "flink";
        const typesOnly = workspace === "client" && /(^|\/)server\/src\/contract\//.test(name);
        if ((outside || foreign) && !allowed.includes(name) && !typesOnly) {
          violations.push(`${path} imports "${name}". ${workspace}/ may import from the rest of the tree: ${allowed.join(", ")}.`);
        }
      }
    }
    expect(violations).toEqual([]);
  });
});
