import { Diagnostic } from "../base/diagnostic.ts";

/** @throws Diagnostic JOB_UID_HASH when it is not 32 hexadecimal digits. */
export function checkedUidHash(uidHash: string): string {
  if (/^[0-9a-f]{32}$/i.test(uidHash)) return uidHash.toLowerCase();
  throw new Diagnostic({
    code: "JOB_UID_HASH",
    message: `Node hash must be a 32 character String that describes a hex code. Found: ${uidHash}`,
    phase: "graph",
    found: uidHash,
    expected: "32 hexadecimal digits, as the plan shows them",
    hint: "Use uid(…) with a name of your own, unless you restore the state of a job that had none.",
  });
}
