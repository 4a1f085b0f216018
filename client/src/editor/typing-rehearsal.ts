/**
 * The first key in an editor takes several times as long as the hundredth, since the browser's JavaScript engine has not run that code before. So while the
 * learner still reads, keys are pressed in a second editor that nobody sees: a letter, a mark under it, and both taken back, one at a time and only when the
 * page has nothing else to do. The learner's own first key ends it.
 */
import { editor, type IDisposable, MarkerSeverity } from "monaco-editor/editor/editor.api";

const ROUNDS = 10;
/** The page comes first: its editor, its types, what is remembered. */
const REST_MS = 250;
const LINES = 40;

/** One rehearsal, beside the editor that the learner will type in. */
export class TypingRehearsal {
  readonly #options: editor.IEditorOptions & editor.IGlobalEditorOptions;
  readonly #typed: IDisposable;
  #place: HTMLElement | null = null;
  #stage: editor.IStandaloneCodeEditor | null = null;
  #model: editor.ITextModel | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  #round = 0;

  /** Waits until the editor shows something. */
  constructor(real: editor.IStandaloneCodeEditor, options: editor.IEditorOptions & editor.IGlobalEditorOptions) {
    this.#options = options;
    this.#typed = real.onKeyDown(() => this.dispose());
    this.#timer = setTimeout(() => this.#whenIdle(() => this.#open(real.getModel()?.getLanguageId() ?? "plaintext")), REST_MS);
  }

  /** Ends it and takes the second editor away; more than once does no harm. */
  dispose(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#typed.dispose();
    this.#stage?.dispose();
    this.#model?.dispose();
    this.#place?.remove();
  }

  #whenIdle(action: () => void): void {
    const run = () => {
      if (!this.#ended) action();
    };
    if (typeof requestIdleCallback === "function") requestIdleCallback(run);
    else this.#timer = setTimeout(run, 50);
  }

  #open(language: string): void {
    const place = document.createElement("div");
    place.inert = true;
    place.ariaHidden = "true";
    place.style.cssText = "position: fixed; left: -2000px; top: 0; width: 640px; height: 480px;";
    document.body.append(place);
    this.#place = place;
    // Closed, so that nobody who looks for the editor finds this one.
    const inside = document.createElement("div");
    inside.style.cssText = "width: 640px; height: 480px;";
    place.attachShadow({ mode: "closed" }).append(inside);
    // As plain text where a model of the language would wake a worker.
    this.#model = editor.createModel(`SELECT name FROM names\n`.repeat(LINES), language === "typescript" ? "plaintext" : language);
    this.#stage = editor.create(inside, { ...this.#options, automaticLayout: false, model: this.#model });
    this.#whenIdle(() => this.#press());
  }

  #press(): void {
    const stage = this.#stage;
    const model = this.#model;
    if (stage === null || model === null) return;
    const lineNumber = (this.#round % LINES) + 1;
    stage.setPosition({ lineNumber, column: 12 });
    stage.trigger("keyboard", "type", { text: "x" });
    editor.setModelMarkers(model, "rehearsal", [
      {
        severity: MarkerSeverity.Error,
        message: "",
        startLineNumber: lineNumber,
        startColumn: 8,
        endLineNumber: lineNumber,
        endColumn: 13,
      },
    ]);
    // A frame later it is drawn.
    requestAnimationFrame(() => this.#whenIdle(() => this.#takeBack(stage, model)));
  }

  #takeBack(stage: editor.IStandaloneCodeEditor, model: editor.ITextModel): void {
    stage.trigger("keyboard", "deleteLeft", null);
    editor.setModelMarkers(model, "rehearsal", []);
    this.#round++;
    if (this.#round < ROUNDS) requestAnimationFrame(() => this.#whenIdle(() => this.#press()));
    else this.dispose();
  }
}
