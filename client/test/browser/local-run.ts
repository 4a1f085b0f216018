/** Pages that watch what is asked of the server, and a guest that is asked without the page's own code. */
import type { Page } from "playwright-core";
import { type Journey, write } from "./journey.ts";

export interface WatchedPage {
  readonly page: Page;
  /** `METHOD path` of what the server has answered: what a policy blocks begins, too, but never finishes. */
  readonly asked: readonly string[];
}

export async function openWatched(journey: Journey): Promise<WatchedPage> {
  const page = await journey.newPage();
  const asked: string[] = [];
  page.on("requestfinished", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  return { page, asked };
}

/** Goes to a problem's workspace, unless the page is there, and writes this text. */
export async function openWith(journey: Journey, page: Page, problem: string, text: string): Promise<void> {
  if (!page.url().endsWith(`/learn/${problem}`)) await page.goto(`${journey.product.address}/learn/${problem}`);
  await write(page, text);
}

/** Presses Run and waits for a text in what it says. */
export async function run(page: Page, said: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: false }).first().click();
  await page.getByText(said).first().waitFor({ timeout: 60_000 });
}

/** Asks a guest in a frame as the page does, without the page's own code. */
export function askGuest(page: Page, problem: string, answer: { language: string; text: string }): Promise<readonly unknown[]> {
  return page.evaluate(
    async ([id, body]) => {
      const json = async (path: string, init?: RequestInit) => (await fetch(path, init)).json();
      const { guest, kit } = await json(`/api/problems/${id}/run-kit`);
      const headers = { "content-type": "application/json" };
      const { load } = await json(`/api/problems/${id}/program`, { method: "POST", headers, body: JSON.stringify(body) });
      const text = async (name: string) => (await fetch(`/runner/${guest}/${name}.js`)).text();
      const [shell, core, tables] = await Promise.all(["shell", "core", "tables"].map(text));
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.src = "/runner";
      document.body.append(frame);
      await new Promise((loaded) => frame.addEventListener("load", loaded));
      const { port1, port2 } = new MessageChannel();
      const next = () => new Promise<MessageEvent>((got) => port1.addEventListener("message", got, { once: true }));
      port1.start();
      const ready = next();
      frame.contentWindow?.postMessage({ shell, core, tables }, "*", [port2]);
      await ready;
      const ask = async (request: unknown) => {
        const answered = next();
        port1.postMessage({ id: 1, request: JSON.stringify(request) });
        return JSON.parse((await answered).data.answer);
      };
      const outcomes: unknown[] = [];
      for (const { world, upgrade } of kit.samples) {
        await ask(load);
        const how = { record: true, maxRecordingEvents: 20_000, maxChars: 64_000_000, ...(upgrade === null ? {} : { upgrade }) };
        outcomes.push(await ask({ kind: "run", world, ...how }));
      }
      frame.remove();
      return outcomes;
    },
    [problem, answer] as const,
  );
}
