/**
 * The compile process: keeps a warm type checker and answers one request per line. It parses code that nobody trusts, so the grader
 * watches it from outside (compile-service.ts) and replaces it when it grows or stalls.
 */
import { createInterface } from "node:readline";
import type { DiagnosticData } from "@millrace/engine";
import ts from "typescript";
import { flinkTypeFiles } from "./flink-types.ts";
import { forbiddenImports } from "./imports.ts";
import type { CompileAnswer, CompileRequest } from "./protocol.ts";
import { toScript } from "./script.ts";
import { TypeChecker } from "./type-checker.ts";

const MAX_DIAGNOSTICS = 20;

let checkerMemo: TypeChecker | null = null;

function checker(): TypeChecker {
  checkerMemo ??= new TypeChecker(flinkTypeFiles());
  return checkerMemo;
}

async function answer(request: CompileRequest): Promise<CompileAnswer> {
  if (request.kind === "sql") {
    const { checkSql } = await import("@millrace/engine/sql");
    return { diagnostics: checkSql(request.text, request.given, request.topics).slice(0, MAX_DIAGNOSTICS), script: null };
  }
  if (request.kind === "strip") {
    const result = await toScript(request.file, request.text);
    return "script" in result ? { diagnostics: [], script: result } : { diagnostics: result.diagnostics, script: null };
  }
  const allowed = request.given === null ? [] : ["./given"];
  const forbidden = forbiddenImports(request.file, request.text, allowed);
  if (forbidden.length > 0) return { diagnostics: forbidden.slice(0, MAX_DIAGNOSTICS), script: null };
  if (request.checkTypes) {
    const files = { [request.file]: request.text, ...(request.given === null ? {} : { "given.ts": request.given }) };
    const diagnostics = checker()
      .check(files)
      .filter((found) => found.category === ts.DiagnosticCategory.Error);
    if (diagnostics.length > 0) {
      return { diagnostics: diagnostics.slice(0, MAX_DIAGNOSTICS).map((found) => describe(found, request.file)), script: null };
    }
  }
  const result = await toScript(request.file, request.text);
  return "script" in result ? { diagnostics: [], script: result } : { diagnostics: result.diagnostics, script: null };
}

function describe(found: ts.Diagnostic, file: string): DiagnosticData {
  const message = ts.flattenDiagnosticMessageText(found.messageText, "\n");
  const code = `COMPILE_TS${found.code}`;
  if (found.file === undefined || found.start === undefined) return { code, message, phase: "compile", file };
  const from = found.file.getLineAndCharacterOfPosition(found.start);
  const to = found.file.getLineAndCharacterOfPosition(found.start + (found.length ?? 0));
  const span = { line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
  return { code, message, phase: "compile", file: found.file.fileName.replace("/job/", ""), span };
}

// One request at a time, in order; the reader keeps the rest.
for await (const line of createInterface({ input: process.stdin })) {
  const { id, request } = JSON.parse(line) as { id: number; request: CompileRequest };
  let reply: { id: number; answer?: CompileAnswer; error?: string };
  try {
    reply = { id, answer: await answer(request) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
