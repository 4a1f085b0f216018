/** Calls about classes, their assignments and results. */
import type {
  Assignment,
  AssignmentBody,
  ClassBody,
  ClassDetail,
  ClassResults,
  ClassSummary,
  JoinBody,
  SubmissionSummary,
} from "@millrace/server/contract";
import { saveFile } from "./save-file.ts";
import { bare, type Caller, caller, post } from "./call.ts";

export interface ClassesApi {
  /** Those one leads and those one is in. */
  list(): Promise<readonly ClassSummary[]>;
  find(id: string): Promise<ClassDetail>;
  add(body: ClassBody): Promise<ClassDetail>;
  rename(id: string, body: ClassBody): Promise<ClassDetail>;
  remove(id: string): Promise<void>;
  join(code: JoinBody["code"]): Promise<ClassDetail>;
  /** Another code; the one before is worth nothing any more. */
  newCode(id: string): Promise<ClassDetail>;
  /** Nobody may join. */
  closeCode(id: string): Promise<ClassDetail>;
  /** Another instructor leads it too. @param name of the user. */
  addInstructor(id: string, name: string): Promise<ClassDetail>;
  removeInstructor(id: string, userId: string): Promise<void>;
  removeMember(id: string, userId: string): Promise<void>;
  assign(id: string, body: AssignmentBody): Promise<Assignment>;
  changeAssignment(id: string, assignmentId: string, body: AssignmentBody): Promise<Assignment>;
  removeAssignment(id: string, assignmentId: string): Promise<void>;
  /** @param assignmentId null = of all. */
  results(id: string, assignmentId: string | null): Promise<ClassResults>;
  /** Saves the same as a CSV file. */
  saveResults(id: string, assignmentId: string | null): Promise<void>;
  saveMisconceptions(id: string, assignmentId: string | null): Promise<void>;
  /** What a learner of one's class has submitted, newest first. */
  submissionsOf(userId: string, problemId: string): Promise<readonly SubmissionSummary[]>;
}

export function createClassesApi({ call }: Pick<Caller, "call"> = caller): ClassesApi {
  const path = (id: string, rest = "") => `/classes/${encodeURIComponent(id)}${rest}`;
  const assignment = (id: string, assignmentId: string) => path(id, `/assignments/${encodeURIComponent(assignmentId)}`);
  const of = (assignmentId: string | null) => (assignmentId === null ? "" : `?assignment=${encodeURIComponent(assignmentId)}`);
  return {
    list: () => call("/classes"),
    find: (id) => call(path(id)),
    add: (body) => call("/classes", post(body)),
    rename: (id, body) => call(path(id), post(body, "PATCH")),
    remove: (id) => call(path(id), bare("DELETE")),
    join: (code) => call("/classes/join", post({ code })),
    newCode: (id) => call(path(id, "/code"), bare("POST")),
    closeCode: (id) => call(path(id, "/code"), bare("DELETE")),
    addInstructor: (id, name) => call(path(id, "/instructors"), post({ name })),
    removeInstructor: (id, userId) => call(path(id, `/instructors/${encodeURIComponent(userId)}`), bare("DELETE")),
    removeMember: (id, userId) => call(path(id, `/members/${encodeURIComponent(userId)}`), bare("DELETE")),
    assign: (id, body) => call(path(id, "/assignments"), post(body)),
    changeAssignment: (id, assignmentId, body) => call(assignment(id, assignmentId), post(body, "PUT")),
    removeAssignment: (id, assignmentId) => call(assignment(id, assignmentId), bare("DELETE")),
    results: (id, assignmentId) => call(path(id, `/results${of(assignmentId)}`)),
    submissionsOf: (userId, problemId) => call(`/problems/${encodeURIComponent(problemId)}/submissions?user=${encodeURIComponent(userId)}`),
    saveResults: (id, assignmentId) => saveFile(path(id, `/results.csv${of(assignmentId)}`), "results.csv"),
    saveMisconceptions: (id, assignmentId) => saveFile(path(id, `/misconceptions.csv${of(assignmentId)}`), "misconceptions.csv"),
  };
}

export const classesApi = createClassesApi();
