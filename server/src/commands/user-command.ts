/**
 * `millrace user add NAME --role admin [--password-stdin]`, `millrace user link NAME`, `millrace user list`. The server may run meanwhile. Without
 * `--password-stdin` a link is printed by which the user sets a password, once; passwords are never taken as arguments, which other users of the machine
 * can read.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { Config } from "../config/config.ts";
import type { PasswordLink, Role } from "../contract/index.ts";
import { openDatabase } from "../db/database.ts";
import { ApiFailure } from "../errors.ts";
import { AccountService } from "../services/accounts/account-service.ts";
import { nameKeyOf } from "../services/accounts/account-rules.ts";
import { PasswordHasher } from "../services/accounts/password-hash.ts";
import { AuditLog } from "../services/audit-log.ts";
import { openStores, type Stores } from "../stores.ts";
import { CommandError } from "./command-error.ts";

const USAGE = `millrace user add NAME [--role learner|instructor|admin] [--password-stdin]
millrace user link NAME        prints a link by which the user sets a new password
millrace user list`;

const ROLES: readonly string[] = ["learner", "instructor", "admin"] satisfies Role[];

const COMMAND_LINE = { viewer: null, address: null } as const;

export async function userCommand(args: readonly string[], config: Config): Promise<void> {
  const options = { role: { type: "string", default: "learner" }, "password-stdin": { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [action, name, ...rest] = positionals;
  if (rest.length > 0 || (name === undefined) !== (action === "list")) throw new CommandError(`expected one of\n${USAGE}`);
  const database = openDatabase(config.dataDir);
  try {
    const stores = openStores(database);
    const accounts = new AccountService(stores.users, new PasswordHasher(), Date.now);
    const audit = new AuditLog(stores.auditEntries, Date.now);
    if (action === "list") await list(stores);
    else if (action === "add") {
      if (!ROLES.includes(values.role)) throw new CommandError(`--role must be one of ${ROLES.join(", ")}.`);
      const password = values["password-stdin"] ? (await text(process.stdin)).replace(/\r?\n$/, "") : null;
      const user = await accounts.add(name!, values.role as Role, password);
      await audit.add(COMMAND_LINE, { action: "user.add", target: user.id, detail: user.role });
      process.stdout.write(`${user.name} is ${user.role}.\n`);
      if (password === null) print(await accounts.makePasswordLink(user.id), config);
    } else if (action === "link") {
      const user = await stores.users.findByNameKey(nameKeyOf(name!));
      if (user === null) throw new CommandError(`There is no user ${name}.`);
      await audit.add(COMMAND_LINE, { action: "user.password-link", target: user.id });
      print(await accounts.makePasswordLink(user.id), config);
    } else throw new CommandError(`expected one of\n${USAGE}`);
  } catch (error) {
    if (error instanceof ApiFailure)
      throw new CommandError([error.message, error.body.hint].filter((part) => part !== undefined).join(" "));
    throw error;
  } finally {
    database.close();
  }
}

function print({ path, expiresAtMs }: PasswordLink, { publicUrl, host, port }: Config): void {
  const origin = publicUrl?.origin ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  process.stdout.write(`Set the password here, once, before ${new Date(expiresAtMs).toISOString()}:\n${origin}${path}\n`);
}

async function list({ users }: Stores): Promise<void> {
  for (let after: string | null = null; ; ) {
    const page = await users.page(after, 200);
    for (const { name, role, isActive, hasPassword } of page.users) {
      const remarks = [...(isActive ? [] : ["not active"]), ...(hasPassword ? [] : ["no password"])];
      process.stdout.write([role.padEnd(10), name, ...(remarks.length === 0 ? [] : [`(${remarks.join(", ")})`])].join(" ").concat("\n"));
    }
    after = page.next;
    if (after === null) return;
  }
}
