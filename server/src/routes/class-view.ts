/**
 * A class as somebody may see it. Its owner, who leads it beside the owner, and administrators lead it; who neither leads it nor learns in it is answered as if it had never been.
 */
import type { ClassDetail, ClassSummary } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { ClassRepository, StoredClass } from "../repositories/classes.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";

/** May delete it and say who else leads it. */
export function isOwner({ ownerId }: StoredClass, viewer: Viewer): boolean {
  return hasRole(viewer, "admin") || (ownerId === viewer.id && hasRole(viewer, "instructor"));
}

export async function isLeader(classes: ClassRepository, found: StoredClass, viewer: Viewer): Promise<boolean> {
  return isOwner(found, viewer) || (hasRole(viewer, "instructor") && (await classes.isInstructor(found.id, viewer.id)));
}

/** Throws CLASS_UNKNOWN. */
export async function findLedClass(classes: ClassRepository, id: string, viewer: Viewer): Promise<StoredClass> {
  const found = await classes.find(id);
  if (found === null || !(await isLeader(classes, found, viewer))) throw new ApiFailure("CLASS_UNKNOWN");
  return found;
}

/** Throws CLASS_UNKNOWN, and CLASS_NOT_OWNED to who leads it only. */
export async function findOwnedClass(classes: ClassRepository, id: string, viewer: Viewer): Promise<StoredClass> {
  const found = await findLedClass(classes, id, viewer);
  if (!isOwner(found, viewer)) throw new ApiFailure("CLASS_NOT_OWNED");
  return found;
}

/** Throws CLASS_UNKNOWN. */
export async function findClass(classes: ClassRepository, id: string, viewer: Viewer): Promise<StoredClass> {
  const found = await classes.find(id);
  if (found === null || !((await isLeader(classes, found, viewer)) || (await classes.isMember(id, viewer.id))))
    throw new ApiFailure("CLASS_UNKNOWN");
  return found;
}

export async function summaryOf(classes: ClassRepository, found: StoredClass, viewer: Viewer): Promise<ClassSummary> {
  const { id, name, ownerName, members, createdAtMs } = found;
  return { id, name, ownerName, isLeader: await isLeader(classes, found, viewer), isOwner: isOwner(found, viewer), members, createdAtMs };
}

export async function detailOf(classes: ClassRepository, found: StoredClass, viewer: Viewer): Promise<ClassDetail> {
  const summary = await summaryOf(classes, found, viewer);
  const assignments = await classes.assignments(found.id);
  if (!summary.isLeader) return { ...summary, code: null, assignments, instructors: null, learners: null };
  const [instructors, learners] = await Promise.all([classes.instructors(found.id), classes.members(found.id)]);
  return { ...summary, code: found.code, assignments, instructors, learners };
}
