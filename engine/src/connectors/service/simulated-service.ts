/**
 * One outside service of a world. For each request it draws from its own random numbers how long the answer takes and whether it is an
 * error, looks at its outages, and answers by a mail of the task that asked. What it knows is looked up when it answers. It does not
 * notice that a task has died: the answer then goes nowhere, as over a broken connection.
 */
import type { Prng } from "../../base/prng.ts";
import { type ExternalService, ExternalServiceError, type ServiceCaller } from "../../flow/external-service.ts";
import { copyValue } from "../../types/value-codec.ts";
import type { ServiceContents } from "./service-contents.ts";
import type { LatencyRange, ServiceDescription } from "./service-description.ts";

export interface ServiceClock {
  currentMs(): number;
  schedule(atMs: number, callback: () => void): { cancel(): void };
}

/** How long a caller who waits is kept waiting by a service gone silent. */
const GIVE_UP_MS = 30_000;

/** What will become of one request. */
interface Fate {
  /** Infinity = no answer. */
  readonly latencyMs: number;
  readonly error: string | null;
}

type Callback = (error: ExternalServiceError | null, value: unknown) => void;

export class SimulatedService {
  private readonly description: ServiceDescription;
  private readonly contents: readonly ServiceContents[];
  private readonly clock: ServiceClock;
  private readonly random: Prng;

  constructor(description: ServiceDescription, contents: readonly ServiceContents[], clock: ServiceClock, random: Prng) {
    this.description = description;
    this.contents = contents;
    this.clock = clock;
    this.random = random;
  }

  connect(caller: ServiceCaller): ExternalService {
    const { name } = this.description;
    const requests = caller.counter(`service.${name}.numRequests`);
    const failures = caller.counter(`service.${name}.numFailedRequests`);
    return {
      name,
      request: (key, callback) => {
        requests.inc();
        this.request(copyValue(key), (error, value) => {
          caller.execute(() => {
            if (error !== null) failures.inc();
            (callback as Callback)(error, value);
          });
        });
      },
      requestAndWait: (key) => {
        requests.inc();
        const { latencyMs, error } = this.drawFate();
        caller.spendUs(Math.min(latencyMs, GIVE_UP_MS) * 1000);
        const message = latencyMs > GIVE_UP_MS ? `did not answer within ${GIVE_UP_MS} ms` : error;
        if (message === null) return this.lookUp(key);
        failures.inc();
        throw this.failure(key, message);
      },
    };
  }

  private request(key: unknown, answer: Callback): void {
    const { latencyMs, error } = this.drawFate();
    if (latencyMs === Number.POSITIVE_INFINITY) return;
    this.clock.schedule(this.clock.currentMs() + latencyMs, () => {
      if (error === null) answer(null, this.lookUp(key));
      else answer(this.failure(key, error), null);
    });
  }

  /** Draws the same count of random numbers whatever happens, so that an outage changes nothing but itself. */
  private drawFate(): Fate {
    const { description, random } = this;
    const nowMs = this.clock.currentMs();
    const slow = random.next() < (description.slow?.share ?? 0);
    const fails = random.next() < (description.failureRate ?? 0);
    const latencyMs = drawLatency(slow && description.slow !== undefined ? description.slow.latencyMs : description.latencyMs, random);
    const outage = description.outages?.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
    if (outage?.kind === "silence") return { latencyMs: Number.POSITIVE_INFINITY, error: null };
    const down = outage !== undefined || this.contents.some((contents) => contents.down === true);
    return { latencyMs, error: down ? "is unavailable" : fails ? "failed to answer" : null };
  }

  private lookUp(key: unknown): unknown {
    const nowMs = this.clock.currentMs();
    for (const contents of this.contents) {
      const value = contents.lookUp(key, nowMs);
      if (value !== undefined) return copyValue(value);
    }
    return null;
  }

  private failure(key: unknown, what: string): ExternalServiceError {
    const { name } = this.description;
    return new ExternalServiceError(name, key, `Service "${name}" ${what}.`);
  }
}

function drawLatency({ min, max }: LatencyRange, random: Prng): number {
  return min + random.next() * (max - min);
}
