/** Server diagnostics as Monaco markers. A diagnostic without a place stands at the first line. */
import type { DiagnosticData } from "@millrace/server/contract";
import { type editor, MarkerSeverity } from "monaco-editor/editor/editor.api";

export function markersFor(diagnostics: readonly DiagnosticData[], model: editor.ITextModel): editor.IMarkerData[] {
  return diagnostics.map((diagnostic) => {
    const line = Math.min(diagnostic.span?.line ?? 1, model.getLineCount());
    const column = Math.min(diagnostic.span?.column ?? 1, model.getLineMaxColumn(line));
    const word = model.getWordAtPosition({ lineNumber: line, column });
    const endLine = Math.min(diagnostic.span?.endLine ?? line, model.getLineCount());
    return {
      severity: MarkerSeverity.Error,
      message: messageOf(diagnostic),
      code: diagnostic.code,
      startLineNumber: line,
      startColumn: column,
      endLineNumber: endLine,
      endColumn: diagnostic.span?.endColumn ?? word?.endColumn ?? column + 1,
    };
  });
}

function messageOf(diagnostic: DiagnosticData): string {
  return diagnostic.hint === undefined ? diagnostic.message : `${diagnostic.message}\n${diagnostic.hint}`;
}
