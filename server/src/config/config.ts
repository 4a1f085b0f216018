/** What the operator may set, read once at start from the environment and checked; a mistake is told by name before anything opens. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isLoopbackName } from "./loopback.ts";

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export interface Config {
  /** Default 7420; 0 = any free port. */
  readonly port: number;
  /** Default 127.0.0.1: only this machine. */
  readonly host: string;
  /** Folder of the database, created when missing. Default `data` in the repository. */
  readonly dataDir: string;
  /** Packs, or folders of packs. Default `problems` in the repository. */
  readonly packDirs: readonly string[];
  /** The built client; served when it exists. */
  readonly clientDir: string;
  /** Default `warn`: a healthy server is silent after its first line. */
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Submissions judged side by side. Default: one less than there are processors, at least 1, at most 4. */
  readonly workers: number;
  /** Warm the judge up after the start, which takes half a minute of a processor and makes verdicts come sooner (Linux). Default true. */
  readonly warmUp: boolean;
  /** People log in. Default false: whoever sits at this machine is the one user; only possible where nobody else can reach the server. */
  readonly accounts: boolean;
  /** Whether strangers may make an account for themselves. Default `closed`: by invitation. */
  readonly registration: "open" | "closed";
  /** The address that browsers know the server by when a proxy on this machine stands before it; null = none does. */
  readonly publicUrl: URL | null;
  readonly version: string;
}

/** One processor is left for runs and for the server itself. */
const DEFAULT_WORKERS = Math.max(1, Math.min(4, availableParallelism() - 1));

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** An empty variable counts as absent, as in a shell's `PORT= npm start`. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const environment = z.object({
  PORT: optional(
    z.coerce.number("must be a number").int("must be a whole number").min(0, "must be 0 to 65535").max(65_535, "must be 0 to 65535"),
  ),
  HOST: optional(z.string()),
  MILLRACE_DATA: optional(z.string()),
  MILLRACE_PACKS: optional(z.string()),
  MILLRACE_CLIENT: optional(z.string()),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS)),
  MILLRACE_WORKERS: optional(
    z.coerce.number("must be a number").int("must be a whole number").min(1, "must be 1 to 64").max(64, "must be 1 to 64"),
  ),
  MILLRACE_WARM_UP: optional(z.enum(["on", "off"], "must be on or off")),
  MILLRACE_ACCOUNTS: optional(z.enum(["on", "off"], "must be on or off")),
  MILLRACE_REGISTRATION: optional(z.enum(["open", "closed"], "must be open or closed")),
  MILLRACE_PUBLIC_URL: optional(z.string().refine(isOrigin, "must be an address such as https://millrace.example.edu, without a path")),
});

/** Thrown by `readConfig`; the message names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the configuration; throws ConfigError.
 * @param env PORT, HOST, MILLRACE_DATA, MILLRACE_PACKS (several are separated as in PATH), MILLRACE_CLIENT, LOG_LEVEL, MILLRACE_WORKERS, MILLRACE_WARM_UP, MILLRACE_ACCOUNTS, MILLRACE_REGISTRATION, MILLRACE_PUBLIC_URL.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(env);
  if (!read.success) {
    const lines = read.error.issues.map(
      (issue) => `${issue.path.join(".")} ${issue.message} (found ${JSON.stringify(env[String(issue.path[0])])})`,
    );
    throw new ConfigError(lines.join("\n"));
  }
  const { PORT, HOST, MILLRACE_DATA, MILLRACE_PACKS, MILLRACE_CLIENT, LOG_LEVEL, MILLRACE_WORKERS, MILLRACE_WARM_UP } = read.data;
  return {
    ...accessOf(read.data),
    port: PORT ?? 7420,
    host: HOST ?? "127.0.0.1",
    dataDir: resolve(MILLRACE_DATA ?? join(REPOSITORY, "data")),
    packDirs: (MILLRACE_PACKS ?? join(REPOSITORY, "problems"))
      .split(delimiter)
      .filter((path) => path !== "")
      .map((path) => resolve(path)),
    clientDir: resolve(MILLRACE_CLIENT ?? join(REPOSITORY, "client", "dist")),
    logLevel: LOG_LEVEL ?? "warn",
    workers: MILLRACE_WORKERS ?? DEFAULT_WORKERS,
    warmUp: MILLRACE_WARM_UP !== "off",
    version: ownVersion(),
  };
}

/** Who may come in. Without accounts everybody who reaches the server is its administrator, so then nobody else may reach it. */
function accessOf({
  HOST = "127.0.0.1",
  MILLRACE_ACCOUNTS = "off",
  MILLRACE_REGISTRATION = "closed",
  MILLRACE_PUBLIC_URL,
}: z.infer<typeof environment>): Pick<Config, "accounts" | "registration" | "publicUrl"> {
  const accounts = MILLRACE_ACCOUNTS === "on";
  const others = MILLRACE_PUBLIC_URL !== undefined ? "MILLRACE_PUBLIC_URL" : isLoopbackName(HOST) ? null : "HOST";
  if (!accounts && others !== null) {
    throw new ConfigError(
      `${others} lets other machines reach the server, and without accounts everybody who does may do everything. Set MILLRACE_ACCOUNTS=on, and make the ` +
        "first administrator by: npx millrace user add NAME --role admin",
    );
  }
  return {
    accounts,
    registration: MILLRACE_REGISTRATION,
    publicUrl: MILLRACE_PUBLIC_URL === undefined ? null : new URL(MILLRACE_PUBLIC_URL),
  };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
}

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
