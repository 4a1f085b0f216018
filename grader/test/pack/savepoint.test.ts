/** `millrace run --savepoint` and `--from`: version 2 of a job takes over from version 1, each in a sandbox of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const folder = mkdtempSync(join(tmpdir(), "millrace-savepoint-"));
const file = (name: string) => join(folder, name);

// Each command starts its sandbox and its type checker cold.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Counts clicks per user in a POJO; `fields` are its further ones. */
function job({ uid = "count", fields = "" }: { uid?: string; fields?: string }): string {
  return `
import { type Collector, KafkaSource, type KeyedProcessContext, KeyedProcessFunction, type OpenContext, StreamExecutionEnvironment, Types, type ValueState, ValueStateDescriptor, WatermarkStrategy } from "flink";
class Account { clicks = 0; ${fields} }
class Count extends KeyedProcessFunction<string, { user: string }, string> {
  private account!: ValueState<Account>;
  override open(_context: OpenContext): void {
    this.account = this.getRuntimeContext().getState(new ValueStateDescriptor<Account>("account", Types.POJO(Account)));
  }
  processElement(value: { user: string }, _context: KeyedProcessContext<string>, out: Collector<string>): void {
    const account = this.account.value() ?? new Account();
    account.clicks++;
    this.account.update(account);
    out.collect(\`\${value.user} \${JSON.stringify(account)} \${account instanceof Account}\`);
  }
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const clicks = KafkaSource.builder<{ user: string }>().setTopics("clicks").build();
env.fromSource(clicks, WatermarkStrategy.noWatermarks(), "clicks").uid("clicks")
  .keyBy((click) => click.user, Types.STRING).process(new Count()).uid("${uid}").print().uid("out");
env.execute("counts");
`;
}

/** Click n comes n seconds after the start. */
function scenario(end: string): string {
  const clicks = ["a", "b", "a", "a", "b"].map((user, n) => `      - { at: "+${n + 1}s", partition: 0, value: { user: ${user} } }`);
  const head = ["format: 1", "title: clicks", "visibility: sample", 'start: "2026-01-05T10:00:00Z"', `end: ${end}`];
  return [...head, "streams:", "  clicks:", "    partitions: 1", "    records:", ...clicks, ""].join("\n");
}

function run(job: string, scenarioFile: string, ...more: string[]) {
  return spawnSync(process.execPath, [CLI, "run", file(job), "--scenario", file(scenarioFile), ...more], { encoding: "utf8" });
}

beforeAll(() => {
  writeFileSync(file("v1.ts"), job({}));
  writeFileSync(file("v2.ts"), job({ fields: 'label = "new";' }));
  writeFileSync(file("renamed.ts"), job({ uid: "counts" }));
  writeFileSync(file("class.ts"), job({}).replaceAll("Account", "Ledger"));
  writeFileSync(file("first.yaml"), scenario('{ stop: "+3500ms" }'));
  writeFileSync(file("all.yaml"), scenario("drain"));
  const first = run("v1.ts", "first.yaml", "--savepoint", file("savepoint.json"));
  expect(first.stderr).toBe("");
  expect(first.stdout).toContain('a {"clicks":2} true');
});

it("version 2 goes on where version 1 stopped, with its new field", () => {
  const { stdout, stderr, status } = run("v2.ts", "all.yaml", "--from", file("savepoint.json"));
  expect(stderr).toBe("");
  expect(stdout.split("\n").filter((line) => line.includes('clicks":'))).toEqual([
    'a {"clicks":3,"label":"new"} true',
    'b {"clicks":2,"label":"new"} true',
  ]);
  expect(status).toBe(0);
});

it("a renamed uid is refused, and accepted with --allow-non-restored-state", () => {
  const refused = run("renamed.ts", "all.yaml", "--from", file("savepoint.json"));
  expect(refused.stderr).toContain("SAVEPOINT_STATE_WITHOUT_OPERATOR");
  expect(refused.stderr).toContain('Keep the uid "count" of "KeyedProcess"');
  expect(refused.status).toBe(1);
  const allowed = run("renamed.ts", "all.yaml", "--from", file("savepoint.json"), "--allow-non-restored-state");
  expect(allowed.stdout).toContain('a {"clicks":1} true');
  expect(allowed.status).toBe(0);
});

it("a renamed class of state is refused in Flink's words", () => {
  const { stderr, status } = run("class.ts", "all.yaml", "--from", file("savepoint.json"));
  expect(stderr).toContain("STATE_CLASS_MISSING");
  expect(stderr).toContain("Could not find class 'Account' in classpath");
  expect(status).toBe(1);
});

it("what is no whole savepoint is refused by its cause, before anything runs", () => {
  writeFileSync(file("cut.json"), readFileSync(file("savepoint.json"), "utf8").slice(0, 200));
  const cut = run("v2.ts", "all.yaml", "--from", file("cut.json"));
  expect(cut.stderr).toContain("SAVEPOINT_FILE_CORRUPTED");
  const none = run("v2.ts", "all.yaml", "--from", file("nowhere.json"));
  expect(none.stderr).toContain("No such file");
  expect([cut.status, none.status]).toEqual([1, 2]);
  expect(cut.stdout + none.stdout).toBe("");
});
