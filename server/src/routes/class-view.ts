/** A class as somebody may see it. Who neither leads it nor learns in it is answered as if it had never been. */
import type { ClassDetail, ClassSummary } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { ClassRepository, StoredClass } from "../repositories/classes.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";

export function isLeader({ ownerId }: StoredClass, viewer: Viewer): boolean {
  return hasRole(viewer, "admin") || (ownerId === viewer.id && hasRole(viewer, "instructor"));
}

/** Throws CLASS_UNKNOWN. */
export async function findLedClass(classes: ClassRepository, id: string, viewer: Viewer): Promise<StoredClass> {
  const found = await classes.find(id);
  if (found === null || !isLeader(found, viewer)) throw new ApiFailure("CLASS_UNKNOWN");
  return found;
}

/** Throws CLASS_UNKNOWN. */
export async function findClass(classes: ClassRepository, id: string, viewer: Viewer): Promise<StoredClass> {
  const found = await classes.find(id);
  if (found === null || !(isLeader(found, viewer) || (await classes.isMember(id, viewer.id)))) throw new ApiFailure("CLASS_UNKNOWN");
  return found;
}

export function summaryOf(found: StoredClass, viewer: Viewer): ClassSummary {
  const { id, name, ownerName, members, createdAtMs } = found;
  return { id, name, ownerName, isLeader: isLeader(found, viewer), members, createdAtMs };
}

export async function detailOf(classes: ClassRepository, found: StoredClass, viewer: Viewer): Promise<ClassDetail> {
  const summary = summaryOf(found, viewer);
  const assignments = await classes.assignments(found.id);
  if (!summary.isLeader) return { ...summary, code: null, assignments, learners: null };
  return { ...summary, code: found.code, assignments, learners: await classes.members(found.id) };
}
