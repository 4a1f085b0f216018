/**
 * Memory and CPU time of another process, read from outside: from /proc on Linux; elsewhere null, and what the process says about
 * itself has to do.
 */
import { readFileSync } from "node:fs";

export interface Vitals {
  readonly rssBytes: number;
  readonly cpuMs: number;
}

const PAGE_BYTES = 4096;
/** USER_HZ, 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** null when the process is gone or the platform has no /proc. */
export function readVitals(pid: number): Vitals | null {
  if (process.platform !== "linux") return null;
  try {
    const rssPages = Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]);
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The process name may hold blanks; fields are counted behind its closing parenthesis.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { rssBytes: rssPages * PAGE_BYTES, cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
  } catch {
    return null;
  }
}

/** False when the process has ended, be it a zombie still. Linux only. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
