/**
 * Does a program need the Table API, which an isolate does not have from its beginning? Told from its scripts (CommonJS as compile/script.ts makes it):
 * `var import_flink = require("flink")`, and then `import_flink.map`, `import_flink.Table`. Whoever names only what the core has does not need it; whoever
 * does anything else with the module (hands it on, looks a name up by a text) might, and gets it. Getting it for nothing costs milliseconds.
 */
const REQUIRE = /\brequire\("flink"\)/g;
const DECLARATION = /\b([\w$]+) = (?:__toESM\()?require\("flink"\)/g;

/** @param core tells whether the core exports this name. */
export function needsTables(scripts: readonly string[], core: (name: string) => boolean): boolean {
  return scripts.some((script) => {
    const variables = [...script.matchAll(DECLARATION)].map((match) => match[1]!);
    if (variables.length !== [...script.matchAll(REQUIRE)].length) return true;
    return variables.some((variable) => usesOther(script, variable, core));
  });
}

function usesOther(script: string, variable: string, core: (name: string) => boolean): boolean {
  const uses = new RegExp(
    `(?<![\\w$])${variable.replaceAll("$", "\\$")}(?![\\w$])(?:\\.([A-Za-z_$][\\w$]*)|( = (?:__toESM\\()?require\\("flink"\\)))?`,
    "g",
  );
  for (const [, name, declaration] of script.matchAll(uses)) {
    if (declaration === undefined && (name === undefined || !core(name))) return true;
  }
  return false;
}
