/** Codes by which learners join a class: short enough to be read out, and 40 random bits, of which rate limits let nobody try many. */
import { randomInt } from "node:crypto";

/** Without letters and digits that look like others. */
const ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const LENGTH = 8;

/** E.g. `K3QZ-9M2T`. */
export function newJoinCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** As it was made, of what somebody typed. */
export function readJoinCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[\s-]/g, "");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
