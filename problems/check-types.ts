/**
 * Type-checks every TypeScript file of the packs: `node problems/check-types.ts`.
 *
 * tsconfig.json alone cannot: a submission imports "./given" as if it lay in starter/, where the judge puts it. Here that one import is
 * resolved to the problem's own starter/given.ts. Submissions that are to fail with compile-error are left out.
 */
import { existsSync, globSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const root = import.meta.dirname;
const config = ts.getParsedCommandLineOfConfigFile(
  join(root, "tsconfig.json"),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
);
if (config === undefined) throw new Error("problems/tsconfig.json cannot be read");

const files = globSync("*/*/{*.ts,starter/*.ts,submissions/*/*.ts}", { cwd: root })
  .filter((file) => !file.includes("compile-error"))
  .map((file) => resolve(root, file));

const host = ts.createCompilerHost(config.options);
host.resolveModuleNameLiterals = (literals, from, redirect, options) =>
  literals.map((literal) => {
    const given = resolve(dirname(from), "../../starter/given.ts");
    const submission = literal.text === "./given" && from.includes("submissions") && existsSync(given);
    return ts.resolveModuleName(literal.text, submission ? join(dirname(given), "any.ts") : from, options, host, undefined, redirect);
  });

const program = ts.createProgram(files, config.options, host);
const found = files.flatMap((file) =>
  ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).filter((one) => one.file?.fileName === file),
);
for (const one of found) fail(one);
console.log(`${files.length} files, ${found.length} type errors`);
process.exitCode = found.length === 0 ? 0 : 1;

function fail(diagnostic: ts.Diagnostic): void {
  const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
  const place = at === undefined ? "" : `${relative(root, diagnostic.file!.fileName)}:${at.line + 1}:${at.character + 1}  `;
  console.error(`${place}${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`);
}
