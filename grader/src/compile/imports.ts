/** A learner's file may import "flink" and "./given" and nothing else, and only by import declarations. */
import type { DiagnosticData } from "@millrace/engine";
import ts from "typescript";

/** `allowed` = specifiers beside "flink". */
export function forbiddenImports(file: string, text: string, allowed: readonly string[]): DiagnosticData[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const found: DiagnosticData[] = [];
  const complain = (code: string, node: ts.Node, message: string, hint: string) => {
    const from = source.getLineAndCharacterOfPosition(node.getStart());
    const to = source.getLineAndCharacterOfPosition(node.getEnd());
    const span = { line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
    found.push({ code, message, phase: "compile", file, span, found: node.getText().slice(0, 80), hint });
  };
  const checkSpecifier = (node: ts.Expression) => {
    if (!ts.isStringLiteral(node) || node.text === "flink" || allowed.includes(node.text)) return;
    const names = ['"flink"', ...allowed.map((name) => `"${name}"`)].join(" and ");
    complain("COMPILE_IMPORT_FORBIDDEN", node, `Module "${node.text}" cannot be imported.`, `Only ${names} can be imported here.`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) checkSpecifier(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) checkSpecifier(node.moduleSpecifier);
    else if (ts.isImportEqualsDeclaration(node)) {
      complain("COMPILE_IMPORT_FORBIDDEN", node, "`import … = require(…)` is not available.", 'Write `import { … } from "flink"`.');
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      complain("COMPILE_IMPORT_FORBIDDEN", node, "Dynamic `import()` is not available.", 'Write `import { … } from "flink"` at the top.');
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require") {
      complain("COMPILE_IMPORT_FORBIDDEN", node, "`require` is not available.", 'Write `import { … } from "flink"` at the top.');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
