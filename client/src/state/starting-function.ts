/** Where a learner begins who wants a function of their own: a class, and the statement that makes it known to the script. */

/** A function that works as it stands, so that the first change is the learner's. */
const STARTING_CLASS = `import { ScalarFunction } from "flink";

export class MyFunction extends ScalarFunction {
  // SQL's types of the arguments and of the result.
  static functionHint = { input: ["STRING"], output: "STRING" };

  eval(text: string | null): string | null {
    return text === null ? null : text.toUpperCase();
  }
}
`;

/** Both files with a function begun. @param starter what the problem's module begins with; null = the class above */
export function withStartingFunction(script: string, starter: string | null): { readonly script: string; readonly functions: string } {
  const functions = starter ?? STARTING_CLASS;
  const unnamed = [...functions.matchAll(/^export (?:default )?class (\w+)/gm)]
    .map(([, name]) => name)
    .filter((name) => !script.includes(`'${name}'`));
  const statements = unnamed.map((name) => `CREATE TEMPORARY FUNCTION ${snakeCase(name)} AS '${name}' LANGUAGE TYPESCRIPT;\n`);
  return { script: statements.length === 0 ? script : `${statements.join("")}\n${script.replace(/^\n+/, "")}`, functions };
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])(?=[A-Z])/g, "_").toLowerCase();
}
