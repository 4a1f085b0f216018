import { outsideOf } from "../flow/engine-access.ts";
import type { Sink, SinkInitContext, SinkWriter } from "../flow/sink.ts";
import { type StandardOutput, standardOutputOf } from "./outside.ts";

/**
 * Writes each value as a line to the task manager's standard output, as Flink's `PrintSink`: `value`, with parallelism above 1
 * `subtask> value` (1-based), with an identifier `identifier> value` or `identifier:subtask> value`. (Flink: docs/dev/datastream/overview)
 */
export class PrintSink<T> implements Sink<T> {
  readonly #identifier: string | undefined;

  constructor(identifier?: string) {
    this.#identifier = identifier;
  }

  createWriter(context: SinkInitContext): SinkWriter<T> {
    return new PrintWriter(standardOutputOf(outsideOf(context)), prefixOf(this.#identifier, context));
  }
}

class PrintWriter<T> implements SinkWriter<T> {
  readonly #output: StandardOutput;
  readonly #prefix: string;

  constructor(output: StandardOutput, prefix: string) {
    this.#output = output;
    this.#prefix = prefix;
  }

  write(value: T): void {
    this.#output.printLine(this.#prefix + printedText(value));
  }

  flush(): void {}

  close(): void {}
}

function prefixOf(identifier: string | undefined, context: SinkInitContext): string {
  const parts: (string | number)[] = [];
  if (identifier !== undefined && identifier !== "") parts.push(identifier);
  if (context.parallelism > 1) parts.push(context.subtaskIndex + 1);
  return parts.length === 0 ? "" : `${parts.join(":")}> `;
}

/** A value's own `toString` when it has one, else its JSON text. */
function printedText(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value) && value.toString !== Object.prototype.toString) return String(value);
    return JSON.stringify(value);
  }
  return String(value);
}
