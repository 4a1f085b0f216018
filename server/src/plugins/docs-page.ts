/** The description of the API as one page of plain HTML: no script, nothing from elsewhere. */
import type { RouteAccess } from "./access.ts";

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>;
}

/** What is used of an OpenAPI document. */
export interface ApiDescription {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const FOR_WHOM = {
  public: "everybody",
  operator: "administrators, and programs on the server's own machine",
  learner: "everybody who is logged in",
  instructor: "instructors and administrators",
  admin: "administrators",
} as const;

export function docsPage({ info, paths = {} }: ApiDescription, routes: readonly RouteAccess[]): string {
  const access = new Map(routes.map((route) => [route.name.replace(/:(\w+)/g, "{$1}"), FOR_WHOM[route.access]]));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(info.title)} API</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 2rem 0 0; overflow-wrap: anywhere; }
  pre { overflow: auto; padding: .75rem; border: 1px solid; border-radius: 4px; font-size: .85rem; }
  summary { cursor: pointer; }
</style>
<main>
<h1>${escapeHtml(info.title)} ${escapeHtml(info.version)}: API</h1>
<p>Answers are JSON. A failure is <code>{ code, message, hint?, retryAfterS? }</code> with a status that fits. Where people log in, everything that is no GET
carries the header <code>x-millrace-csrf</code> with the <code>csrfToken</code> of <code>GET /api/session</code>. The same for programs:
<a href="/api/openapi.json">openapi.json</a>.</p>
${operations.map(({ name, operation }) => section(name, access.get(name), operation)).join("\n")}
</main>
</html>
`;
}

function section(name: string, forWhom: string | undefined, { parameters = [], requestBody, responses = {} }: Operation): string {
  const parts = [
    ...(parameters.length === 0
      ? []
      : [
          folded(
            "Parameters",
            parameters.map(({ name: each, in: place, schema }) => ({ [`${place} ${each}`]: schema })),
          ),
        ]),
    ...schemasOf(requestBody).map((schema) => folded("Body", schema)),
    ...Object.entries(responses)
      .filter(([status]) => /^2\d\d$/.test(status))
      .flatMap(([status, answer]) => schemasOf(answer).map((schema) => folded(`Answer ${status}`, schema))),
  ];
  return `<section>\n<h2>${escapeHtml(name)}</h2>\n<p>For ${forWhom ?? "everybody"}.</p>\n${parts.join("\n")}\n</section>`;
}

function schemasOf({ content = {} }: Content = {}): unknown[] {
  return Object.values(content).flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
}

function folded(title: string, schema: unknown): string {
  return `<details><summary>${escapeHtml(title)}</summary><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
