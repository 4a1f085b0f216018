/** Who asks, and what they may. Every route names the least role that it serves (`plugins/access.ts`); what belongs to others is decided here. */
import type { Role, SessionUser } from "../../contract/index.ts";
import { LOCAL_USER_ID } from "../../repositories/local-user.ts";

export type Viewer = SessionUser;

/** The one user of the single-user mode: learner, instructor and administrator at once. */
export const LOCAL_VIEWER: Viewer = { id: LOCAL_USER_ID, name: "local", role: "admin" };

const RANK: Readonly<Record<Role, number>> = { learner: 0, instructor: 1, admin: 2 };

export function hasRole({ role }: Viewer, least: Role): boolean {
  return RANK[role] >= RANK[least];
}
