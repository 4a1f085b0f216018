/** The product in one process: starts it, prints its address, stops it. SIGINT or SIGTERM stops gracefully, a second one at once. */
import { ConfigError, readConfig } from "./config/config.ts";
import { DataInUse } from "./db/data-lock.ts";
import { type Server, startServer } from "./server.ts";
import { loadCatalog } from "./services/catalog/load-catalog.ts";
import { GraderJudge } from "./services/judge/grader-judge.ts";

/** How long what is being judged may go on after the first signal. */
const GRACE_MS = 2_000;

/** Signals closer together than this are one. */
const SAME_SIGNAL_MS = 300;

/** Resolves once requests are answered; exits the process with a plain sentence when that cannot be. */
export async function launch(): Promise<void> {
  try {
    const server = await start();
    process.stdout.write(`Millrace listens on ${server.address}\n`);
    stopOnSignal(server);
  } catch (error) {
    process.stderr.write(`Millrace could not start: ${explain(error)}\n`);
    process.exit(1);
  }
}

async function start(): Promise<Server> {
  const config = readConfig(process.env);
  const { catalog, problems, complaints } = await loadCatalog(config.packDirs);
  for (const complaint of complaints) process.stderr.write(`Problem pack: ${complaint}\n`);
  const onFault = (fault: Error): void => void process.stderr.write(`The grader failed: ${fault.stack ?? fault.message}\n`);
  return startServer(config, catalog, new GraderJudge(problems, { workers: config.workers, warmUp: config.warmUp, onFault }));
}

function stopOnSignal(server: Server): void {
  let askedAtMs: number | null = null;
  const stop = (): void => {
    if (askedAtMs !== null) {
      // Ctrl C reaches this process by the terminal and once more by the process that started it.
      if (performance.now() - askedAtMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    askedAtMs = performance.now();
    server.stop(GRACE_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Millrace did not stop cleanly: ${explain(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

/** What the operator can mend is told in a sentence; the rest is ours and comes with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DataInUse) return error.message;
  const { code, port, message, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE") return `port ${port} is taken, perhaps by another Millrace. Stop it, or choose another: PORT=7430 npm start`;
  if (["EACCES", "EADDRNOTAVAIL", "ENOTFOUND", "EROFS", "ENOSPC"].includes(code ?? "") || code?.startsWith("SQLITE_")) return message;
  return stack ?? String(error);
}
