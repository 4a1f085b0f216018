interface Window {
  /** Set while a workspace is open. Puts a text into the solution (or `functions.ts`) as if it had been typed; for tests and the console. */
  millraceEditor?: { setText(text: string, file?: string): void };
}

/** A part of Monaco that comes without declarations; imported for its effect only. */
declare module "monaco-editor/internal/common/workers";
