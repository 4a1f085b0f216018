/** The description of the API as one page of plain HTML: no script, nothing from elsewhere. */
import { ERRORS } from "../errors.ts";
import type { ErrorEntry } from "../errors/entry.ts";

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
}

/** What is used of an operation. */
export interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>;
}

/** What is used of an OpenAPI document. */
export interface ApiDescription {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export function docsPage({ info, paths = {} }: ApiDescription): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      resource: path.split("/")[2] ?? "",
      operation,
    })),
  );
  const resources = [...new Set(operations.map(({ resource }) => resource))];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(info.title)} API</title>
<style>
  :root { background: Canvas; color: CanvasText; color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { font-size: 1.3rem; margin: 3rem 0 0; border-top: 1px solid; padding-top: 1rem; }
  h3 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 1.5rem 0 0; overflow-wrap: anywhere; }
  p { margin: .25rem 0 .5rem; max-width: 48rem; }
  nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
  table { border-collapse: collapse; font-size: .85rem; } th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); white-space: nowrap; } td:last-child { white-space: normal; min-width: 14rem; }
  .scroll { overflow-x: auto; margin-bottom: .5rem; } .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  pre { overflow: auto; padding: .75rem; border: 1px solid; border-radius: 4px; font-size: .85rem; }
  summary { cursor: pointer; }
</style>
<main>
<h1>${escapeHtml(info.title)} ${escapeHtml(info.version)}: API</h1>
<p>${escapeHtml(info.description ?? "")} The same for programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Parts"><ul>${resources.map((name) => `<li><a href="#${name}">${name}</a></li>`).join("")}<li><a href="#errors">errors</a></li></ul></nav>
${resources
  .map(
    (name) =>
      `<h2 id="${name}">${name}</h2>\n${operations
        .filter((each) => each.resource === name)
        .map(section)
        .join("\n")}`,
  )
  .join("\n")}
${errorTable()}
</main>
</html>
`;
}

function section({ name, operation }: { readonly name: string; readonly operation: Operation }): string {
  const { summary = "", description = "", parameters = [], requestBody, responses = {} } = operation;
  const parts = [
    ...(parameters.length === 0 ? [] : [parameterTable(name, parameters)]),
    ...schemasOf(requestBody).map(({ type, schema }) => folded(`Body, ${type}`, schema)),
    ...Object.entries(responses)
      .filter(([status]) => /^2\d\d$/.test(status))
      .flatMap(([status, answer]) => {
        const bodies = schemasOf(answer);
        return bodies.length === 0
          ? [`<p>Answer ${status}, without a body.</p>`]
          : bodies.map(({ type, schema }) => folded(`Answer ${status}, ${type}`, schema));
      }),
  ];
  return `<section>\n<h3>${escapeHtml(name)}</h3>\n<p>${escapeHtml(summary)} ${escapeHtml(description)}</p>\n${parts.join("\n")}\n</section>`;
}

function parameterTable(of: string, parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, required = false, schema }) => {
    const { type, ...bounds } = (schema ?? {}) as Readonly<Record<string, unknown>>;
    const bound = Object.entries(bounds)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(", ");
    const cells = [name, place, required ? "required" : "optional", [String(type ?? ""), bound].filter((part) => part !== "").join(", ")];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Parameters of ${escapeHtml(of)}"><table><thead><tr><th scope="col">parameter</th><th scope="col">in</th><th scope="col"><span class="sr">required</span></th><th scope="col">value</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** Every code that an error may have: programs go by it, people by the sentence. */
function errorTable(): string {
  const entries: [string, ErrorEntry][] = Object.entries(ERRORS);
  const rows = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, message, hint = "" }]) =>
        `<tr><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(`${message} ${hint}`.trim())}</td></tr>`,
    );
  return `<h2 id="errors">errors</h2>
<p>Every failure has one of these codes. Codes stay; sentences may say more, or change.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="errors"><table><thead><tr><th scope="col">code</th><th scope="col">status</th><th scope="col">message and hint</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function schemasOf({ content = {} }: Content = {}): { readonly type: string; readonly schema: unknown }[] {
  return Object.entries(content).flatMap(([type, { schema }]) => (schema === undefined ? [] : [{ type, schema }]));
}

function folded(title: string, schema: unknown): string {
  return `<details><summary>${escapeHtml(title)}</summary><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
