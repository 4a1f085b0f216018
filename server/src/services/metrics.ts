/**
 * Numbers for a monitoring system, in the text format of Prometheus. Kept in memory since the start, as it expects. Labels are taken from closed
 * lists only (route patterns, methods, status codes), never from what somebody sends.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What is true at this moment, asked for at each reading. */
export interface Reading {
  readonly waiting: number;
  readonly judgeReady: boolean;
  readonly judgeWarm: boolean;
  readonly workers: number;
  readonly openStreams: number;
}

/** Upper bounds, in seconds. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];

interface Durations {
  readonly buckets: number[];
  sumS: number;
  count: number;
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Durations>();
  readonly #startedAtS = Math.round(Date.now() / 1000 - process.uptime());
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  #openStreams = 0;

  /** Begins to watch the event loop. */
  start(): void {
    this.#delay.enable();
  }

  stop(): void {
    this.#delay.disable();
  }

  /** @param tookMs null = the answer was a stream, whose length says nothing. */
  answered({ method, route, status, tookMs }: AnsweredRequest): void {
    count(this.#requests, labels({ method, route, status: String(status) }));
    if (tookMs === null) return;
    const key = labels({ method, route });
    const durations = this.#durations.get(key) ?? { buckets: BUCKETS_S.map(() => 0), sumS: 0, count: 0 };
    this.#durations.set(key, durations);
    const seconds = tookMs / 1000;
    durations.sumS += seconds;
    durations.count++;
    for (const [i, bound] of BUCKETS_S.entries()) if (seconds <= bound) durations.buckets[i]!++;
  }

  streamOpened(): void {
    this.#openStreams++;
  }

  streamClosed(): void {
    this.#openStreams--;
  }

  get openStreams(): number {
    return this.#openStreams;
  }

  text({ waiting, judgeReady, judgeWarm, workers, openStreams }: Reading): string {
    const { user, system } = process.cpuUsage();
    const out = new Exposition();
    out.family("millrace_http_requests_total", "counter", "Requests answered.", [...this.#requests]);
    out.histogram("millrace_http_request_duration_seconds", "Time to the end of the answer; event streams are left out.", this.#durations);
    out.family("millrace_event_streams_open", "gauge", "Browsers that watch a submission being judged.", [["", openStreams]]);
    out.family("millrace_submissions_waiting", "gauge", "Submissions that wait for a worker.", [["", waiting]]);
    out.family("millrace_judge_ready", "gauge", "1 when programs can be judged.", [["", Number(judgeReady)]]);
    out.family("millrace_judge_warm", "gauge", "1 when verdicts come as quickly as they ever will.", [["", Number(judgeWarm)]]);
    out.family("millrace_judge_workers", "gauge", "Submissions judged side by side.", [["", workers]]);
    out.family("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", [["", this.#startedAtS]]);
    out.family("process_cpu_seconds_total", "counter", "Processor time of this process; the judge's processes are not in it.", [
      ["", (user + system) / 1e6],
    ]);
    out.family("process_resident_memory_bytes", "gauge", "Memory of this process.", [["", process.memoryUsage.rss()]]);
    out.family(
      "nodejs_eventloop_delay_p99_seconds",
      "gauge",
      "How late the event loop is, in 99 of 100 cases at most, since the last reading.",
      [["", Number.isFinite(this.#delay.percentile(99)) ? this.#delay.percentile(99) / 1e9 : 0]],
    );
    this.#delay.reset();
    return out.text;
  }
}

export interface AnsweredRequest {
  readonly method: string;
  /** The pattern, e.g. `/api/problems/:id`. */
  readonly route: string;
  readonly status: number;
  readonly tookMs: number | null;
}

class Exposition {
  text = "";

  family(name: string, type: "counter" | "gauge", help: string, values: readonly (readonly [labels: string, value: number])[]): void {
    this.#head(name, type, help);
    for (const [key, value] of values) this.text += `${name}${key === "" ? "" : `{${key}}`} ${value}\n`;
  }

  histogram(name: string, help: string, series: ReadonlyMap<string, Durations>): void {
    this.#head(name, "histogram", help);
    for (const [key, { buckets, sumS, count: total }] of series) {
      for (const [i, bound] of BUCKETS_S.entries()) this.text += `${name}_bucket{${key},le="${bound}"} ${buckets[i]}\n`;
      this.text += `${name}_bucket{${key},le="+Inf"} ${total}\n${name}_sum{${key}} ${sumS}\n${name}_count{${key}} ${total}\n`;
    }
  }

  #head(name: string, type: string, help: string): void {
    this.text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }
}

function labels(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`))}"`)
    .join(",");
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
