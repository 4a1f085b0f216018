/** `file:line:column  message`, with what was expected and the hint below. */
import type { DiagnosticData } from "@millrace/engine";

export function formatDiagnostic(diagnostic: DiagnosticData, dir = ""): string {
  const file = diagnostic.file === undefined ? "" : `${dir}${diagnostic.file}`;
  const span = diagnostic.span === undefined ? "" : `${file === "" ? "" : ":"}${diagnostic.span.line}:${diagnostic.span.column}`;
  const place = `${file}${span}` === "" ? "" : `${file}${span}  `;
  const hint = diagnostic.hint === undefined ? "" : `\n    ${diagnostic.hint}`;
  return `${place}${diagnostic.message} [${diagnostic.code}]${hint}`;
}
