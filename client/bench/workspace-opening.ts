/**
 * How long it takes until the workspace can be used, in a real browser against the real server, warm (the browser has the files, the server has answered before).
 *
 * From the navigation until the statement is laid out, Run and Submit stand ready, a tab that is pressed is chosen, the plain editor keeps what is typed, and the
 * frame that shows it is painted. Monaco, which is megabytes to parse, must not be asked for before the frame in which all of it stands.
 */
import type { Page } from "playwright-core";
import { launchBrowser } from "../test/browser/launch.ts";
import { startProduct } from "../test/browser/product.ts";
import { line, quantile } from "./quantile.ts";

const PROBLEM = "windowed-word-count";
const TARGET_MS = 1_000;
const DEFAULT_VISITS = 15;

interface Opening {
  /** When statement, buttons, tabs and editor stood, in the frame that was to be painted next. */
  readonly standsMs: number;
  /** Since the navigation began. */
  readonly usableMs: number;
  /** When the first file of Monaco was asked for. */
  readonly monacoMs: number;
}

/** Runs in the page, from its first script on: tries out the workspace in every frame, until all of it answers. */
function tryOut(): void {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const usable = async (): Promise<boolean> => {
    const statement = document.querySelector("#problem-pane h1, #problem-pane h2");
    const buttons = [...document.querySelectorAll<HTMLButtonElement>("#editor-pane .act button")];
    const tabs = [...document.querySelectorAll<HTMLElement>("#runs-pane [role=tab]")];
    const area = document.querySelector<HTMLTextAreaElement>("#editor-pane textarea");
    if (statement === null || statement.getBoundingClientRect().height === 0 || document.querySelector("#problem-pane p") === null)
      return false;
    if (buttons.length !== 2 || buttons.some(({ disabled }) => disabled) || tabs.length < 2 || area === null) return false;
    Object.assign(window, { standsMs: (window as { standsMs?: number }).standsMs ?? performance.now() });
    const other = tabs.find((tab) => tab.getAttribute("aria-selected") !== "true")!;
    const chosen = tabs.find((tab) => tab.getAttribute("aria-selected") === "true")!;
    other.click();
    await frame();
    if (other.getAttribute("aria-selected") !== "true") return false;
    chosen.click();
    area.focus();
    document.execCommand("insertText", false, "//");
    await frame();
    return area.value.includes("//");
  };
  const begin = async () => {
    while (!(await usable())) await frame();
    await painted();
    Object.assign(window, { usableMs: performance.now() });
  };
  if (location.pathname.startsWith("/learn/")) void begin();
}

async function open(page: Page, url: string): Promise<Opening> {
  await page.goto("about:blank");
  await page.goto(url);
  await page.waitForSelector(".monaco-editor .view-line");
  return page.evaluate(() => ({
    ...(({ standsMs, usableMs }) => ({ standsMs, usableMs }))(window as unknown as { standsMs: number; usableMs: number }),
    monacoMs: Math.min(
      ...performance
        .getEntriesByType("resource")
        .filter(({ name }) => /\/(monaco|editor\.api|editor)-[^/]*\.(js|css)$/.test(name))
        .map(({ startTime }) => startTime),
    ),
  }));
}

/** Measures and prints. @returns whether the target was met. */
export async function measureOpening(visits = DEFAULT_VISITS): Promise<boolean> {
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(60_000);
    await page.addInitScript(tryOut);
    const url = `${product.address}/learn/${PROBLEM}`;
    for (let i = 0; i < 3; i++) await open(page, url);
    const openings: Opening[] = [];
    for (let i = 0; i < visits; i++) openings.push(await open(page, url));
    const usable = openings.map(({ usableMs }) => usableMs);
    const stands = openings.map(({ standsMs }) => standsMs);
    const p95 = quantile(usable, 0.95);
    const early = openings.filter(({ standsMs, monacoMs }) => !(monacoMs >= standsMs)).length;
    const met = p95 <= TARGET_MS && early === 0;
    console.log(`Workspace of ${PROBLEM} opened, warm, ${visits} times`);
    console.log(line("navigation to all in place", stands));
    console.log(line("navigation to usable", usable));
    console.log(`Monaco asked for before     ${early} of ${visits} times`);
    console.log(`${met ? "met" : "MISSED"}: p95 at most ${TARGET_MS} ms, Monaco after it`);
    return met;
  } finally {
    await browser.close();
    await product.stop();
  }
}
