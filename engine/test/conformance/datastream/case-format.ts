/** The recorded case files of the DataStream suite, as far as the runner reads them (README beside the cases' origin). */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../src/base/long.ts";

export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type JsonObject = { [field: string]: Json };

export interface DataStreamCase {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly pipeline: JsonObject & { readonly type: string };
  readonly input: readonly JsonObject[];
  readonly unorderedSteps?: readonly number[];
  readonly compare?: string;
  readonly informative?: boolean;
  readonly expect: {
    readonly perStep?: readonly (readonly JsonObject[])[];
    readonly buildError?: JsonObject;
    readonly stateEntries?: readonly (number | readonly number[])[];
    readonly eventTimeTimers?: readonly (number | readonly number[])[];
    readonly processingTimeTimers?: readonly (number | readonly number[])[];
  };
}

/** Longs beyond JavaScript's safe range are written as "MAX", "MIN" or decimal strings. */
export function decodeLong(value: Json | undefined): number {
  if (value === "MAX") return MAX_TIMESTAMP;
  if (value === "MIN") return MIN_TIMESTAMP;
  return Math.trunc(Number(value));
}

/** The inverse, for every number inside a value. */
export function encodeLongs(value: unknown): Json {
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "NaN";
    if (value >= MAX_TIMESTAMP) return "MAX";
    if (value <= MIN_TIMESTAMP) return "MIN";
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value).toString() : value;
  }
  if (Array.isArray(value)) return value.map(encodeLongs);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, element]) => [field, encodeLongs(element)]));
  }
  return (value ?? null) as Json;
}
