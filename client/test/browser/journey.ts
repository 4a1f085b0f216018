/**
 * What journeys have in common: the product (or the fixture server) of a file, a page in the one browser, and what visitors do over and over: write, submit,
 * log in. The server is a file's own, so that no file sees what another one has left behind.
 */
import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import { startFixtureServer } from "../fixtures/server.ts";
import { type Product, root, startProduct } from "./product.ts";

/** Pictures of journeys: an ignored folder. */
export const PICTURES = join(root, "client", "test-results", "journey");

/** More than any verdict takes on a busy machine. */
export const JUDGED_MS = 110_000;

/** Good enough for every user of a journey. */
export const PASSWORD = "a quiet river bend";

const WIDE: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, colorScheme: "light" };

export interface JourneyOptions {
  /** Other packs than the bundled. */
  readonly packs?: string;
  /** More settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the first page, and of `newPage`. Default: 1440×900, light. */
  readonly context?: BrowserContextOptions;
}

interface Opened {
  readonly browser: Browser;
  readonly page: Page;
  /** Errors of all pages: thrown, or written to the console. */
  readonly complaints: string[];
  /** A page in a context of its own, whose errors are complaints, too. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Ends the pages and the server. */
  close(): Promise<void>;
}

export interface Journey extends Opened {
  readonly product: Product;
}

export interface FixtureJourney extends Opened {
  readonly url: string;
}

/** The real product, and a visitor before an empty page. */
export async function openJourney({ packs, env, context }: JourneyOptions = {}): Promise<Journey> {
  const [product, opened] = await Promise.all([startProduct(packs, env), openPages(context)]);
  return { ...opened, product, close: () => opened.close().then(() => product.stop()) };
}

/** The hand-made answers of test/fixtures, and a visitor before an empty page. */
export async function openFixtureJourney(
  options: { readonly worldMs?: number; readonly context?: BrowserContextOptions } = {},
): Promise<FixtureJourney> {
  const { context, ...fixture } = options;
  const [{ server, url }, opened] = await Promise.all([startFixtureServer(0, fixture), openPages(context)]);
  return { ...opened, url, close: () => opened.close().then(() => ended(server)) };
}

/** The browser that `one-browser.ts` has started. Closing it closes the pages that were opened through it. */
export function openBrowser(): Promise<Browser> {
  return chromium.connect(inject("browserEndpoint"));
}

async function openPages(context: BrowserContextOptions = {}): Promise<Opened> {
  mkdirSync(PICTURES, { recursive: true });
  const browser = await openBrowser();
  const complaints: string[] = [];
  const newPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await (await browser.newContext({ ...WIDE, ...context, ...options })).newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    return page;
  };
  return { browser, page: await newPage(), complaints, newPage, close: () => browser.close() };
}

const ended = (server: Server) =>
  new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** Puts a whole text into the editor, as a paste would. @param file default: the solution. */
export async function write(page: Page, text: string, file?: string): Promise<void> {
  await page.waitForSelector(".monaco-editor .view-line");
  await page.evaluate(([value, name]) => window.millraceEditor?.setText(value!, name), [text, file] as const);
}

/** Presses Submit, waits for the verdict of the submission of this number, and answers with what the panel says. */
export async function submit(page: Page, number: number): Promise<string> {
  await page.getByRole("button", { name: "Submit" }).first().click();
  return verdictOf(page, number);
}

/** Waits for the verdict of the submission of this number; answers with what the panel says. */
export async function verdictOf(page: Page, number: number): Promise<string> {
  const runs = page.getByRole("region", { name: "Runs" });
  await runs.locator("b").getByText(`Submission ${number}`, { exact: true }).waitFor({ timeout: JUDGED_MS });
  await runs.getByRole("link", { name: "Open the verdict" }).waitFor({ timeout: JUDGED_MS });
  return (await runs.innerText()).replaceAll(/\s+/g, " ");
}

/** Fills in the form that stands in the place of every page, by keyboard. */
export async function fillLogin(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("User name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

/** Goes to the product and logs in. */
export async function logIn(page: Page, address: string, name: string): Promise<void> {
  await page.goto(address);
  await fillLogin(page, name);
  await page.getByRole("button", { name: `Menu of ${name}` }).waitFor();
}
