/** The operator's commands beside the server: `npx millrace user …`, `backup FILE`, `restore FILE`. Started by millrace.mjs under the pinned Node. */
import { type Config, ConfigError, readConfig } from "../config/config.ts";
import { DataInUse } from "../db/data-lock.ts";
import { backupCommand } from "./backup-command.ts";
import { CommandError } from "./command-error.ts";
import { restoreCommand } from "./restore-command.ts";
import { userCommand } from "./user-command.ts";

type Command = (args: readonly string[], config: Config) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  user: userCommand,
  backup: backupCommand,
  restore: restoreCommand,
};

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command === undefined) throw new CommandError(`There is no command ${name}. There are: ${Object.keys(COMMANDS).join(", ")}.`);
    // Whom the server lets in does not matter here: who can run this can read the database anyway.
    await command(args, readConfig({ ...process.env, MILLRACE_ACCOUNTS: "on" }));
    return 0;
  } catch (error) {
    const isExpected = error instanceof CommandError || error instanceof ConfigError || error instanceof DataInUse || isParseError(error);
    process.stderr.write(`millrace ${name}: ${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return 1;
  }
}

/** Of node:util's parseArgs: an option that there is not, a value that is missing. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS_");
}

process.exitCode = await main(process.argv.slice(2));
