/**
 * Bad values for everything that a route takes, made from the OpenAPI document: each parameter and each field of each body, missing, of the wrong type, out of range, too large, or
 * hostile. All of it is answered by an error of our own shape that tells nothing of the inside, and nothing has changed afterwards. A route that takes a body and has
 * no example here fails; so does a parameter without a value that works.
 */
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SubmissionSummary } from "../src/contract/index.ts";
import { newJoinCode } from "../src/services/classes/join-code.ts";
import { ALLOWANCES, type Allowances } from "../src/services/rate-limits.ts";
import { type Browser, PASSWORD, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What is used of a JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: "path" | "query" | "header"; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

const ANSWER = { language: "sql", text: "accept" };

/** A body that each route takes, or would if there were nothing else against it. */
const BODIES: Readonly<Record<string, unknown>> = {
  "POST /api/session": { name: "root", password: PASSWORD },
  "PUT /api/session/password": { current: PASSWORD, next: "another password" },
  "POST /api/accounts": { name: "somebody", password: PASSWORD, invitation: "x" },
  "POST /api/password": { token: "x", password: PASSWORD },
  "PUT /api/problems/{id}/version": { version: "1.0.0" },
  "POST /api/problems/{id}/run": { ...ANSWER, functions: "export class F {}", variation: 0 },
  "POST /api/problems/{id}/check": ANSWER,
  "POST /api/problems/{id}/program": { ...ANSWER, functions: "export class F {}" },
  "POST /api/problems/{id}/changed-run": {
    ...ANSWER,
    sample: 0,
    changes: [
      { what: "move", topic: "t", partition: 0, offset: 0, byMs: 1 },
      { what: "remove", topic: "t", partition: 0, offset: 0 },
      { what: "add", topic: "t", partition: 0, atMs: 1, key: null, valueJson: "1" },
      { what: "kill", taskManager: 1, atMs: 1 },
      { what: "spare", fault: 0 },
    ],
  },
  "POST /api/submissions/{id}/changed-run": { changes: [{ what: "spare", fault: 0 }] },
  "POST /api/problems/{id}/submissions": { ...ANSWER, lane: "batch" },
  "PUT /api/problems/{id}/drafts/{file}": { text: "x", baseRevision: 1 },
  "POST /api/reviews": { reviews: [{ item: "card:test.window", atMs: 1, grade: 3 }] },
  "POST /api/rejudges": { problemId: "word-count", packVersion: "1.0.0", verdict: "accepted" },
  "POST /api/rejudges/{id}/apply": {},
  "POST /api/rejudges/{id}/cancel": {},
  "POST /api/users": { name: "made", role: "learner", password: PASSWORD },
  "PATCH /api/users/{id}": { role: "learner", isActive: true },
  "POST /api/invitations": { role: "learner" },
  "POST /api/classes": { name: "Streams" },
  "POST /api/classes/join": { code: "AAAA-AAAA" },
  "PATCH /api/classes/{id}": { name: "Streams" },
  "POST /api/classes/{id}/instructors": { name: "teacher" },
  "POST /api/classes/{id}/assignments": { title: "Week 1", problemIds: ["word-count"], dueAtMs: 1 },
  "PUT /api/classes/{id}/assignments/{assignment}": { title: "Week 1", problemIds: ["word-count"], dueAtMs: 1 },
  "PATCH /api/packs/{id}": { status: "active" },
};

/** Fields in which any text is a program, a draft or data: nothing to refuse. All others are lines that somebody reads. */
const FREE_TEXT = new Set([
  "POST /api/problems/{id}/run text",
  "POST /api/problems/{id}/run functions",
  "POST /api/problems/{id}/check text",
  "POST /api/problems/{id}/program text",
  "POST /api/problems/{id}/program functions",
  "POST /api/problems/{id}/changed-run text",
  "POST /api/problems/{id}/submissions text",
  "PUT /api/problems/{id}/drafts/{file} text",
  // Of a topic that the world does not have; the judge of these tests has no worlds.
  "POST /api/problems/{id}/changed-run changes.0.topic",
  "POST /api/problems/{id}/changed-run changes.1.topic",
  "POST /api/problems/{id}/changed-run changes.2.topic",
  "POST /api/problems/{id}/changed-run changes.2.valueJson",
]);

const HOSTILE: readonly string[] = [
  "no such",
  "../../../../etc/passwd",
  "..\\..\\windows\\win.ini",
  "' OR '1'='1",
  "1; DROP TABLE users; --",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://example.org")',
  "__proto__",
  "constructor",
  "a\u0000b",
  "\u202egnp.exe",
  "\ud800",
  "{{7*7}}#{7*7}",
  "x".repeat(150),
];

let test: TestApp;
let root: Browser & { readonly id: string };
let routes: readonly Route[] = [];
/** By name, what works in the path of a route. */
let params: Readonly<Record<string, string>> = {};
const dataDir = tempDir();

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

beforeAll(async () => {
  const unlimited = Object.fromEntries(
    Object.keys(ALLOWANCES).map((what) => [what, { user: { burst: 1e6, everyMs: 1 }, address: { burst: 1e6, everyMs: 1 } }]),
  ) as Allowances;
  test = await makeApp({ accounts: true, dataDir }, new InProcessJudge(2), {
    allowances: unlimited,
    runLane: { atOnce: 2, maxWaiting: 9 },
    now: () => 1_800_000_000_000,
  });
  await test.queue.start();
  const { app, parts } = test;
  root = await userWith(app, parts, "root", "admin");
  const learner = await userWith(app, parts, "learner", "learner");
  const teacher = await userWith(app, parts, "teacher", "instructor");
  const submission = (await root.call("POST", "/problems/word-count/submissions", { body: ANSWER })).json<SubmissionSummary>().id;
  await vi.waitUntil(async () => (await test.submissions.find(submission))?.status === "judged");
  const rejudge = (await test.rejudges.create(
    { problemId: "word-count" },
    { createdBy: root.id, onlyOf: null, createdAtMs: 1, maxItems: 9 },
  ))!.id;
  test.queue.wake();
  await vi.waitUntil(async () => (await test.rejudges.find(rejudge, null))?.state === "ready");
  const { id: classId, code } = await parts.classes.add({ name: "Streams", ownerId: root.id, code: newJoinCode(), createdAtMs: 1 });
  await parts.classes.join(code!, { userId: learner.id, joinedAtMs: 1, maxMembers: 9 });
  await parts.classes.addInstructor(classId, teacher.id, 1);
  const assignment = await parts.classes.addAssignment(classId, { title: "Week 1", problemIds: ["word-count"], dueAtMs: null }, 1);
  const pack = randomUUID();
  const texts = { packId: "mini", title: "Mini", version: "1.0.0", problems: 0, diagnostics: [] };
  await parts.packs.add({ id: pack, ...texts, state: "failed", status: "draft", uploadedBy: root.id, createdAtMs: 1 });
  const invitation = await parts.accounts.invite({ role: "learner" }, root.id);
  await root.call("PUT", "/problems/word-count/drafts/sql", { body: { text: "x" } });
  params = {
    "problems/id": "word-count",
    "problems/file": "sql",
    "problems/number": "1",
    "lessons/id": "test.windows",
    "submissions/id": submission,
    "rejudges/id": rejudge,
    "users/id": learner.id,
    "classes/id": classId,
    "classes/user": learner.id,
    "classes/assignment": assignment.id,
    "packs/id": pack,
    "packs/problem": "first",
    "invitations/id": invitation.id,
  };
  const { paths } = (await app.inject("/api/openapi.json")).json<{ paths: Record<string, Record<string, Operation>> }>();
  // What lies beside the API are files.
  const api = Object.entries(paths).filter(([path]) => path.startsWith("/api/"));
  routes = api.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase() as Method, path, operation })),
  );
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

/** The route's address below /api, with parameters that work, but for those given. */
function urlOf({ path }: Route, given: Readonly<Record<string, string>> = {}): string {
  const [, , resource] = path.split("/");
  return path
    .slice("/api".length)
    .replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? params[`${resource}/${name}`] ?? `no-value-for-${name}`);
}

/** Everything that is stored, but for what is written about refusals themselves. */
function stored(): string {
  const { db } = test.database;
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
  return JSON.stringify(
    tables.filter(({ name }) => name !== "audit_entries").map(({ name }) => [name, db.all(`SELECT * FROM "${name}" ORDER BY 1, 2`)]),
  );
}

/** What is wrong with an answer to bad input; null = nothing. */
function faultOf(response: LightMyRequestResponse, { mayBeTaken = false } = {}): string | null {
  const { statusCode, headers, body } = response;
  const shown = body.slice(0, 200);
  const leak =
    /node_modules|\.ts:\d|\n\s+at |SQLITE|sqlite3|drizzle|ZodError|better-sqlite/i.exec(body)?.[0] ??
    (body.includes(dataDir) ? dataDir : null);
  if (leak !== null) return `tells of the inside (${leak}): ${shown}`;
  if (statusCode >= 500) return `${statusCode}: ${shown}`;
  if (headers["x-content-type-options"] !== "nosniff") return "may be sniffed";
  if (statusCode < 400) return mayBeTaken ? null : `${statusCode}, as if it were good: ${shown}`;
  if (!String(headers["content-type"]).startsWith("application/json")) return `is no JSON: ${String(headers["content-type"])}`;
  const error = response.json<Record<string, unknown>>();
  const isOurs =
    typeof error["code"] === "string" &&
    /^[A-Z]+(_[A-Z]+)*$/.test(error["code"]) &&
    typeof error["message"] === "string" &&
    Object.keys(error).every((key) => ["code", "message", "hint", "retryAfterS"].includes(key));
  return isOurs ? null : `has another shape: ${shown}`;
}

/** Bad values for what the schema says, each with a name. */
function badValues(schema: Schema): [name: string, value: unknown][] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    const isNullable = alternatives.some(({ type }) => type === "null");
    const others = alternatives.filter(({ type }) => type !== "null");
    // Of several forms only what none of them takes is bad for certain.
    const own =
      others.length === 1
        ? badValues(others[0]!)
        : [["another form", { what: "nothing" }] as [string, unknown], ["a text", "x"] as [string, unknown]];
    return own.filter(([, value]) => !(isNullable && value === null));
  }
  const wrong: [string, unknown][] = [
    ["null", null],
    ["an object", { a: 1 }],
    ["a list in a list", [[[]]]],
  ];
  switch (schema.type) {
    case "string":
      return [
        ...wrong,
        ["a number", 7],
        ["true", true],
        ...(schema.enum === undefined
          ? []
          : ([
              ["another word", "no such word"],
              ["nothing", ""],
              ["a name of every object", "constructor"],
            ] as [string, unknown][])),
        ...(schema.minLength === undefined ? [] : ([["too short", ""]] as [string, unknown][])),
        schema.enum === undefined ? ["too long", "x".repeat((schema.maxLength ?? 300 * 1024) + 1)] : ["a long word", "x".repeat(5000)],
      ];
    case "integer":
    case "number":
      return [
        ...wrong,
        ["a text", "1"],
        ["true", true],
        ...(schema.type === "integer"
          ? ([
              ["a fraction", 1.5],
              ["more than exact", 1e300],
            ] as [string, unknown][])
          : []),
        ...(schema.minimum === undefined || schema.minimum <= -9e15 ? [] : ([["too small", schema.minimum - 1]] as [string, unknown][])),
        ...(schema.maximum === undefined || schema.maximum >= 9e15 ? [] : ([["too large", schema.maximum + 1]] as [string, unknown][])),
      ];
    case "boolean":
      return [...wrong, ["a text", "true"], ["a number", 1]];
    case "array":
      return [
        ["null", null],
        ["an object", {}],
        ["a text", "x"],
        ...(schema.minItems === undefined ? [] : ([["too few", []]] as [string, unknown][])),
        ...(schema.maxItems === undefined
          ? []
          : ([["too many", Array.from({ length: schema.maxItems + 1 }, () => null)]] as [string, unknown][])),
      ];
    case "object":
      return [
        ["null", null],
        ["a list", []],
        ["a text", "x"],
        ["a number", 7],
      ];
    default:
      return [];
  }
}

interface BadBody {
  readonly name: string;
  readonly body: unknown;
}

/** The example with one thing wrong, at every place of it. */
function badBodies(schema: Schema, example: unknown, put: (value: unknown) => unknown, where: string): BadBody[] {
  const at = (name: string, value: unknown): BadBody => ({ name: `${where || "body"}: ${name}`, body: put(value) });
  const bad = badValues(schema).map(([name, value]) => at(name, value));
  const form =
    schema.oneOf === undefined
      ? schema
      : schema.oneOf.find(({ properties = {} }) => properties["what"]?.enum?.includes((example as { what?: unknown }).what));
  if (form?.properties !== undefined) {
    const fields = example as Record<string, unknown>;
    for (const [key, property] of Object.entries(form.properties)) {
      const path = where === "" ? key : `${where}.${key}`;
      if (form.required?.includes(key) === true) {
        const { [key]: _, ...rest } = fields;
        bad.push({ name: `${path}: missing`, body: put(rest) });
      }
      if (key in fields) bad.push(...badBodies(property, fields[key], (value) => put({ ...fields, [key]: value }), path));
    }
    if (form.additionalProperties === false) bad.push(at("a field too many", { ...fields, "<b>more</b>": 1 }));
  }
  if (form?.items !== undefined && Array.isArray(example))
    example.forEach((item, index) =>
      bad.push(...badBodies(form.items!, item, (value) => put(example.with(index, value)), `${where}.${index}`)),
    );
  return bad;
}

/** Every place of the example that holds a text. */
function textPlaces(
  example: unknown,
  put: (value: unknown) => unknown,
  where = "",
): { readonly where: string; readonly put: (text: string) => unknown }[] {
  if (typeof example === "string") return [{ where, put }];
  if (Array.isArray(example))
    return example.flatMap((item, i) => textPlaces(item, (value) => put(example.with(i, value)), `${where}.${i}`.replace(/^\./, "")));
  if (example !== null && typeof example === "object")
    return Object.entries(example).flatMap(([key, value]) =>
      textPlaces(value, (next) => put({ ...example, [key]: next }), `${where}.${key}`.replace(/^\./, "")),
    );
  return [];
}

async function send(
  route: Route,
  options: { readonly url?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
) {
  const { url = urlOf(route), ...rest } = options;
  const body = "body" in options ? options.body : BODIES[nameOf(route)];
  return root.call(route.method, url, { ...rest, ...(body === undefined ? {} : { body }) });
}

it("the OpenAPI document tells of every route", () => {
  const told = new Set(routes.map(nameOf));
  const known = test.routes.map(({ name }) => name.replace(/:(\w+)/g, "{$1}")).filter((name) => !name.startsWith("HEAD "));
  const hidden = ["GET /api/docs", "GET /api/openapi.json"];
  expect(known.filter((name) => !told.has(name) && !hidden.includes(name))).toEqual([]);
});

it("every route that takes a body has an example here, every parameter a value", () => {
  const withBody = routes.filter(({ operation }) => operation.requestBody?.content["application/json"] !== undefined).map(nameOf);
  expect(withBody.sort()).toEqual(Object.keys(BODIES).sort());
  expect(routes.map((route) => urlOf(route)).filter((url) => url.includes("no-value-for"))).toEqual([]);
});

describe("is refused in words, and leaves everything as it was:", () => {
  /** Sends all of it and says what was wrong with the answers. */
  async function faults(
    bad: Iterable<readonly [name: string, send: () => Promise<LightMyRequestResponse>, mayBeTaken?: boolean]>,
  ): Promise<string[]> {
    const before = stored();
    const found: string[] = [];
    let tried = 0;
    for (const [name, call, mayBeTaken = false] of bad) {
      tried++;
      const fault = faultOf(await call(), { mayBeTaken });
      if (fault !== null) found.push(`${name} → ${fault}`);
    }
    expect(tried).toBeGreaterThan(20);
    if (stored() !== before) found.push("something that is stored has changed");
    return found;
  }

  it("a parameter of the path that is none", async () => {
    expect(
      await faults(
        routes.flatMap((route) =>
          (route.operation.parameters ?? [])
            .filter((parameter) => parameter.in === "path")
            .flatMap(({ name, schema }) =>
              (schema.type === "integer"
                ? ["0", "-1", "1.5", "abc", "1e400", "NaN", "0x10"]
                : HOSTILE.filter((value) => schema.pattern === undefined || !new RegExp(schema.pattern, "u").test(value))
              ).map(
                (value) =>
                  [
                    `${nameOf(route)} with ${name} = ${JSON.stringify(value.slice(0, 30))}`,
                    () => send(route, { url: urlOf(route, { [name]: encodeURIComponent(value.toWellFormed()) }) }),
                  ] as const,
              ),
            ),
        ),
      ),
    ).toEqual([]);
  });

  it("a path that is no path", async () => {
    const withParams = routes.filter(({ path }) => path.includes("{"));
    expect(
      await faults(
        withParams.flatMap((route) =>
          ["%zz", "%c0%ae%c0%ae", "x".repeat(500)].map(
            (value) =>
              [
                `${nameOf(route)} at ${value.slice(0, 20)}`,
                () =>
                  send(route, {
                    url: route.path
                      .slice(4)
                      .replace(/\{\w+\}/, value)
                      .replace(/\{\w+\}/g, "x"),
                  }),
              ] as const,
          ),
        ),
      ),
    ).toEqual([]);
  });

  it("a query out of range or of the wrong kind", async () => {
    expect(
      await faults(
        routes.flatMap((route) =>
          (route.operation.parameters ?? [])
            .filter((parameter) => parameter.in === "query")
            .flatMap(({ name, schema }) => {
              const numbers = ["abc", "-1", "1.5", "NaN", "1e400", String((schema.maximum ?? 1) + 1), ["1", "2"].join(`&${name}=`)];
              const texts = ["x".repeat((schema.maxLength ?? 1000) + 1)];
              return (schema.type === "integer" ? numbers : texts).map(
                (value) =>
                  [
                    `${nameOf(route)}?${name}=${value.slice(0, 20)}`,
                    () => send(route, { url: `${urlOf(route)}?${name}=${value}` }),
                  ] as const,
              );
            }),
        ),
      ),
    ).toEqual([]);
  });

  it("a body with one thing wrong in it", async () => {
    const cases = routes.flatMap((route) => {
      const schema = route.operation.requestBody?.content["application/json"]?.schema;
      if (schema === undefined) return [];
      return badBodies(schema, BODIES[nameOf(route)], (value) => value, "").map(
        ({ name, body }) => [`${nameOf(route)} ${name}`, () => send(route, { body })] as const,
      );
    });
    expect(cases.length).toBeGreaterThan(500);
    expect(await faults(cases)).toEqual([]);
  });

  it("what is no JSON, no object, of another type, or far too large", async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const bodies: readonly [name: string, text: string, type?: string][] = [
      ["nothing", ""],
      ["half of it", '{"name":"x'],
      ["a list", "[]"],
      ["a number", "7"],
      ["null", "null"],
      ["a very deep one", deep],
      ["a prototype", '{"__proto__":{"role":"admin"},"constructor":{"prototype":{}}}'],
      ["3 MB", JSON.stringify({ name: "x".repeat(3_000_000) })],
      ["a form", "name=x&password=y", "application/x-www-form-urlencoded"],
      ["a text", "{}", "text/plain"],
      ["XML", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "application/xml"],
      ["parts", "--x\r\n\r\n--x--", "multipart/form-data; boundary=x"],
    ];
    const withBody = routes.filter((route) => nameOf(route) in BODIES && Object.keys(BODIES[nameOf(route)] as object).length > 0);
    expect(
      await faults(
        withBody.flatMap((route) =>
          bodies.map(
            ([name, body, type]) =>
              [
                `${nameOf(route)} ${name}`,
                () => send(route, { body, headers: type === undefined ? {} : { "content-type": type } }),
              ] as const,
          ),
        ),
      ),
    ).toEqual([]);
  });

  it("what carries a stale token, or comes from a page of somebody else's", async () => {
    const writing = routes.filter(
      ({ method, path }) => method !== "GET" && !["/api/session", "/api/accounts", "/api/password"].includes(path),
    );
    expect(
      await faults(
        writing.flatMap((route) =>
          [
            { "x-millrace-csrf": "stale" },
            { "x-millrace-csrf": "" },
            { origin: "https://example.org" },
            { "sec-fetch-site": "cross-site" },
          ].map(
            (headers) =>
              [
                `${nameOf(route)} ${JSON.stringify(headers)}`,
                () => send(route, { headers: headers as unknown as Record<string, string> }),
              ] as const,
          ),
        ),
      ),
    ).toEqual([]);
  });

  it("an id of an event that is none", async () => {
    const streams = routes.filter(({ path }) => path.endsWith("/events"));
    for (const route of streams)
      for (const id of ["abc", "-5", "1e99", "1.2.3", "x".repeat(5000), "99999999999999999999"]) {
        const response = await send(route, { headers: { "last-event-id": id } });
        expect([200, 204], `${nameOf(route)} ${id.slice(0, 20)}`).toContain(response.statusCode);
        expect(response.body).not.toContain("undefined");
      }
  });
});

it("a hostile text in any field is refused or kept as a text: no route breaks on it, and none tells of the inside", async () => {
  const found: string[] = [];
  for (const route of routes) {
    if (!(nameOf(route) in BODIES) || route.path === "/api/session") continue;
    for (const { where, put } of textPlaces(BODIES[nameOf(route)], (value) => value))
      for (const text of HOSTILE) {
        const response = await send(route, { body: put(text) });
        const fault = faultOf(response, { mayBeTaken: true });
        if (fault !== null) found.push(`${nameOf(route)} ${where} = ${JSON.stringify(text.slice(0, 30))} → ${fault}`);
        const isTaken = response.statusCode < 300;
        if (isTaken && text.includes("\u202e") && !FREE_TEXT.has(`${nameOf(route)} ${where}`))
          found.push(`${nameOf(route)} ${where} takes a text that turns round`);
      }
  }
  expect(found).toEqual([]);
});
