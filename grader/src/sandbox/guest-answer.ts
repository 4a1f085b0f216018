/** Checks the shape of what a guest said before anything believes it: it shares its isolate with code that nobody trusts. */
import type { GuestAnswer } from "../guest/protocol.ts";

/** null when the text is no GuestAnswer. */
export function parseAnswer(text: string): GuestAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  switch (value["kind"]) {
    case "loaded":
    case "incomplete":
    case "value":
      return value as unknown as GuestAnswer;
    case "outcome":
      if (value["savepoint"] !== null && typeof value["savepoint"] !== "string") return null;
      return isOutcome(value["outcome"]) && isStrings(value["console"]) ? (value as unknown as GuestAnswer) : null;
    case "tooLarge":
      return typeof value["chars"] === "number" ? (value as unknown as GuestAnswer) : null;
    case "mistake":
      return isDiagnostic(value["diagnostic"]) ? (value as unknown as GuestAnswer) : null;
    case "broken":
      return typeof value["message"] === "string" ? (value as unknown as GuestAnswer) : null;
    default:
      return null;
  }
}

const STATUSES: readonly unknown[] = ["finished", "failed", "rejected", "limit"];

function isOutcome(value: unknown): boolean {
  if (!isObject(value) || !STATUSES.includes(value["status"])) return false;
  const failure = value["failure"];
  if (failure !== null && !(isObject(failure) && typeof failure["code"] === "string" && typeof failure["message"] === "string"))
    return false;
  if (isObject(failure) && failure["diagnostic"] !== undefined && !isDiagnostic(failure["diagnostic"])) return false;
  if (!isStrings(value["printed"]) || typeof value["peakStateBytes"] !== "number" || typeof value["fingerprint"] !== "string") return false;
  return Array.isArray(value["topics"]) && value["topics"].every(isTopic);
}

function isTopic(value: unknown): boolean {
  return isObject(value) && typeof value["name"] === "string" && Array.isArray(value["records"]) && value["records"].every(isRecord);
}

function isRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { partition, offset, key, appendedAtMs, committedAtMs, aborted } = value;
  if (typeof partition !== "number" || typeof offset !== "number" || typeof appendedAtMs !== "number" || typeof aborted !== "boolean")
    return false;
  return (key === null || typeof key === "string") && (committedAtMs === null || typeof committedAtMs === "number");
}

function isDiagnostic(value: unknown): boolean {
  return isObject(value) && typeof value["code"] === "string" && typeof value["message"] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
