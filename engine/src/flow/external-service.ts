/**
 * A service outside the cluster that a job's functions ask one key at a time: a user database, a pricing service. It belongs to the
 * world, which says what it knows, how long it takes and when it fails; functions get it by name from their runtime context.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { OutsideWorld } from "./operator.ts";

/** `outside(SERVICES)` is the world's `ExternalServices`. */
export const SERVICES = Symbol("services");

/** A client of one outside service. Get it in `open`: `getRuntimeContext().getExternalService<Profile>("profiles")`. */
export interface ExternalService<V = unknown> {
  /** The name by which the world knows it. */
  readonly name: string;
  /**
   * Asks for a key and returns at once. The answer comes after the service's latency, as `callback(null, value)` (null for a key that
   * the service does not know) or `callback(error, null)`; it never comes when the service has gone silent. What the callback throws
   * fails the job. Keys are compared by value.
   */
  request(key: unknown, callback: (error: ExternalServiceError | null, value: V | null) => void): void;
  /**
   * Asks for a key and waits for the answer: the task does nothing else meanwhile and is busy for the service's whole latency. It is
   * what async I/O is there to avoid. A service gone silent is given up after 30 s.
   * @throws ExternalServiceError when the service fails.
   */
  requestAndWait(key: unknown): V | null;
}

/** The service answered with an error, or did not answer to a caller who waited. */
export class ExternalServiceError extends Error {
  /** Name of the service that failed. */
  readonly service: string;
  /** The key that was asked for. */
  readonly key: unknown;

  constructor(service: string, key: unknown, message: string) {
    super(message);
    this.name = "ExternalServiceError";
    this.service = service;
    this.key = key;
  }
}

/** Who asks: one operator of one subtask. */
export interface ServiceCaller {
  execute(action: () => void): void;
  spendUs(durationUs: number): void;
  counter(name: string): { inc(by?: number): void };
}

export interface ExternalServices {
  /** @throws Diagnostic SERVICE_UNKNOWN when the world has no service of this name. */
  connect(name: string, caller: ServiceCaller): ExternalService;
}

/** The services of whoever runs the job; a host without any knows no name. */
export function externalServicesOf(outside: OutsideWorld): ExternalServices {
  const services = outside(SERVICES) as ExternalServices | undefined;
  return services ?? NO_SERVICES;
}

const NO_SERVICES: ExternalServices = {
  connect(name) {
    throw serviceUnknown(name, [], undefined);
  },
};

export function serviceUnknown(name: string, known: readonly string[], nearest: string | undefined): Diagnostic {
  return new Diagnostic({
    code: "SERVICE_UNKNOWN",
    message: `There is no outside service "${name}".`,
    phase: "runtime",
    found: `getExternalService("${name}")`,
    expected: known.length === 0 ? "a world with services; this one has none" : `one of: ${known.join(", ")}`,
    ...(nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` }),
  });
}
