/** What an interview is to be like, as the query of its address: a link asks the same questions. */
import { INTERVIEW_LENGTHS_MIN, type InterviewWish } from "./interview-plan.ts";

const DEFAULT_MINUTES = 45;
const MAX_SEED = 999_999;

/** `seed` null = the link does not say. */
export function readInterviewAddress(query: string): Omit<InterviewWish, "seed"> & { readonly seed: number | null } {
  const given = new URLSearchParams(query);
  const seed = given.get("seed") ?? "";
  const sections = (given.get("sections") ?? "").split(",").filter((part) => /^\d{1,4}$/.test(part));
  return {
    seed: /^[1-9]\d{0,5}$/.test(seed) ? Number(seed) : null,
    minutes: INTERVIEW_LENGTHS_MIN.find((minutes) => String(minutes) === given.get("minutes")) ?? DEFAULT_MINUTES,
    sections: [...new Set(sections.map(Number))].sort((a, b) => a - b),
  };
}

export function writeInterviewAddress({ seed, minutes, sections }: InterviewWish): string {
  const chosen = sections.length === 0 ? "" : `&sections=${sections.join(",")}`;
  return `?seed=${seed}&minutes=${minutes}${chosen}`;
}

const PAST = "past";

/** When the interview ended whose report the address is about; null = it is about none. */
export function readPastInterview(query: string): number | null {
  const given = new URLSearchParams(query).get(PAST) ?? "";
  return /^\d{1,15}$/.test(given) ? Number(given) : null;
}

export function writePastInterview(endedAtMs: number): string {
  return `?${PAST}=${endedAtMs}`;
}

/** @param random 0 ≤ x < 1. */
export function newSeed(random: () => number): number {
  return 1 + Math.floor(random() * MAX_SEED);
}
