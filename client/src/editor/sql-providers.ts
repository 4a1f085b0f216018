/** Completion, hovers and layout of Flink SQL in Monaco: the worker that has the engine in it is asked (`sql/sql-service.ts`). */
import { type editor, languages, type Position, Range } from "monaco-editor/editor/editor.api";
import type { SqlCompletion, SqlPlace } from "../sql/sql-language.ts";
import { servedSql } from "../sql/sql-service.ts";

const KINDS: Readonly<Record<SqlCompletion["kind"], languages.CompletionItemKind>> = {
  column: languages.CompletionItemKind.Field,
  source: languages.CompletionItemKind.Variable,
  table: languages.CompletionItemKind.Struct,
  function: languages.CompletionItemKind.Function,
};
/** Suggestions are listed in the order of these letters. */
const ORDER: Readonly<Record<SqlCompletion["kind"], string>> = { column: "a", source: "b", table: "c", function: "d" };

/** @param words keywords and names of types, which need no service. */
export function registerSqlLanguage(language: string, words: readonly string[]): void {
  languages.registerCompletionItemProvider(language, {
    triggerCharacters: ["."],
    async provideCompletionItems(model, position) {
      const word = model.getWordUntilPosition(position);
      const range = new Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn);
      const found = (await servedSql()?.service.ask({ ask: "complete", ...placeOf(model, position) })) ?? [];
      const behindDot =
        model.getValueInRange(new Range(position.lineNumber, word.startColumn - 1, position.lineNumber, word.startColumn)) === ".";
      const suggestions = found.map(({ kind, label, detail, documentation, insert }, index) => ({
        label,
        kind: KINDS[kind],
        detail,
        documentation: { value: documentation },
        insertText: insert,
        insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet,
        // Columns as the table has them.
        sortText: `${ORDER[kind]}${kind === "column" ? String(index).padStart(4, "0") : label}`,
        range,
      }));
      if (behindDot) return { suggestions };
      const keywords = words.map((label) => ({
        label,
        kind: languages.CompletionItemKind.Keyword,
        insertText: label,
        sortText: `e${label}`,
        range,
      }));
      return { suggestions: [...suggestions, ...keywords] };
    },
  });

  languages.registerHoverProvider(language, {
    async provideHover(model, position) {
      const found = await servedSql()?.service.ask({ ask: "hover", ...placeOf(model, position) });
      if (found === undefined || found === null || model.isDisposed()) return null;
      const [from, to] = [model.getPositionAt(found.start), model.getPositionAt(found.end)];
      return { range: Range.fromPositions(from, to), contents: found.parts.map((value) => ({ value })) };
    },
  });

  languages.registerDocumentFormattingEditProvider(language, {
    displayName: "Flink SQL",
    async provideDocumentFormattingEdits(model) {
      const version = model.getVersionId();
      const text = await servedSql()?.service.ask({ ask: "format", text: model.getValue() });
      // Whoever has typed on meanwhile keeps what was typed.
      if (text === undefined || text === null || model.isDisposed() || model.getVersionId() !== version) return [];
      return text === model.getValue() ? [] : [{ range: model.getFullModelRange(), text }];
    },
  });
}

function placeOf(model: editor.ITextModel, position: Position): SqlPlace {
  // The DDL itself is another file of the same language.
  const given = model.uri.path.endsWith("given.sql") ? "" : (servedSql()?.given ?? "");
  return { text: model.getValue(), offset: model.getOffsetAt(position), given };
}
