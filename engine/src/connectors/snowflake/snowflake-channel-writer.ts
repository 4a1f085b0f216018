/**
 * The way by channels, exactly once by offset tokens: each row goes to a channel under the place in the source that it came from. After a restart the
 * channel tells how far it is committed, and rows up to there, which come again, are left out.
 *
 * It holds only if the rows of a channel come in the order of their tokens, and again in the same order: one channel per partition of the source, and nothing
 * between source and sink that mixes partitions.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { SinkInitContext, SinkWriter } from "../../flow/sink.ts";
import { toPlainValue } from "../log/plain-value.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { OpenChannel, Snowflake, SnowflakeRow } from "./snowflake.ts";

export interface ChannelSettings<T> {
  readonly table: string;
  readonly channelOf: (row: T) => string;
  readonly tokenOf: (row: T) => number;
  readonly rowOf: (row: T) => object;
}

interface ChannelState {
  readonly open: OpenChannel;
  lastToken: number;
}

export class ChannelWriter<T> implements SinkWriter<T> {
  readonly #warehouse: Snowflake;
  readonly #settings: ChannelSettings<T>;
  readonly #client: SystemClient;
  readonly #channels = new Map<string, ChannelState>();

  constructor(warehouse: Snowflake, settings: ChannelSettings<T>, context: SinkInitContext) {
    this.#warehouse = warehouse;
    this.#settings = settings;
    this.#client = warehouse.client((durationMs) => context.block?.(durationMs));
  }

  write(value: T): void {
    const { channelOf, tokenOf, rowOf } = this.#settings;
    const token = tokenOf(value);
    const channel = this.#channel(channelOf(value));
    if (!Number.isSafeInteger(token)) {
      throw new Diagnostic({
        code: "SNOWFLAKE_OFFSET_TOKEN",
        phase: "runtime",
        message: "An offset token must be a whole number that rises within its channel.",
        found: String(token),
        expected: "e.g. the offset of the record in its partition",
      });
    }
    if (token <= channel.lastToken) return;
    this.#warehouse.insertRow(channel.open, toPlainValue(rowOf(value)) as SnowflakeRow, String(token));
    channel.lastToken = token;
  }

  /** At a checkpoint everything that was taken has to be committed: it will not come again. */
  flush(): void {
    for (const { open } of this.#channels.values()) {
      this.#client.call();
      this.#warehouse.flushChannel(open);
    }
  }

  close(): void {}

  #channel(name: string): ChannelState {
    let state = this.#channels.get(name);
    if (state === undefined) {
      this.#client.call();
      const { open, committedToken } = this.#warehouse.openChannel(this.#settings.table, name);
      state = { open, lastToken: committedToken === null ? Number.NEGATIVE_INFINITY : Number(committedToken) };
      this.#channels.set(name, state);
    }
    return state;
  }
}
