/**
 * One learner: looks through the catalogue, opens a problem, writes (drafts are saved), runs the samples now and then, submits, watches the verdict and reads
 * it. The pauses between are a person's, drawn from a seed of their own; while nobody answers, they try again a little later, as the client does.
 */
import { Agent, get as httpGet, type IncomingMessage, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Prng } from "@millrace/engine/sim";
import type { SubmissionSummary } from "../../src/contract/index.ts";
import { type Sampled, textOf } from "../judge/sample.ts";
import type { Account } from "./accounts.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Kind, Tally } from "./tally.ts";

/** Seconds between one thing and the next. */
const PAUSE_S = { least: 1, most: 7 };
/** Of a hundred things that a learner does while writing. */
const RUNS_IN_HUNDRED = 8;
const SUBMITS_IN_HUNDRED = 6;
const TRY_AGAIN_MS = 500;

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

export class Learner {
  readonly #server: ServerProcess;
  readonly #account: Account;
  readonly #sample: readonly Sampled[];
  readonly #tally: Tally;
  readonly #prng: Prng;
  readonly #index: number;
  /** Acknowledged. */
  readonly #submitted = new Set<string>();
  readonly #watching = new Set<Promise<void>>();

  constructor(server: ServerProcess, account: Account, sample: readonly Sampled[], tally: Tally, index: number) {
    this.#server = server;
    this.#account = account;
    this.#sample = sample;
    this.#tally = tally;
    this.#index = index;
    this.#prng = new Prng(index + 1).fork("learner");
  }

  async work(endsAtMs: number): Promise<void> {
    // A class does not come in all at the same moment.
    await sleep(this.#prng.next() * 1000 * PAUSE_S.most);
    while (performance.now() < endsAtMs) {
      const { problem, accepted } = this.#sample[Math.floor(this.#prng.next() * this.#sample.length)]!;
      const submission = accepted[Math.floor(this.#prng.next() * accepted.length)]!;
      const body = { language: submission.language, text: textOf(submission, this.#index), functions: submission.functions };
      await this.#read("/api/problems");
      await this.#read("/api/progress");
      await this.#pause();
      await this.#read(`/api/problems/${problem.id}`);
      await this.#read(`/api/problems/${problem.id}/drafts`);
      await this.#read(`/api/problems/${problem.id}/submissions`);
      for (let submitted = false; !submitted && performance.now() < endsAtMs; ) {
        await this.#pause();
        const dice = this.#prng.next() * 100;
        if (dice < RUNS_IN_HUNDRED) await this.#send("run", "POST", `/api/problems/${problem.id}/run`, body);
        else if (dice < RUNS_IN_HUNDRED + SUBMITS_IN_HUNDRED) submitted = await this.#submit(problem.id, body);
        else if (dice < 60) await this.#send("write", "PUT", `/api/problems/${problem.id}/drafts/solution.ts`, { text: body.text });
        else await this.#read(`/api/problems/${problem.id}/submissions`);
      }
    }
    await Promise.all(this.#watching);
  }

  /** Submissions without their verdict, as the server lists them. */
  async waiting(): Promise<number> {
    return (await this.#listed()).filter(({ status }) => status !== "judged").length;
  }

  /** Acknowledged, and not there or judged as something that it is not. */
  async lost(): Promise<number> {
    const accepted = new Set((await this.#listed()).filter(({ verdict }) => verdict === "accepted").map(({ id }) => id));
    return [...this.#submitted].filter((id) => !accepted.has(id)).length;
  }

  async #listed(): Promise<SubmissionSummary[]> {
    const lists: SubmissionSummary[] = [];
    for (const { problem } of this.#sample) {
      const answer = await this.#ask("GET", `/api/problems/${problem.id}/submissions`);
      lists.push(...(JSON.parse(answer.text) as SubmissionSummary[]));
    }
    return lists;
  }

  async #submit(problemId: string, body: object): Promise<boolean> {
    const text = await this.#send("write", "POST", `/api/problems/${problemId}/submissions`, body);
    if (text === null) return false;
    const { id } = JSON.parse(text) as SubmissionSummary;
    this.#submitted.add(id);
    const watching = this.#watch(id, performance.now()).finally(() => this.#watching.delete(watching));
    this.#watching.add(watching);
    await watching;
    await this.#read(`/api/submissions/${id}`);
    return true;
  }

  /** The live verdict; goes on where it was when the stream breaks. */
  async #watch(id: string, sinceMs: number): Promise<void> {
    let lastId = "0";
    for (;;) {
      try {
        const response = await this.#open(`/api/submissions/${id}/events`, lastId);
        if (response.statusCode === 204) return;
        if (response.statusCode !== 200) throw new Error(`events were answered ${response.statusCode}`);
        let rest = "";
        for await (const chunk of response.setEncoding("utf8")) {
          const lines = (rest + (chunk as string)).split("\n");
          rest = lines.pop()!;
          for (const line of lines) {
            if (line.startsWith("id: ")) lastId = line.slice(4);
            if (line.startsWith("data: ") && /^data: \{"kind":"(judged|finished)"/.test(line)) {
              this.#tally.judged(performance.now() - sinceMs);
              response.destroy();
              return;
            }
          }
        }
      } catch (error) {
        this.#broken(error, "events");
      }
      await sleep(TRY_AGAIN_MS);
    }
  }

  #read(path: string): Promise<string | null> {
    return this.#send("read", "GET", path);
  }

  /** The answer's text; null = later, or nobody was there. */
  async #send(kind: Kind, method: string, path: string, body?: object): Promise<string | null> {
    const startedAtMs = performance.now();
    try {
      const { status, text } = await this.#ask(method, path, body);
      if (status < 300) {
        this.#tally.answered(kind, performance.now() - startedAtMs);
        return text;
      }
      if (status === 429 || status === 503) this.#tally.putOff();
      else this.#tally.failed(`${method} ${path}: ${status} ${text.slice(0, 200)}`);
    } catch (error) {
      this.#broken(error, `${method} ${path}`);
    }
    return null;
  }

  #broken(error: unknown, what: string): void {
    if (this.#server.isRestarting) this.#tally.cutOff();
    else this.#tally.failed(`${what}: ${String(error)}`);
  }

  #pause(): Promise<void> {
    return sleep((PAUSE_S.least + this.#prng.next() * (PAUSE_S.most - PAUSE_S.least)) * 1000);
  }

  #ask(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
    const { cookie, csrfToken } = this.#account;
    const content = body === undefined ? null : JSON.stringify(body);
    const headers = { cookie, ...(content === null ? {} : { "content-type": "application/json", "x-millrace-csrf": csrfToken }) };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(`${this.#server.address}${path}`, { method, headers, agent }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(content ?? undefined);
    });
  }

  #open(path: string, lastId: string): Promise<IncomingMessage> {
    const headers = { cookie: this.#account.cookie, "last-event-id": lastId };
    return new Promise((resolve, reject) => {
      httpGet(`${this.#server.address}${path}`, { headers }, resolve).on("error", reject);
    });
  }
}
