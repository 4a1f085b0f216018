/** Names the process that holds a lease, so that its death on this machine is seen at once and elsewhere when the lease runs out. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** `<host>/<process id>/<nonce>`. */
export function newLeaseOwner(): string {
  return `${hostname()}/${process.pid}/${randomUUID()}`;
}

/** True when `owner` certainly no longer runs: a process of this machine that is gone, or an earlier bearer of our process id. */
export function isGone(owner: string, self: string): boolean {
  if (owner === self) return false;
  const [host, pidText] = owner.split("/");
  const pid = Number(pidText);
  if (host !== hostname() || !Number.isInteger(pid)) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
