/** Monaco's colours, read from the design tokens at the moment of the switch: one source for both themes. */
import { editor } from "monaco-editor/editor/editor.api";

export function applyMonacoTheme(name: "light" | "dark"): void {
  const style = getComputedStyle(document.documentElement);
  const token = (variable: string) => sixDigits(style.getPropertyValue(variable).trim());
  const ink = (variable: string) => token(variable).replace("#", "");
  const faded = (variable: string, alpha: string) => token(variable) + alpha;
  editor.defineTheme("millrace", {
    base: name === "dark" ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      { token: "", foreground: ink("--text") },
      { token: "keyword", foreground: ink("--code-keyword") },
      { token: "type", foreground: ink("--code-type") },
      { token: "string", foreground: ink("--code-string") },
      { token: "string.escape", foreground: ink("--code-string") },
      { token: "number", foreground: ink("--code-number") },
      { token: "regexp", foreground: ink("--code-string") },
      { token: "comment", foreground: ink("--code-comment") },
      { token: "predefined", foreground: ink("--code-function") },
      { token: "operator", foreground: ink("--text") },
      { token: "delimiter", foreground: ink("--text") },
      { token: "identifier", foreground: ink("--text") },
    ],
    colors: {
      "editor.background": token("--surface"),
      "editor.foreground": token("--text"),
      "editorLineNumber.foreground": token("--text-3"),
      "editorLineNumber.activeForeground": token("--text"),
      "editor.lineHighlightBackground": token("--surface-2"),
      "editor.lineHighlightBorder": token("--surface-2"),
      "editorCursor.foreground": token("--accent"),
      "editor.selectionBackground": faded("--accent", "33"),
      "editor.inactiveSelectionBackground": faded("--accent", "1f"),
      "editor.wordHighlightBackground": faded("--accent", "1a"),
      "editor.selectionHighlightBackground": faded("--accent", "1a"),
      "editorBracketMatch.background": faded("--accent", "26"),
      "editorBracketMatch.border": token("--line-strong"),
      "editorIndentGuide.background1": token("--surface-3"),
      "editorIndentGuide.activeBackground1": token("--line-strong"),
      "editorWidget.background": token("--surface"),
      "editorWidget.border": token("--line-strong"),
      "editorHoverWidget.background": token("--surface"),
      "editorHoverWidget.border": token("--line-strong"),
      "editorSuggestWidget.background": token("--surface"),
      "editorSuggestWidget.border": token("--line-strong"),
      "editorSuggestWidget.foreground": token("--text"),
      "editorSuggestWidget.selectedBackground": token("--accent-soft"),
      "editorSuggestWidget.selectedForeground": token("--text"),
      "editorSuggestWidget.highlightForeground": token("--accent"),
      "editorSuggestWidget.focusHighlightForeground": token("--accent"),
      "editorError.foreground": token("--fail"),
      "editorWarning.foreground": token("--warn"),
      "scrollbarSlider.background": faded("--text-3", "40"),
      "scrollbarSlider.hoverBackground": faded("--text-3", "66"),
      "scrollbarSlider.activeBackground": faded("--text-3", "80"),
      "scrollbar.shadow": "#00000000",
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`editorBracketHighlight.foreground${level}`, token("--text")])),
      focusBorder: token("--accent"),
      "widget.shadow": "#00000026",
    },
  });
  editor.setTheme("millrace");
}

/** Monaco takes #rrggbb only; a minifier may have written #rgb. */
function sixDigits(color: string): string {
  return /^#[0-9a-f]{3}$/i.test(color) ? color.replace(/[0-9a-f]/gi, "$&$&") : color;
}
