/** Learners with open sessions, put straight into the database before the server starts: hashing 300 passwords is not what is measured. */
import { openDatabase } from "../../src/db/database.ts";
import { SessionService } from "../../src/services/accounts/session-service.ts";
import { Signals } from "../../src/services/queue/signals.ts";
import { openStores } from "../../src/stores.ts";

export interface Account {
  /** What the browser would send. */
  readonly cookie: string;
  readonly csrfToken: string;
}

export async function learnersOf(dataDir: string, count: number): Promise<Account[]> {
  const database = openDatabase(dataDir);
  try {
    const { users } = openStores(database);
    const sessions = new SessionService(users, new Signals(), Date.now);
    const accounts: Account[] = [];
    for (let index = 0; index < count; index++) {
      const name = `learner-${index}`;
      const user = await users.add({ name, nameKey: name, role: "learner", password: null, createdAtMs: Date.now() });
      if (user === null) throw new Error(`${name} is there already`);
      const token = await sessions.open(user.id);
      accounts.push({ cookie: `millrace=${token}`, csrfToken: sessions.csrfTokenOf(token) });
    }
    return accounts;
  } finally {
    database.close();
  }
}
