/** Addresses of the pages. The only place that knows how a path is built or read. */

export type Route =
  | { readonly page: "catalogue" }
  | { readonly page: "workspace"; readonly problem: string }
  | { readonly page: "verdict"; readonly problem: string; readonly submission: string }
  | { readonly page: "stage"; readonly problem: string }
  | { readonly page: "interview" }
  | { readonly page: "cards" }
  | { readonly page: "lessons" }
  | { readonly page: "lesson"; readonly lesson: string }
  | { readonly page: "entry"; readonly form: "register" | "setPassword" }
  | { readonly page: "account" }
  | { readonly page: "classes" }
  | { readonly page: "teach"; readonly room: TeachRoom }
  | { readonly page: "admin"; readonly room: AdminRoom }
  | { readonly page: "notFound" };

/** Parts of the instructors' area. */
export type TeachRoom =
  | { readonly name: "packs" | "classes" | "rejudges" | "invitations" }
  | { readonly name: "pack" | "class" | "rejudge"; readonly id: string }
  | { readonly name: "preview"; readonly id: string; readonly problem: string };

/** Parts of the administrators' area. */
export type AdminRoom = { readonly name: "users" | "audit" };

/** A list, and what one of its members is called. */
const ROOMS = { packs: "pack", classes: "class", rejudges: "rejudge" } as const;

/** Pages of one word. */
const PLAIN: Readonly<Record<string, Route>> = {
  register: { page: "entry", form: "register" },
  "set-password": { page: "entry", form: "setPassword" },
  account: { page: "account" },
  classes: { page: "classes" },
  interview: { page: "interview" },
  cards: { page: "cards" },
  lessons: { page: "lessons" },
};

export function parseRoute(path: string): Route {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  if (parts.length === 0) return { page: "catalogue" };
  if (parts.length === 1 && parts[0] !== null && Object.hasOwn(PLAIN, parts[0])) return PLAIN[parts[0]];
  if (parts[0] === "teach" && !parts.includes(null)) return teachRoute(parts.slice(1) as string[]);
  if (parts[0] === "admin") return adminRoute(parts.slice(1));
  if (parts.length === 2 && parts[0] === "lessons" && parts[1] !== null) return { page: "lesson", lesson: parts[1] };
  if (parts[0] !== "learn" || parts.includes(null)) return { page: "notFound" };
  const [, problem, submissions, submission] = parts;
  if (parts.length === 1) return { page: "catalogue" };
  if (parts.length === 2 && problem !== null) return { page: "workspace", problem };
  if (parts.length === 3 && submissions === "stage" && problem !== null) return { page: "stage", problem };
  if (parts.length === 4 && submissions === "submissions" && problem !== null && submission !== null) {
    return { page: "verdict", problem, submission };
  }
  return { page: "notFound" };
}

function teachRoute([list = "packs", id, problems, problem, ...rest]: readonly string[]): Route {
  const member = Object.hasOwn(ROOMS, list) ? ROOMS[list as keyof typeof ROOMS] : null;
  if (id === undefined) {
    return member !== null || list === "invitations" ? { page: "teach", room: { name: list as "packs" } } : { page: "notFound" };
  }
  if (member !== null && problems === undefined) return { page: "teach", room: { name: member, id } };
  if (member === "pack" && problems === "problems" && problem !== undefined && rest.length === 0) {
    return { page: "teach", room: { name: "preview", id, problem } };
  }
  return { page: "notFound" };
}

function adminRoute([name = "users", ...rest]: readonly (string | null)[]): Route {
  return (name === "users" || name === "audit") && rest.length === 0 ? { page: "admin", room: { name } } : { page: "notFound" };
}

export const paths = {
  catalogue: "/",
  workspace: (problem: string) => `/learn/${encodeURIComponent(problem)}`,
  verdict: (problem: string, submission: string) => `/learn/${encodeURIComponent(problem)}/submissions/${encodeURIComponent(submission)}`,
  /** Of a sample run (its index), or of the smallest world of a submission. What is looked at follows in the query: see `state/stage-address.ts`. */
  stage: (problem: string, of: { readonly sample: number } | { readonly submission: string }) =>
    `/learn/${encodeURIComponent(problem)}/stage?${"sample" in of ? `sample=${of.sample + 1}` : `submission=${encodeURIComponent(of.submission)}`}`,
  interview: "/interview",
  /** Those that are due; of a section, all of it. */
  cards: (section?: number) => (section === undefined ? "/cards" : `/cards?section=${section}`),
  lessons: "/lessons",
  lesson: (lesson: string) => `/lessons/${encodeURIComponent(lesson)}`,
  register: "/register",
  account: "/account",
  classes: "/classes",
  teach: (list: keyof typeof ROOMS | "invitations") => `/teach/${list}`,
  pack: (id: string) => `/teach/packs/${encodeURIComponent(id)}`,
  preview: (id: string, problem: string) => `/teach/packs/${encodeURIComponent(id)}/problems/${encodeURIComponent(problem)}`,
  class: (id: string) => `/teach/classes/${encodeURIComponent(id)}`,
  rejudge: (id: string) => `/teach/rejudges/${encodeURIComponent(id)}`,
  admin: (name: AdminRoom["name"]) => `/admin/${name}`,
} as const;

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
