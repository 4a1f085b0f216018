/**
 * The engine as scripts for isolates, in two parts, because starting an isolate takes as long as what is in it is large.
 *
 * - *core*: what every program needs. A script that is evaluated when the isolate starts, or lies in the snapshot that it starts from.
 * - *tables*: SQL and the Table API, half as large again as all the rest. A script that gives a function, to be called with what the core shares.
 *
 * Both come from one run of esbuild with code splitting: the entry of the tables imports that of the core, so everything the core reaches is one
 * module, and what only the tables reach is another that imports from it. Here the two become functions: imports turn into variables at the top
 * of the second, so code that uses them is as fast as in one bundle (namespaces and ES modules are not).
 *
 * The text is ASCII without comments: one character beyond Latin-1, in a doc comment say, and V8 keeps all of it with two bytes a character, in every snapshot.
 */
import { dirname } from "node:path";
import { type BuildOptions, build, type Metafile, type OutputFile, transform } from "esbuild";

export interface PartEntries {
  /** File that is evaluated with the core. It leaves an object behind as `globalThis[global]`. */
  readonly core: string;
  /** File whose exports the tables give. It imports the core's file. */
  readonly tables: string;
  readonly global: string;
}

export interface Part {
  readonly text: string;
  /** Source files, absolute. */
  readonly sources: readonly string[];
}

export interface Parts {
  /** Leaves `globalThis[global].part`, a `CorePart`. */
  readonly core: Part;
  /** Its value is a function `(shared) => TablesPart`. */
  readonly tables: Part;
}

/** What the core's script leaves for whoever evaluates the tables'. */
export interface CorePart {
  /** To be handed to the tables' function. */
  readonly shared: object;
  /** All classes on the top level of modules, for who wants to freeze them. */
  readonly classes: readonly unknown[];
  /** Names of what the tables will export. */
  readonly tableNames: readonly string[];
}

export interface TablesPart {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly classes: readonly unknown[];
}

export type TablesFunction = (shared: object) => TablesPart;

/** What all scripts made of the engine's sources are built with. */
export const ENGINE_BUILD = {
  bundle: true,
  write: false,
  platform: "neutral",
  target: "es2024",
  charset: "ascii",
  // A field that is declared before the constructor sets it would first be undefined, and its numbers would be objects from then on: a third
  // of the engine's speed (engine/decisions/0007).
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;

export async function bundleParts(entries: PartEntries): Promise<Parts> {
  const result = await build({
    ...ENGINE_BUILD,
    entryPoints: { core: entries.core, tables: entries.tables },
    outdir: dirname(entries.core),
    format: "esm",
    splitting: true,
    metafile: true,
    absWorkingDir: "/",
  });
  const files = result.outputFiles.map((file) => moduleOf(file, result.metafile));
  const tables = files.find(({ entry }) => entry === entries.tables);
  const shared = files.filter(({ entry }) => entry === null);
  if (tables === undefined || shared.length !== 1)
    throw new Error(`one shared module was expected, not ${shared.length}: does the entry of the tables import the core's?`);
  const core = shared[0]!;
  const [coreText, tablesText] = await Promise.all([scriptOf(coreScript(core, tables, entries.global)), scriptOf(tablesScript(tables))]);
  return { core: { text: coreText, sources: core.sources }, tables: { text: tablesText, sources: tables.sources } };
}

/** One of esbuild's modules, taken apart. */
interface EsModule {
  readonly code: string;
  /** Names as in code: `[name outside, name inside]`. */
  readonly imports: readonly (readonly [string, string])[];
  readonly exports: readonly (readonly [string, string])[];
  /** The file that was asked for; null = what others share. */
  readonly entry: string | null;
  readonly sources: readonly string[];
}

/** esbuild writes one list of imports per module imported from at the head, and one list of exports at the end. */
const IMPORTS = /^import \{([^}]*)\} from "[^"]*";$/gm;
const OTHER_IMPORT = /^import\b.*$/m;
const EXPORTS = /^export \{([^}]*)\};$/gm;

function moduleOf(file: OutputFile, { outputs }: Metafile): EsModule {
  const output = outputs[file.path.slice(1)];
  if (output === undefined) throw new Error(`esbuild does not say what ${file.path} is made of`);
  const imports: (readonly [string, string])[] = [];
  const exports: (readonly [string, string])[] = [];
  const code = file.text
    .replace(IMPORTS, (_, names: string) => {
      imports.push(...namesIn(names));
      return "";
    })
    .replace(EXPORTS, (_, names: string) => {
      for (const [inside, outside] of namesIn(names)) exports.push([outside, inside]);
      return "";
    });
  const entry = output.entryPoint === undefined ? null : `/${output.entryPoint}`;
  const left = OTHER_IMPORT.exec(code);
  // The core's entry is but an import of what is shared.
  if (left !== null && code.trim() !== left[0]) throw new Error(`an import that is no list of names: ${left[0]}`);
  return { code, imports, exports, entry, sources: Object.keys(output.inputs).map((path) => `/${path}`) };
}

/** `a, b as c` */
function namesIn(list: string): [string, string][] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const [name, other = name] = item.split(" as ");
      return [name!, other!];
    });
}

function coreScript({ code, exports }: EsModule, tables: EsModule, global: string): string {
  const names = JSON.stringify(tables.exports.map(([name]) => name).sort());
  return `(() => {
"use strict";
${code}
globalThis.${global}.part = { shared: ${objectOf(exports)}, classes: ${classesOf(code)}, tableNames: ${names} };
})();`;
}

function tablesScript({ code, imports, exports }: EsModule): string {
  return `((shared) => {
"use strict";
const { ${imports.map(([name, local]) => `${name}: ${local}`).join(", ")} } = shared;
${code}
return { exports: ${objectOf(exports)}, classes: ${classesOf(code)} };
})`;
}

/** Without a prototype: nothing is in it that was not put there. */
function objectOf(exports: EsModule["exports"]): string {
  return `{ __proto__: null, ${exports.map(([name, local]) => `${name}: ${local}`).join(", ")} }`;
}

/** Top-level classes stand without indentation. */
function classesOf(code: string): string {
  const names = new Set<string>();
  for (const [, assigned, declared] of code.matchAll(/^(?:var ([\w$]+) = class\b|class ([\w$]+))/gm)) names.add((assigned ?? declared)!);
  return `[${[...names].join(", ")}]`;
}

async function scriptOf(text: string): Promise<string> {
  const { code } = await transform(text, {
    minifyWhitespace: true,
    lineLimit: 160,
    charset: "ascii",
    target: "es2024",
    legalComments: "none",
  });
  return code;
}
