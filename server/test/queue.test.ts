import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { JudgeReport, SubmissionLane } from "../src/contract/index.ts";
import { openDatabase } from "../src/db/database.ts";
import { DrizzleSubmissions } from "../src/repositories/drizzle-submissions.ts";
import { LOCAL_USER_ID } from "../src/repositories/local-user.ts";
import { judgeErrorReport } from "../src/services/queue/judge-error.ts";
import { JudgeQueue, type JudgeQueueOptions } from "../src/services/queue/judge-queue.ts";
import { isGone, newLeaseOwner } from "../src/services/queue/lease-owner.ts";
import { Signals } from "../src/services/queue/signals.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, tempDir } from "./test-server.ts";

const closers: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  removeTempDirs();
});

async function setUp(judge = new InProcessJudge(1)) {
  const { app, submissions, rejudges, close } = await makeApp({}, judge);
  closers.push(close);
  const queue = (options: JudgeQueueOptions = {}): JudgeQueue => {
    const made = new JudgeQueue(submissions, rejudges, judge, new Signals(), app.log, { reapEveryMs: 20, ...options });
    closers.push(() => made.stop(0));
    return made;
  };
  let clock = 0;
  const add = async (text: string, lane: SubmissionLane = "interactive"): Promise<string> => {
    const stored = await submissions.add({ ...ONE, problemId: "word-count", packVersion: "1.0.0", text, lane, createdAtMs: ++clock }, 200);
    return stored!.id;
  };
  const judged = (id: string) => expect.poll(async () => (await submissions.find(id))?.verdict, { timeout: 5_000 });
  return { submissions, rejudges, judge, queue, add, judged };
}

const ONE = {
  userId: LOCAL_USER_ID,
  problemId: "p",
  packVersion: "1",
  language: "sql",
  text: "x",
  functions: null,
  variation: 0,
  createdAtMs: 1,
} as const;

const versions = { engineVersion: "0", packVersion: "1" };
const report: JudgeReport = { ...judgeErrorReport("made by a test", versions), verdict: "accepted", score: 100, maxScore: 100 };

describe("the repository", () => {
  it("hands each waiting submission to one claimer, oldest first", async () => {
    const { submissions, add } = await setUp();
    const ids = [await add("1"), await add("2"), await add("3")];
    const jobs = [await submissions.claim("a", 10), await submissions.claim("b", 10), await submissions.claim("a", 10)];
    expect(jobs.map((job) => job?.submissionId)).toEqual(ids);
    expect(jobs.map((job) => job?.attempt)).toEqual([1, 1, 1]);
    expect(await submissions.claim("b", 10)).toBeNull();
  });

  it("claims once though two connections ask", async () => {
    const dir = tempDir();
    const [one, two] = [openDatabase(dir), openDatabase(dir)];
    closers.push(
      () => one.close(),
      () => two.close(),
    );
    const [a, b] = [new DrizzleSubmissions(one.db), new DrizzleSubmissions(two.db)];
    for (let i = 0; i < 20; i++) await a.add({ ...ONE, text: String(i), createdAtMs: i }, 200);
    const claimed: string[] = [];
    const drain = async (repository: DrizzleSubmissions, owner: string): Promise<void> => {
      for (let job = await repository.claim(owner, 1); job !== null; job = await repository.claim(owner, 1)) claimed.push(job.submissionId);
    };
    await Promise.all([drain(a, "a"), drain(b, "b")]);
    expect(new Set(claimed).size).toBe(20);
    expect(claimed.length).toBe(20);
  });

  it("ignores whoever lost the lease", async () => {
    const { submissions, add } = await setUp();
    const id = await add("accept");
    const old = (await submissions.claim("a", 10))!;
    expect(await submissions.release(old, "lost")).toBe(true);
    const current = (await submissions.claim("a", 20))!;
    expect(current).toMatchObject({ submissionId: id, attempt: 2 });
    expect(await submissions.renew(old, 99)).toBe(false);
    expect(await submissions.addProgress(old, { kind: "compiling" })).toBe(false);
    expect(await submissions.complete(old, report, 1)).toBe(false);
    expect(await submissions.release(old, "failed")).toBe(false);
    expect(await submissions.complete({ ...current, owner: "b" }, report, 1)).toBe(false);
    expect(await submissions.complete(current, report, 1)).toBe(true);
    expect(await submissions.complete(current, report, 2)).toBe(false);
    expect(await submissions.find(id)).toMatchObject({ status: "judged", verdict: "accepted", report: { headline: "made by a test" } });
    expect(await submissions.progressAfter(id, 0)).toEqual([{ seq: 1, progress: { kind: "finished", report } }]);
  });

  it("refuses when too many are open, and stores nothing then", async () => {
    const { submissions } = await setUp();
    expect(await submissions.add(ONE, 2)).not.toBeNull();
    expect(await submissions.add(ONE, 2)).not.toBeNull();
    await submissions.claim("a", 1);
    expect(await submissions.add(ONE, 2)).toBeNull();
    expect(await submissions.listByProblem("p", LOCAL_USER_ID)).toHaveLength(2);
  });

  it("counts judge errors for nothing", async () => {
    const { submissions, add } = await setUp();
    for (const given of [report, judgeErrorReport("ours", versions)]) {
      await add("x");
      await submissions.complete((await submissions.claim("a", 1))!, given, 1);
    }
    expect(await submissions.standings(LOCAL_USER_ID)).toEqual([
      expect.objectContaining({ problemId: "word-count", lastVerdict: "judge-error", bestScore: 100 }),
    ]);
  });
});

describe("the queue", () => {
  it("judges in order, as many at once as there are workers", async () => {
    const { judge, queue, add, judged } = await setUp();
    const ids = [await add("accept 1"), await add("reject 2"), await add("accept 3")];
    await queue().start();
    await judged(ids[2]!).toBe("accepted");
    expect(judge.judged).toEqual(["accept 1", "reject 2", "accept 3"]);
  });

  it("judges once more when the judge died", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("die-once");
    await queue().start();
    await judged(id).toBe("accepted");
    const kinds = (await submissions.progressAfter(id, 0)).map(({ seq, progress }) => `${seq} ${progress.kind}`);
    expect(kinds).toEqual(["1 compiling", "2 planned", "3 compiling", "4 planned", "5 world", "6 finished"]);
  });

  it("gives up after the second death, and goes on with the next", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const [id, next] = [await add("die"), await add("accept")];
    await queue().start();
    await judged(next).toBe("accepted");
    await judged(id).toBe("judge-error");
    expect(await submissions.find(id)).toMatchObject({ score: 0, report: { headline: expect.stringContaining("our fault") } });
  });

  it("takes back a lease that ran out", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("accept");
    await submissions.claim("elsewhere/1/x", Date.now() + 150);
    await queue().start();
    expect((await submissions.find(id))?.status).toBe("judging");
    await judged(id).toBe("accepted");
  });

  it("takes back at once what a dead process of this machine held", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("accept");
    await submissions.claim(newLeaseOwner(), Date.now() + 1_000_000);
    await queue().start();
    await judged(id).toBe("accepted");
  });

  it("renews the lease of long work", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("wait:500 accept");
    await queue({ leaseMs: 150 }).start();
    const ends = new Set<number>();
    for (let lease = (await submissions.leases())[0]; lease !== undefined; lease = (await submissions.leases())[0]) {
      ends.add(lease.leaseUntilMs);
      await sleep(20);
    }
    expect(ends.size).toBeGreaterThan(3);
    await judged(id).toBe("accepted");
  });

  it("does not take its own work for lost when it could not renew", async () => {
    const { judge, queue, add, judged } = await setUp();
    const id = await add("wait:200 accept");
    let clock = 0;
    const sleepy = queue({ now: () => clock });
    await sleepy.start();
    clock += 1_000_000;
    await sleepy.reap();
    await judged(id).toBe("accepted");
    expect(judge.judged).toEqual(["wait:200 accept"]);
  });

  it("takes a submission for the cause when its process was lost five times", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("accept");
    for (let i = 0; i < 4; i++) await submissions.release((await submissions.claim("elsewhere/1/x", 1))!, "lost");
    await submissions.claim("elsewhere/1/x", 1);
    await queue().start();
    await judged(id).toBe("judge-error");
    expect((await submissions.progressAfter(id, 0)).map(({ progress }) => progress.kind)).toEqual(["finished"]);
  });

  it("gives work back when it is stopped, without counting it", async () => {
    const { submissions, queue, add } = await setUp();
    const [id, waiting] = [await add("wait:5000"), await add("accept")];
    const first = queue();
    await first.start();
    await expect.poll(async () => (await submissions.find(id))?.status).toBe("judging");
    await first.stop(10);
    expect((await submissions.find(id))?.status).toBe("queued");
    expect((await submissions.find(waiting))?.status).toBe("queued");
    expect(await submissions.claim("next", 1)).toMatchObject({ submissionId: id, attempt: 2, failures: 0 });
    expect(await submissions.leases()).toEqual([expect.objectContaining({ losses: 0 })]);
  });

  it("lets work under way finish when it is stopped", async () => {
    const { submissions, queue, add } = await setUp();
    const id = await add("wait:100 accept");
    const first = queue();
    await first.start();
    await first.stop(2_000);
    expect((await submissions.find(id))?.verdict).toBe("accepted");
  });
});

describe("lanes", () => {
  it("put whoever waits in front, and let the batch starve as little", async () => {
    const { judge, queue, add, judged } = await setUp();
    const bulk: string[] = [];
    for (let i = 0; i < 3; i++) bulk.push(await add(`accept bulk ${i}`, "batch"));
    for (let i = 0; i < 30; i++) await add(`accept ${i}`);
    await queue().start();
    await judged(bulk[2]!).toBe("accepted");
    const places = judge.judged.flatMap((text, place) => (text.includes("bulk") ? [place] : []));
    expect(places).toEqual([11, 23, 32]);
  });

  it("have room of their own each", async () => {
    const { submissions, add } = await setUp();
    await add("x", "batch");
    expect(await submissions.add({ ...ONE, lane: "batch" }, 1)).toBeNull();
    expect(await submissions.add({ ...ONE, lane: "interactive" }, 1)).not.toBeNull();
  });

  it("say when to come again, by what verdicts take", async () => {
    const { queue, add, judged } = await setUp();
    const made = queue();
    expect(made.retryAfterS(200)).toBe(50);
    expect(made.retryAfterS(0)).toBe(1);
    expect(made.retryAfterS(1_000_000)).toBe(60);
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await add("accept"));
    await made.start();
    await judged(ids[19]!).toBe("accepted");
    expect(made.retryAfterS(200)).toBeLessThan(50);
  });
});

describe("the explanation", () => {
  it("follows a verdict that stands already", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("explain:1500");
    await queue().start();
    await judged(id).toBe("wrong-output");
    expect(await submissions.find(id)).toMatchObject({ status: "judged", explanation: "pending", report: { explanation: null } });
    expect((await submissions.progressAfter(id, 0)).at(-1)?.progress).toMatchObject({ kind: "judged", report: { explanation: null } });
    await expect.poll(async () => (await submissions.find(id))?.explanation, { timeout: 4_000 }).toBe("ready");
    expect(await submissions.find(id)).toMatchObject({ verdict: "wrong-output", report: { explanation: { anomaly: "lost" } } });
    const events = (await submissions.progressAfter(id, 0)).map(({ progress }) => progress);
    expect(events.map(({ kind }) => kind)).toEqual(["compiling", "planned", "world", "judged", "finished"]);
    expect(events[3]).toMatchObject({ report: { explanation: null } });
    expect(events[4]).toMatchObject({ report: { explanation: { anomaly: "lost" } } });
  });

  it("keeps nobody else waiting", async () => {
    const { submissions, queue, add, judged } = await setUp();
    const id = await add("explain:20000");
    const next = await add("accept");
    await queue().start();
    await judged(next).toBe("accepted");
    expect(await submissions.find(id)).toMatchObject({ status: "judged", explanation: "pending" });
  });

  it("is looked for again when the judge died of it, and the verdict stays", async () => {
    const { submissions, judge, queue, add } = await setUp();
    const id = await add("explain-once");
    await queue().start();
    await expect.poll(async () => (await submissions.find(id))?.explanation, { timeout: 5_000 }).toBe("ready");
    expect(judge.judged).toEqual(["explain-once", "explain-once"]);
    const kinds = (await submissions.progressAfter(id, 0)).map(({ progress }) => progress.kind);
    expect(kinds).toEqual(["compiling", "planned", "world", "judged", "finished"]);
  });

  it("is given up after the second death, and costs no verdict", async () => {
    const { submissions, queue, add } = await setUp();
    const id = await add("die-explaining");
    await queue().start();
    const last = async () => (await submissions.progressAfter(id, 0)).at(-1)?.progress.kind;
    await expect.poll(last, { timeout: 4_000 }).toBe("finished");
    expect(await submissions.find(id)).toMatchObject({
      status: "judged",
      verdict: "wrong-output",
      explanation: "none",
      report: { explanation: null },
    });
  });

  it("goes on in another process when this one is stopped", async () => {
    const { submissions, judge, queue, add, judged } = await setUp();
    const id = await add("explain:1000");
    const first = queue();
    await first.start();
    await judged(id).toBe("wrong-output");
    await first.stop(0);
    expect(await submissions.find(id)).toMatchObject({ status: "judged", verdict: "wrong-output", explanation: "pending" });
    expect(await submissions.leases()).toEqual([]);
    await queue().start();
    await expect.poll(async () => (await submissions.find(id))?.explanation, { timeout: 5_000 }).toBe("ready");
    expect(judge.judged).toEqual(["explain:1000", "explain:1000"]);
  });

  it("of another verdict than the one that stands is none", async () => {
    const { submissions, queue, add } = await setUp();
    const id = await add("explain:1");
    const lease = (await submissions.claim("elsewhere/1/x", 1))!;
    await submissions.conclude(lease, report, 1);
    await queue().start();
    await expect.poll(async () => (await submissions.find(id))?.explanation, { timeout: 4_000 }).toBe("none");
    expect(await submissions.find(id)).toMatchObject({ verdict: "accepted", report: { explanation: null } });
  });
});

describe("lease owners", () => {
  it("know the dead of this machine, nobody else's", () => {
    const self = newLeaseOwner();
    const host = self.slice(0, self.lastIndexOf(`/${process.pid}/`));
    expect(isGone(self, self)).toBe(false);
    expect(isGone(`${host}/${process.pid}/an-earlier-one`, self)).toBe(true);
    expect(isGone(`${host}/4194999/x`, self)).toBe(true);
    expect(isGone(`${host}/${process.ppid}/x`, self)).toBe(false);
    expect(isGone(`elsewhere/4194999/x`, self)).toBe(false);
    expect(isGone("", self)).toBe(false);
  });
});
