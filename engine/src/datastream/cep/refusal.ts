import { malformedPattern } from "../../operators/cep/malformed-pattern.ts";

/** A complaint about an argument that is not what it should be. */
export function refusal(code: string, message: string, given: unknown, expected?: string): Error {
  const found = given === null ? "null" : typeof given;
  return malformedPattern(code, message, expected === undefined ? { found } : { found, expected });
}
