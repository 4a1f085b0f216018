/**
 * What client and server agree on: types of every route's answers. The zod schemas at the routes are written against these types
 * (`satisfies z.ZodType<…>`), so they cannot drift apart; the client imports types only.
 *
 *   GET  /api/problems                       → ProblemList
 *   GET  /api/problems/:id                   → ProblemDetail
 *   PUT  /api/problems/:id/version           ProblemVersionBody: 204   begins with the version that was shown, or changes to the present one
 *   GET  /api/problems/:id/form?variation=n  → AnswerForm
 *   POST /api/problems/:id/run               { language, text, functions? } → SampleReport
 *   GET  /api/problems/:id/run-kit           → RunKitAnswer   for the browser to run the samples by itself
 *   POST /api/problems/:id/program           ProgramBody → ProgramAnswer   the text as the guest in the browser wants it; counts as a run
 *   POST /api/problems/:id/changed-run       ChangedSampleBody → ChangedRun   a sample world with changes, recorded; nothing is compared
 *   POST /api/problems/:id/check             { language, text, functions? } → CheckResult            (live editor diagnostics)
 *   POST /api/problems/:id/submissions       { language, text, functions? } → SubmissionSummary  (201; stored before acknowledged)
 *   GET  /api/problems/:id/submissions       → SubmissionSummary[]   newest first
 *   GET  /api/submissions/:id                → SubmissionDetail         the verdict as soon as it stands, the explanation later
 *   POST /api/submissions/:id/changed-run    ChangedSubmissionBody → ChangedRun   the same of the smallest world of a verdict
 *   GET  /api/submissions/:id/world          → SubmissionWorld   that world, for the browser to run it by itself
 *   GET  /api/submissions/:id/events         server-sent events: JudgeProgress as `data:`; replay by Last-Event-ID
 *   GET  /api/problems/:id/drafts            → Draft[]                  the texts one is at, so that one can go on at another machine
 *   GET | PUT | DELETE /api/problems/:id/drafts/:file   DraftBody → SavedDraft (PUT), Draft (GET), 204 (DELETE)
 *   GET  /api/cards                          → StudyCard[]              by section
 *   GET  /api/lessons, /api/lessons/:id      → LessonSummary[], LessonDetail   the learning path; figures run in the browser
 *   GET | POST /api/reviews                  ReviewsBody → Review[], 204      what was remembered when; schedules follow from it
 *   GET  /api/progress                       → Progress                 tried, solved, hints opened
 *   GET  /api/problems/:id/editorial         → Editorial                once it is solved, or given up
 *   PUT  /api/problems/:id/surrender         204: gives it up, so that the editorial may be read
 *   PUT  /api/problems/:id/hints/:number     204: the hint was opened; numbers count from 1
 *   GET | POST /api/classes                  ClassBody → ClassSummary[] | ClassDetail (201)
 *   POST /api/classes/join                   JoinBody → ClassDetail     learners join by the class's code
 *   GET | PATCH | DELETE /api/classes/:id    ClassBody → ClassDetail
 *   POST | DELETE /api/classes/:id/code      → ClassDetail              another code; none, so that nobody may join
 *   DELETE /api/classes/:id/members/:user    204: takes a learner out, or oneself
 *   POST /api/classes/:id/instructors        InstructorBody → ClassDetail   another instructor leads it too; DELETE …/instructors/:user (204)
 *   POST /api/classes/:id/assignments        AssignmentBody → Assignment (201); PUT and DELETE …/assignments/:assignment
 *   GET  /api/classes/:id/results?assignment= → ClassResults; …/results.csv and …/misconceptions.csv are the same as tables of text
 *   With `?user=`, those who lead a class see a learner's GET /api/progress and GET /api/problems/:id/submissions.
 *   POST /api/packs                          a pack's archive as application/zip → PackDetail (201; verified in the background)
 *   GET  /api/packs                          → PackSummary[]            one's own, of administrators all
 *   GET | PATCH | DELETE /api/packs/:id      PackStatusBody → PackDetail; DELETE (204) what nobody has begun or submitted to
 *   POST /api/packs/:id/verify               → PackDetail               verifies it anew
 *   GET  /api/packs/:id/problems             → PackProblem[]
 *   GET  /api/packs/:id/problems/:problem    → ProblemDetail            as learners will get it, before it is served
 *   GET  /api/packs/:id/events               server-sent events: PackEvent as `data:`; replay by Last-Event-ID
 *   POST /api/rejudges                       RejudgeFilter → RejudgeDetail (201; judging begins, results stay as they are)
 *   GET  /api/rejudges                       → RejudgeSummary[]         newest first
 *   GET  /api/rejudges/:id                   → RejudgeDetail            what would change
 *   POST /api/rejudges/:id/apply | cancel    {} → RejudgeDetail
 *   GET  /api/session                        → SessionInfo              who is it, and what the client must know of logging in
 *   POST /api/session                        LoginBody → SessionInfo    logs in; DELETE logs out (204)
 *   PUT  /api/session/password               PasswordChangeBody → SessionInfo   DELETE /api/sessions logs out everywhere (204)
 *   POST /api/accounts                       RegistrationBody → SessionInfo     (201)
 *   POST /api/password                       PasswordLinkBody           sets a password by a link (204)
 *   GET  /api/users?after=&limit=            → UserPage                 administrators, as all of /api/users
 *   POST /api/users                          NewUserBody → NewUserAnswer  (201)
 *   GET | PATCH | DELETE /api/users/:id      UserChangeBody → UserDetail
 *   POST /api/users/:id/password-link        → PasswordLink (201)       DELETE /api/users/:id/sessions ends them (204)
 *   GET | POST /api/invitations              InvitationBody → NewInvitation (201); DELETE /api/invitations/:id (204)
 *   GET  /api/audit?before=&limit=&action=&actor= → AuditPage
 *   GET  /api/types                          → TypeFiles                declaration files of "flink" for the editor
 *   GET  /api/metrics                        text of Prometheus; administrators, and programs on the server's machine
 *   GET  /api/docs, /api/openapi.json        this, from the schemas
 *   GET  /api/health                         → Health
 *   GET  /runner, /runner/:guest/:script     a frame without an origin in which programs run, and what runs there
 * Errors are ApiError with a stable code and HTTP status. Where people log in, everything that is no GET carries the header
 * `x-millrace-csrf` with `csrfToken` of SessionInfo; LOGIN_REQUIRED (401) and CSRF_STALE (403) mean: ask for the session again.
 */
import type { DiagnosticData } from "@millrace/engine";
import type {
  AnswerForm,
  Anomaly,
  Explanation,
  JudgeProgress,
  JudgeReport,
  Language,
  SampleReport,
  SampleTable,
  SampleWorld,
} from "@millrace/grader";

export type {
  AnswerForm,
  Anomaly,
  DiagnosticData,
  Explanation,
  JudgeProgress,
  JudgeReport,
  Language,
  SampleReport,
  SampleTable,
  SampleWorld,
};
export type {
  Difference,
  DifferenceRow,
  FormColumn,
  FormOption,
  FormRow,
  GroupResult,
  MeasureResult,
  SampleWorldReport,
  TopicTable,
  Verdict,
  WorldResult,
} from "@millrace/grader";

export type {
  Invitation,
  InvitationBody,
  LoginBody,
  NewInvitation,
  NewUserAnswer,
  NewUserBody,
  PasswordChangeBody,
  PasswordLink,
  PasswordLinkBody,
  RegistrationBody,
  Role,
  SessionInfo,
  SessionUser,
  UserChangeBody,
  UserDetail,
  UserPage,
} from "./accounts.ts";
export type { ChangedRun, ChangedSampleBody, ChangedSubmissionBody, PlacedRecord, WorldChange } from "./changed-run.ts";
export type { LocalProgram, ProgramAnswer, ProgramBody, RunKit, RunKitAnswer, ShownWorld, SubmissionWorld } from "./local-run.ts";
export type { AuditEntry, AuditOutcome, AuditPage } from "./audit.ts";
export type {
  Assignment,
  AssignmentBody,
  ClassBody,
  ClassDetail,
  ClassInstructor,
  ClassMember,
  ClassResults,
  ClassSummary,
  InstructorBody,
  JoinBody,
  LearnerResult,
  MisconceptionCount,
} from "./classes.ts";
export type {
  PackDetail,
  PackEvent,
  PackMutants,
  PackProblem,
  PackReportLine,
  PackState,
  PackStatus,
  PackStatusBody,
  PackSummary,
  PackSurvivor,
} from "./packs.ts";
export type { Draft, DraftBody, Editorial, ProblemProgress, Progress, SavedDraft } from "./progress.ts";
export type { RejudgeChange, RejudgeDetail, RejudgeFilter, RejudgeMove, RejudgeState, RejudgeSummary } from "./rejudge.ts";

export type { LessonDetail, LessonFigure, LessonPart, LessonSummary, Review, ReviewGrade, ReviewsBody, StudyCard } from "./study.ts";

export type ProblemKind = "datastream" | "sql" | "trace" | "decide" | "debug" | "tune" | "upgrade";

export interface ProblemSummary {
  readonly id: string;
  readonly title: string;
  readonly kind: ProblemKind;
  readonly languages: readonly Language[];
  /** 1 to 5. */
  readonly difficulty: number;
  readonly minutes: number;
  readonly section: number;
  readonly topics: readonly string[];
  /** Seed items, e.g. "S3.4". */
  readonly covers: readonly string[];
  /** What it becomes in a mock interview: another problem, and the sentence with which the requirement changes; null = nothing. */
  readonly followUp: { readonly problemId: string; readonly change: string } | null;
  readonly lastVerdict: string | null;
  readonly bestScore: number | null;
}

export interface SectionSummary {
  readonly number: number;
  readonly title: string;
  readonly subtitle: string;
}

export interface ProblemList {
  readonly packTitle: string;
  readonly sections: readonly SectionSummary[];
  readonly problems: readonly ProblemSummary[];
}

export interface ProblemDetail extends ProblemSummary {
  readonly packId: string;
  /** The one that the learner has begun with; else the present one. */
  readonly version: string;
  /** What the learner may change to; null = this is the present one. */
  readonly newerVersion: string | null;
  /** Rendered on the server, sanitised. */
  readonly statementHtml: string;
  readonly followUps: readonly string[];
  /** Starter text per language. */
  readonly starter: Readonly<Partial<Record<Language, string>>>;
  /** What the module of functions beside the SQL script begins with; null = the problem wants none. */
  readonly starterFunctions: string | null;
  /** Read-only files beside the solution: `given.ts` (types) or `given.sql` (DDL). */
  readonly given: Readonly<Partial<Record<Language, string>>>;
  /** Kinds `trace` and `tune`: what the job in `given` is written in. null = the problem has none. */
  readonly jobLanguage: Language | null;
  /** Kind `upgrade`: version 1, from whose savepoint the answer goes on. null = there is none. */
  readonly predecessor: { readonly language: Language; readonly text: string } | null;
  readonly samples: readonly SampleWorld[];
  readonly hintCount: number;
  readonly hintsHtml: readonly string[];
  /** Whether there is an editorial, which is a route of its own. */
  readonly hasEditorial: boolean;
  /** What is to be filled in: a trace question's first variation, decisions, settings. null = the answer is a program. */
  readonly form: AnswerForm | null;
}

export interface ProblemVersionBody {
  readonly version: string;
}

/** What is asked of Run, Check and Submit. */
export interface SubmissionBody {
  readonly language: Language;
  /** At most 256 KB, together with `functions`. */
  readonly text: string;
  /** `sql` only: the TypeScript module whose exported classes CREATE FUNCTION names. Absent = none. */
  readonly functions?: string | undefined;
  /** `trace` only: which variation of the question is answered, from 0. Absent = the first. */
  readonly variation?: number | undefined;
  /** Submit only. Absent = `interactive`: somebody waits for the verdict. `batch`: many at once, judged beside those. */
  readonly lane?: SubmissionLane | undefined;
}

export interface CheckResult {
  readonly diagnostics: readonly DiagnosticData[];
}

/** Declaration files of the module `flink`, for the editor; `globals.d.ts` declares what a program has without importing it. */
export interface TypeFiles {
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export type SubmissionStatus = "queued" | "judging" | "judged";

export type SubmissionLane = "interactive" | "batch";

/** `pending`: the verdict stands and its explanation is still being looked for. `none`: there is and will be none. */
export type ExplanationState = "none" | "pending" | "ready";

export interface SubmissionSummary {
  readonly id: string;
  /** 1, 2, 3 … per problem and learner. */
  readonly number: number;
  readonly problemId: string;
  readonly language: Language;
  readonly status: SubmissionStatus;
  readonly verdict: string | null;
  readonly score: number | null;
  readonly maxScore: number | null;
  /** Version of the problem that it was, or will be, judged by. */
  readonly packVersion: string;
  readonly createdAtMs: number;
}

export interface SubmissionDetail extends SubmissionSummary {
  readonly text: string;
  /** The module of functions that was sent along; null = none. */
  readonly functions: string | null;
  /** Of a trace question; 0 for all other problems. */
  readonly variation: number;
  /** There as soon as `status` is `judged`; `report.explanation` comes when `explanation` is no longer `pending`. */
  readonly report: JudgeReport | null;
  readonly explanation: ExplanationState;
  /** The smallest world of the explanation can be run again with changes. False: it was too large to keep, or was explained before worlds were kept. */
  readonly worldKept: boolean;
}

export interface Health {
  /** `ok` once the judge is ready; answers that need no judge are given before that. */
  readonly status: "ok" | "degraded";
  readonly judge: "starting" | "ready" | "failed";
  /** Verdicts come as quickly as they ever will; some time after `ready`, and never where the judge does not warm up. */
  readonly warm: boolean;
  readonly queued: number;
  readonly workers: number;
  readonly version: string;
}

/** Every error answer. `code` is AREA_WORDS, e.g. SUBMISSION_TOO_LARGE. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Seconds after which trying again makes sense; also sent as Retry-After. */
  readonly retryAfterS?: number;
}
