/**
 * A real Chromium for tests, without any system package: an installed Chrome or Chromium where there is one (or the one named by
 * CHROMIUM_PATH), else the one inside @sparticuz/chromium.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from "playwright-core";

const WELL_KNOWN: Readonly<Record<string, readonly string[]>> = {
  linux: ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"].flatMap((name) =>
    ["/usr/bin", "/usr/local/bin", "/snap/bin"].map((dir) => join(dir, name)),
  ),
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [process.env["PROGRAMFILES"], process.env["PROGRAMFILES(X86)"], process.env["LOCALAPPDATA"]].flatMap((root) =>
    root === undefined
      ? []
      : [
          join(root, "Google/Chrome/Application/chrome.exe"),
          join(root, "Chromium/Application/chrome.exe"),
          join(root, "Microsoft/Edge/Application/msedge.exe"),
        ],
  ),
};

/**
 * The package's own arguments are for a cloud function: in a single process the browser ends with its first context, and without web
 * security tests would not see what a reader's browser refuses.
 */
const UNWANTED = new Set([
  "--single-process",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
]);

/** Path of an installed browser; null when there is none. */
export function installedBrowser(): string | null {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") return named;
  return (WELL_KNOWN[process.platform] ?? []).find((path) => existsSync(path)) ?? null;
}

/** Starts a headless browser. The caller closes it. `args`: more than it needs. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(await launchOptions(args));
}

/** Starts a headless browser that other processes connect to. The caller closes it. */
export async function launchBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer(await launchOptions([]));
}

async function launchOptions(args: readonly string[]): Promise<LaunchOptions> {
  const installed = installedBrowser();
  if (installed !== null) return { executablePath: installed, args: ["--no-sandbox", ...args] };
  const { default: packaged } = await import("@sparticuz/chromium");
  return {
    executablePath: await packaged.executablePath(),
    args: [...packaged.args.filter((arg) => !UNWANTED.has(arg)), ...args],
  };
}
