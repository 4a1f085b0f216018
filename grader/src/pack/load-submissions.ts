/** `submissions/` and `submissions.yaml`: the answers, right and wrong, that a problem proves itself with. */
import type { Language } from "../judge/report.ts";
import { VERDICTS, type Verdict } from "../judge/verdict.ts";
import { EDIT_ENDING, editedSubmission } from "./edited-submission.ts";
import { nearest } from "./nearest.ts";
import type { BundledSubmission, ProblemKind } from "./problem.ts";
import type { ProblemFolder } from "./problem-folder.ts";
import { submissionsSchema } from "./schema/submissions.ts";

/** Names that the exceptions may refer to. */
interface Known {
  readonly hints: readonly string[];
  readonly groups: readonly string[];
}

export function loadSubmissions(folder: ProblemFolder, kind: ProblemKind, known: Known): BundledSubmission[] {
  const yaml = folder.yaml("submissions.yaml", submissionsSchema);
  const exceptions = yaml?.value ?? {};
  const found: BundledSubmission[] = [];
  for (const name of folder.list("submissions")) {
    const verdict = VERDICTS.find((candidate) => candidate === name);
    if (verdict === undefined) {
      const guess = nearest(name, VERDICTS);
      const hint = guess === null ? `Verdicts: ${VERDICTS.join(", ")}.` : `Did you mean \`${guess}\`?`;
      folder.complain("PACK_UNKNOWN_VERDICT", `submissions/${name}`, `Folder submissions/${name} names no verdict.`, undefined, hint);
      continue;
    }
    for (const file of folder.list(`submissions/${name}`)) {
      if (file.endsWith(".functions.ts")) continue;
      const path = `${name}/${file}`;
      const exception = exceptions[path];
      const edited = file.endsWith(EDIT_ENDING) ? editedSubmission(folder, path) : undefined;
      if (edited === null) continue;
      const language = exception?.language ?? languageOf(edited?.of ?? file, kind);
      if (language === null) {
        folder.complain("PACK_UNKNOWN_LANGUAGE", `submissions/${path}`, `${file}: a submission ends in .ts, .sql or .yaml.`);
        continue;
      }
      const hint = exception?.hint ?? null;
      if (hint !== null && !known.hints.includes(hint)) {
        const message = `hints.md has no hint \`${hint}\`.`;
        folder.complainUnknown("PACK_UNKNOWN_HINT", "submissions.yaml", message, hint, known.hints, yaml?.locate([path, "hint"]));
      }
      for (const group of Object.keys(exception?.groups ?? {})) {
        if (known.groups.includes(group)) continue;
        const message = `No group \`${group}\` in problem.yaml.`;
        folder.complainUnknown("PACK_UNKNOWN_GROUP", "submissions.yaml", message, group, known.groups, yaml?.locate([path, "groups"]));
      }
      found.push({
        path,
        language,
        text: edited?.text ?? folder.text(`submissions/${path}`, "keep") ?? "",
        isSolver: kind === "trace" && (edited?.of ?? path).endsWith(".ts"),
        functions: functionsOf(folder, `submissions/${edited?.of ?? path}`),
        permitted: exception?.permitted ?? ([verdict] satisfies Verdict[]),
        hint,
        score: exception?.score ?? null,
        groups: exception?.groups ?? {},
        equivalent: exception?.equivalent ?? {},
      });
    }
  }
  for (const path of Object.keys(exceptions)) {
    if (found.some((submission) => submission.path === path)) continue;
    folder.complain("PACK_MISSING_FILE", "submissions.yaml", `submissions/${path} does not exist.`, yaml?.locate([path]));
  }
  if (!found.some((submission) => submission.permitted.includes("accepted"))) folder.missing("submissions/accepted/*");
  return found;
}

/** By the file's ending; a form's language is that of the problem's kind. */
function languageOf(file: string, kind: ProblemKind): Language | null {
  if (file.endsWith(".ts")) return kind === "trace" ? "trace" : "datastream";
  if (file.endsWith(".sql")) return "sql";
  if (!file.endsWith(".yaml")) return null;
  return formLanguageOf(kind) ?? "trace";
}

/** What the answers of a kind are written in when they are forms; null when they are programs. */
export function formLanguageOf(kind: ProblemKind): "trace" | "decide" | "config" | null {
  return kind === "trace" || kind === "decide" ? kind : kind === "tune" ? "config" : null;
}

/** The module of functions beside a script. */
export function functionsOf(folder: ProblemFolder, script: string): string | undefined {
  return script.endsWith(".sql") ? (folder.text(functionsFileOf(script), "keep") ?? undefined) : undefined;
}

/** What a script's functions stand in: `my.functions.ts` beside `my.sql`. */
export function functionsFileOf(script: string): string {
  return `${script.slice(0, -".sql".length)}.functions.ts`;
}
