/**
 * Mistakes in SQL while one writes it. The engine finds them in a worker of this page, at every key. The server is asked, after a pause, where that is not
 * enough: the worker cannot be loaded, or the script calls functions that say what they are only when they run.
 */
import type { DiagnosticData } from "@millrace/server/contract";
import { SqlService, serveSql } from "../../sql/sql-service.ts";
import { SqlChecker, topicsOf } from "../../state/sql-checker.ts";
import type { Workspace } from "../../state/workspace.svelte.ts";
import SqlDiagnosticsWorker from "../../workers/sql-diagnostics.worker.ts?worker";

/** Pause after the last key before the server is asked. */
const CHECK_AFTER_MS = 400;

export class LiveDiagnostics {
  #found = $state.raw<readonly DiagnosticData[]>([]);
  #checker = $state.raw<SqlChecker | null>(null);
  #workerFailed = $state(false);
  #isBeyondReading = $state(false);
  readonly #workspace: () => Workspace;

  /** Follows the workspace as long as the component that makes it is there. */
  constructor(workspace: () => Workspace) {
    this.#workspace = workspace;
    const topics = $derived(topicsOf(workspace().problem));

    $effect(() => {
      if (workspace().language !== "sql" || this.#workerFailed) return;
      const service = new SqlService(new SqlDiagnosticsWorker());
      const opened = new SqlChecker(
        service,
        (found) => this.#show(found),
        () => (this.#workerFailed = true),
      );
      this.#checker = opened;
      serveSql(service, workspace().given ?? "");
      return () => {
        opened.stop();
        this.#checker = null;
        serveSql(null, "");
      };
    });

    $effect(() => {
      const { text, given, functions } = workspace();
      if (!this.#isWritten) {
        this.#found = [];
        this.#isBeyondReading = false;
        return;
      }
      this.#checker?.check({ text, functions: functions ?? "", given: given ?? "", topics });
    });

    $effect(() => {
      // Asked about as it is now, and again when it has changed.
      void workspace().answer;
      if (!(this.#workerFailed || this.#isBeyondReading) || !this.#isWritten) return;
      const abort = new AbortController();
      const timer = setTimeout(() => {
        void workspace()
          .check(abort.signal)
          .then((found) => {
            if (!abort.signal.aborted) this.#found = found;
          });
      }, CHECK_AFTER_MS);
      return () => {
        clearTimeout(timer);
        abort.abort();
      };
    });
  }

  get found(): readonly DiagnosticData[] {
    return this.#found;
  }

  get #isWritten(): boolean {
    const { language, text } = this.#workspace();
    return language === "sql" && text.trim() !== "";
  }

  #show(found: readonly DiagnosticData[] | null): void {
    // An editor that was emptied meanwhile has no mistakes in it.
    this.#isBeyondReading = found === null && this.#isWritten;
    if (found !== null) this.#found = this.#isWritten ? found : [];
  }
}
