/**
 * Monaco, wrapped: what the workspace needs and nothing else. This module and all it imports form a chunk of their own, loaded when a
 * workspace is open.
 */
import { editor, type IDisposable, KeyCode, KeyMod, MarkerSeverity, Uri } from "monaco-editor/editor/editor.api";
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
// All of the editor's features at once. TypeScript's part loads this module anyway, but later: an editor made after that would ask for
// services which the first one, made before, has settled without.
import "monaco-editor/internal/common/workers";
import "monaco-editor/languages/definitions/typescript/register";
import TypeScriptWorker from "monaco-editor/languages/features/typescript/ts.worker?worker";
import type { DiagnosticData } from "@millrace/server/contract";
import { FLINK_SQL, registerFlinkSql } from "./flink-sql.ts";
import { markersFor } from "./markers.ts";
import { applyMonacoTheme } from "./theme.ts";
import { TypingRehearsal } from "./typing-rehearsal.ts";
import { configureTypeScript, provideFlink } from "./typescript.ts";

export { applyMonacoTheme, provideFlink };

self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) => (label === "typescript" ? new TypeScriptWorker() : new EditorWorker()),
};

export interface MonacoEvents {
  /** The learner typed in the file that is shown. */
  changed(name: string, text: string): void;
  /** Which files have mistakes in them, of whatever kind, has changed. */
  marked(names: readonly string[]): void;
}

/** Names as in FILES; the ending chooses the language. */
export interface EditorFile {
  readonly name: string;
  readonly text: string;
  readonly readOnly: boolean;
}

/** How every editor here looks and behaves. */
const OPTIONS: editor.IEditorOptions & editor.IGlobalEditorOptions = {
  automaticLayout: true,
  fontSize: 13,
  lineHeight: 20,
  fontLigatures: false,
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  padding: { top: 8, bottom: 8 },
  lineNumbersMinChars: 4,
  lineDecorationsWidth: 16,
  glyphMargin: false,
  folding: false,
  overviewRulerBorder: false,
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  renderLineHighlight: "line",
  renderLineHighlightOnlyWhenFocus: true,
  fixedOverflowWidgets: true,
  bracketPairColorization: { enabled: false },
  guides: { indentation: false },
  quickSuggestions: { other: true, comments: false, strings: false },
  // Marks first: making the list of suggestions takes the page as long as a check takes the worker.
  quickSuggestionsDelay: 80,
  wordBasedSuggestions: "off",
  smoothScrolling: false,
  stickyScroll: { enabled: false },
  codeLens: false,
  links: false,
  colorDecorators: false,
  inlineSuggest: { enabled: false },
  dropIntoEditor: { enabled: false },
  pasteAs: { enabled: false },
  cursorBlinking: "solid",
  "semanticHighlighting.enabled": false,
};

/** One editor in one element. Other files (given.ts) live beside the shown one, so that imports resolve. */
export class MonacoEditor {
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #models = new Map<string, editor.ITextModel>();
  /** Cursor, selection and scrolling of the files that are not shown. */
  readonly #views = new Map<string, editor.ICodeEditorViewState | null>();
  readonly #markers: IDisposable;
  readonly #rehearsal: TypingRehearsal;
  readonly #labelOf: (name: string) => string;
  #shown = "";
  #silent = false;

  constructor(host: HTMLElement, labelOf: (name: string) => string, events: MonacoEvents) {
    this.#labelOf = labelOf;
    configureTypeScript();
    registerFlinkSql();
    const options = { ...OPTIONS, fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono") };
    this.#editor = editor.create(host, { model: null, ...options });
    this.#rehearsal = new TypingRehearsal(this.#editor, options);
    this.#editor.onDidChangeModelContent(() => {
      const model = this.#editor.getModel();
      if (!this.#silent && model !== null && !this.#editor.getRawOptions().readOnly) events.changed(this.#shown, model.getValue());
    });
    this.#markers = editor.onDidChangeMarkers((resources) => {
      const own = [...this.#models];
      if (!own.some(([, { uri }]) => resources.some((changed) => changed.toString() === uri.toString()))) return;
      const isWrong = ({ uri }: editor.ITextModel) =>
        editor.getModelMarkers({ resource: uri }).some(({ severity }) => severity === MarkerSeverity.Error);
      events.marked(own.filter(([, model]) => isWrong(model)).map(([name]) => name));
    });
    // Esc lets the next Tab leave the editor; coming back, Tab indents again.
    this.#editor.addCommand(
      KeyCode.Escape,
      () => this.#editor.updateOptions({ tabFocusMode: true }),
      "editorTextFocus && !suggestWidgetVisible && !findWidgetVisible && !parameterHintsVisible && !renameInputVisible && !markersNavigationVisible && !editorHasSelection && !editorHasMultipleSelections",
    );
    // Monaco's own key for it is another one on each system.
    this.#editor.addCommand(KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF, () => this.format());
    this.#editor.onDidBlurEditorText(() => this.#editor.updateOptions({ tabFocusMode: false }));
  }

  /** Makes the models be exactly these files and shows one of them. */
  setFiles(given: readonly EditorFile[], shown: string): void {
    const files = [...this.#models.keys()].some(isTypeScript) ? given : withoutIdleTypeScript(given, shown);
    this.#silent = true;
    for (const [name, model] of this.#models) {
      if (files.some((file) => file.name === name)) continue;
      model.dispose();
      this.#models.delete(name);
      this.#views.delete(name);
    }
    for (const file of files) {
      let model = this.#models.get(file.name);
      if (model === undefined) {
        const uri = Uri.parse(`file:///${file.name}`);
        editor.getModel(uri)?.dispose();
        model = editor.createModel(file.text, languageOf(file.name), uri);
        this.#models.set(file.name, model);
      } else if (model.getValue() !== file.text) {
        // Keeps undo: a reset or a restored text can be taken back.
        model.pushEditOperations([], [{ range: model.getFullModelRange(), text: file.text }], () => null);
      }
    }
    const file = files.find((f) => f.name === shown);
    this.#editor.updateOptions({ readOnly: file?.readOnly ?? true, ariaLabel: this.#labelOf(shown) });
    const next = this.#models.get(shown) ?? null;
    if (this.#editor.getModel() !== next) {
      if (this.#models.has(this.#shown)) this.#views.set(this.#shown, this.#editor.saveViewState());
      this.#editor.setModel(next);
      this.#editor.restoreViewState(this.#views.get(shown) ?? null);
    }
    this.#shown = shown;
    this.#silent = false;
  }

  setDiagnostics(name: string, owner: string, diagnostics: readonly DiagnosticData[]): void {
    const model = this.#models.get(name);
    if (model !== undefined) editor.setModelMarkers(model, owner, markersFor(diagnostics, model));
  }

  reveal(line: number, column: number): void {
    this.#editor.setPosition({ lineNumber: line, column });
    this.#editor.revealLineInCenterIfOutsideViewport(line);
    this.#editor.focus();
  }

  /** Puts the cursor where it was in the plain text. */
  place(offset: number): void {
    const model = this.#editor.getModel();
    if (model === null) return;
    this.#editor.setPosition(model.getPositionAt(offset));
    this.#editor.focus();
  }

  focus(): void {
    this.#editor.focus();
  }

  /** Lays the shown file out, as its language does; one step of undo. */
  format(): void {
    void this.#editor.getAction("editor.action.formatDocument")?.run();
  }

  dispose(): void {
    this.#markers.dispose();
    this.#rehearsal.dispose();
    this.#editor.dispose();
    for (const model of this.#models.values()) model.dispose();
    this.#models.clear();
  }
}

/**
 * TypeScript's worker takes the processor for a second or two when the first file of it is made a model. Beside SQL that waits until there is something
 * for it to check: a learner who writes no functions never pays for it.
 */
function withoutIdleTypeScript(files: readonly EditorFile[], shown: string): readonly EditorFile[] {
  const isNeeded = files.some(({ name, text, readOnly }) => isTypeScript(name) && (name === shown || (!readOnly && text.trim() !== "")));
  return isNeeded ? files : files.filter(({ name }) => !isTypeScript(name));
}

function isTypeScript(name: string): boolean {
  return name.endsWith(".ts");
}

function languageOf(name: string): string {
  if (name.endsWith(".sql")) return FLINK_SQL;
  return isTypeScript(name) ? "typescript" : "plaintext";
}
