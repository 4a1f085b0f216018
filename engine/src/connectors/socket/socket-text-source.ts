/**
 * What `env.socketTextStream` reads with. It has no position: nothing is in its checkpoints, and nothing can be read again.
 * Flink: `SocketTextStreamFunction`.
 */
import { outsideOf } from "../../flow/engine-access.ts";
import type { CompletableFuture } from "../../flow/completable-future.ts";
import type {
  Boundedness,
  InputStatus,
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SourceSplit,
  SplitEnumerator,
} from "../../flow/source.ts";
import { ReaderAvailability } from "../reader-availability.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { type SocketClient, SocketServer } from "./socket-server.ts";

export interface SocketSettings {
  readonly hostname: string;
  readonly port: number;
  readonly delimiter: string;
  /** How often it connects again when the server has closed the connection; -1 = for ever. */
  readonly maxRetry: number;
}

const RETRY_DELAY_MS = 500;

export class SocketTextSource implements Source<string, SourceSplit, null> {
  readonly #settings: SocketSettings;

  constructor(settings: SocketSettings) {
    this.#settings = settings;
  }

  getBoundedness(): Boundedness {
    return "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(): SplitEnumerator<SourceSplit, null> {
    return this.restoreEnumerator();
  }

  restoreEnumerator(): SplitEnumerator<SourceSplit, null> {
    return { start() {}, addReader() {}, handleSplitRequest() {}, addSplitsBack() {}, snapshotState: () => null, close() {} };
  }

  createReader(context: SourceReaderContext): SourceReader<string, SourceSplit> {
    return new SocketReader(this.#settings, context);
  }
}

class SocketReader implements SourceReader<string, SourceSplit>, SocketClient {
  readonly #settings: SocketSettings;
  readonly #context: SourceReaderContext;
  readonly #availability = new ReaderAvailability();
  #server: SocketServer | null = null;
  /** What has come and has no delimiter yet. */
  #rest = "";
  readonly #lines: string[] = [];
  #attempts = 0;
  #ending: "no" | "closed" | "broken" = "no";
  #retryAtMs: number | null = null;

  constructor(settings: SocketSettings, context: SourceReaderContext) {
    this.#settings = settings;
    this.#context = context;
  }

  start(): void {
    this.#connect();
  }

  pollNext(output: ReaderOutput<string>): InputStatus {
    const line = this.#lines.shift();
    if (line !== undefined) {
      output.collect(line);
      return "MORE_AVAILABLE";
    }
    if (this.#ending === "broken") throw new Error("java.net.SocketException: Connection reset");
    if (this.#ending === "closed") return this.#afterClose(output);
    return "NOTHING_AVAILABLE";
  }

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  snapshotState(): readonly SourceSplit[] {
    return [];
  }

  addSplits(): void {}

  notifyNoMoreSplits(): void {}

  close(): void {
    this.#server?.disconnected(this);
  }

  // ---- SocketClient ----

  received(text: string): void {
    const { delimiter } = this.#settings;
    const parts = (this.#rest + text).split(delimiter);
    this.#rest = parts.pop() ?? "";
    for (const part of parts) this.#lines.push(delimiter === "\n" && part.endsWith("\r") ? part.slice(0, -1) : part);
    this.#availability.notify();
  }

  ended(reset: boolean): void {
    this.#ending = reset ? "broken" : "closed";
    this.#availability.notify();
  }

  #connect(): void {
    const { hostname, port } = this.#settings;
    const address = `${hostname}:${port}`;
    const systems = systemsOf(outsideOf(this.#context)).all();
    const server = systems.find((system): system is SocketServer => system instanceof SocketServer && system.address === address);
    if (server === undefined || !server.connect(this)) throw new Error(`java.net.ConnectException: Connection refused (${address})`);
    this.#server = server;
    this.#ending = "no";
  }

  /** Tries again after half a second, as often as it may; then the source ends, with what it had begun to read. */
  #afterClose(output: ReaderOutput<string>): InputStatus {
    const nowMs = this.#context.currentMs();
    if (this.#retryAtMs !== null) {
      if (nowMs < this.#retryAtMs) return "NOTHING_AVAILABLE";
      this.#retryAtMs = null;
      this.#connect();
      return "NOTHING_AVAILABLE";
    }
    this.#attempts++;
    if (this.#settings.maxRetry !== -1 && this.#attempts >= this.#settings.maxRetry) {
      if (this.#rest !== "") output.collect(this.#rest);
      this.#rest = "";
      return "END_OF_INPUT";
    }
    this.#retryAtMs = nowMs + RETRY_DELAY_MS;
    this.#context.wakeAt(this.#retryAtMs);
    return "NOTHING_AVAILABLE";
  }
}
