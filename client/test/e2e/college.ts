/**
 * A server where people log in and much has happened: an instructor with a pack that proves itself, one that does not, a class with an assignment, submissions
 * of a learner and a set that judges them anew; an administrator; a learner without anything. Made through the client's own calls.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackDetail, SessionInfo } from "@millrace/server/contract";
import type { BrowserContext } from "playwright-core";
import { Caller, post } from "../../src/api/call.ts";
import { createClassesApi } from "../../src/api/classes.ts";
import { createPacksApi } from "../../src/api/packs.ts";
import { createPeopleApi } from "../../src/api/people.ts";
import { createRejudgesApi } from "../../src/api/rejudges.ts";
import { PASSWORD } from "../browser/journey.ts";
import { type Product, root, startProduct } from "../browser/product.ts";

/** Lin has submitted, Noor has only just come. */
export type Person = "Ines Moreau" | "Grace" | "Lin" | "Noor";

export interface College {
  readonly product: Product;
  readonly pack: string;
  readonly brokenPack: string;
  readonly class: string;
  readonly emptyClass: string;
  readonly rejudge: string;
  /** Logs a context's pages in. */
  enter(context: BrowserContext, person: Person): Promise<void>;
  close(): Promise<void>;
}

const HINTS = "## A visit is one window {#visit}\nwhen: wrong-output\n\nA tumbling window cuts a visit in two.\n";
const PROBLEM = "visits";

export async function openCollege(): Promise<College> {
  const dir = mkdtempSync(join(tmpdir(), "millrace-college-"));
  const product = await startProduct(undefined, { MILLRACE_ACCOUNTS: "on" });
  const close = async (): Promise<void> => {
    await product.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    return { ...(await populate(product, dir)), product, close };
  } catch (error) {
    // A server that is left behind would keep the tests from ending.
    await close();
    throw error;
  }
}

async function populate(product: Product, dir: string): Promise<Omit<College, "product" | "close">> {
  const archives = makePacks(dir);
  await product.addUser("Grace", "admin", PASSWORD);
  for (const [name, role] of [["Ines Moreau", "instructor"] as const, ["Lin", "learner"] as const, ["Noor", "learner"] as const]) {
    await product.addUser(name, role, PASSWORD);
  }
  const [ines, lin] = [await session(product.address, "Ines Moreau"), await session(product.address, "Lin")];

  const packs = createPacksApi(ines.caller);
  const verified = async (archive: string): Promise<PackDetail> => {
    const { id } = await packs.upload(new Blob([readFileSync(archive)]));
    for (;;) {
      const pack = await packs.find(id);
      if (pack.state !== "waiting" && pack.state !== "verifying") return pack;
      await new Promise((next) => setTimeout(next, 200));
    }
  };
  const broken = await verified(archives.broken);
  const pack = await verified(archives.sound);
  await packs.setStatus(pack.id, "active");

  const classes = createClassesApi(ines.caller);
  const made = await classes.add({ name: "Streams 2026" });
  const empty = await classes.add({ name: "Streams 2027" });
  await classes.assign(made.id, { title: "Week 1", problemIds: [PROBLEM, "windowed-word-count"], dueAtMs: Date.UTC(2030, 0, 15, 12) });
  await createClassesApi(lin.caller).join(made.code ?? "");
  for (const answer of ["wrong-output/cuts-visits.yaml", "wrong-output/cuts-visits.yaml", "accepted/right.yaml"]) {
    const text = readFileSync(join(dir, "first-steps", PROBLEM, "submissions", answer), "utf8");
    const { id } = await lin.caller.call<{ id: string }>(`/problems/${PROBLEM}/submissions`, post({ language: "decide", text }));
    await until(async () => (await lin.caller.call<{ status: string }>(`/submissions/${id}`)).status === "judged");
  }
  const rejudges = createRejudgesApi(ines.caller);
  const set = await rejudges.add({ problemId: PROBLEM });
  await until(async () => (await rejudges.find(set.id)).state === "ready");
  await createPeopleApi(ines.caller).invite("learner");

  return {
    pack: pack.id,
    brokenPack: broken.id,
    class: made.id,
    emptyClass: empty.id,
    rejudge: set.id,
    async enter(context, person) {
      const { cookie } = await session(product.address, person);
      const [name, ...value] = cookie.split("=");
      await context.addCookies([{ name: name!, value: value.join("="), url: product.address }]);
    },
  };
}

/** A log-in of its own, as another browser's. */
async function session(address: string, name: Person): Promise<{ readonly caller: Caller; readonly cookie: string }> {
  const response = await fetch(`${address}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`${name} cannot log in: ${await response.text()}`);
  const cookie = (response.headers.get("set-cookie") ?? "").split(";", 1)[0]!;
  const caller = new Caller((path, init) => fetch(`${address}${String(path)}`, { ...init, headers: { ...init?.headers, cookie } }));
  caller.remember((await response.json()) as SessionInfo);
  return { caller, cookie };
}

/** A pack from the templates, and the same one with a wrong answer filed under the right ones. */
function makePacks(dir: string): { readonly sound: string; readonly broken: string } {
  const pack = join(dir, "first-steps");
  const cli = (...args: string[]) => execFileSync(process.execPath, [join(root, "grader", "src", "cli.ts"), ...args], { stdio: "pipe" });
  cli("pack", "new", join(pack, PROBLEM), "--kind", "decide");
  writeFileSync(join(pack, PROBLEM, "hints.md"), HINTS);
  writeFileSync(join(pack, PROBLEM, "submissions.yaml"), "wrong-output/cuts-visits.yaml: { hint: visit }\n");
  const sound = join(dir, "sound.zip");
  cli("pack", "build", pack, "--out", sound);

  const manifest = readFileSync(join(pack, "pack.yaml"), "utf8");
  const submissions = join(pack, PROBLEM, "submissions");
  const [wrong, claimed] = [join(submissions, "wrong-output", "cuts-visits.yaml"), join(submissions, "accepted", "cuts-visits.yaml")];
  renameSync(wrong, claimed);
  rmSync(join(pack, PROBLEM, "submissions.yaml"));
  writeFileSync(join(pack, "pack.yaml"), manifest.replace(/^version: .*$/m, "version: 0.0.1"));
  const broken = join(dir, "broken.zip");
  // `pack build` would refuse to make it.
  const script = `import { buildPack } from "@millrace/grader"; import { writeFileSync } from "node:fs"; writeFileSync(process.argv[2], buildPack(process.argv[1]));`;
  execFileSync(process.execPath, ["--input-type=module", "-e", script, pack, broken], { cwd: join(root, "server"), stdio: "pipe" });
  renameSync(claimed, wrong);
  return { sound, broken };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((next) => setTimeout(next, 100));
}
