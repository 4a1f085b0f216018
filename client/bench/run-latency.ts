/**
 * How long a learner waits for a sample Run: from the click to the verdict on the screen, in a real browser against the real server,
 * warm; p50 and p95, beside what the runs themselves took. A part of `room.ts`.
 */
import type { Page } from "playwright-core";
import { launchBrowser } from "../test/browser/launch.ts";
import { startProduct, submission } from "../test/browser/product.ts";
import { line } from "./quantile.ts";

const PROBLEM = "windowed-word-count";
const WARM_UP_RUNS = 5;
const DEFAULT_RUNS = 25;

interface Sample {
  /** Click to verdict in the page, painted. */
  readonly screenMs: number;
  /** What the page says the runs took, be it in a worker of the page or on the server. */
  readonly ranInMs: number;
}

async function runOnce(page: Page): Promise<Sample> {
  // Measured in the page: a clock on this side of the wire would measure the wire.
  const screenMs = await page.evaluate(async () => {
    const runs = document.getElementById("runs-pane");
    const button = [...document.querySelectorAll("button")].find((candidate) => candidate.textContent?.trim().startsWith("Run"));
    if (runs === null || button === undefined) throw new Error("the workspace has no Run");
    const before = performance.now();
    let wasRunning = false;
    const done = new Promise<number>((resolve) => {
      const look = () => {
        if (button.disabled || runs.textContent?.includes("Running on the samples")) wasRunning = true;
        else if (wasRunning && runs.textContent?.includes("ran in")) {
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame((paintedAt) => resolve(paintedAt - before)));
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    button.click();
    return done;
  });
  const said = await page.getByRole("region", { name: "Runs" }).innerText();
  if (!said.includes("Equal to the reference")) throw new Error(`the run ended otherwise: ${said}`);
  return { screenMs, ranInMs: Number(/ran in ([\d.]+) ms/.exec(said)?.[1]) };
}

/** Measures and prints. */
export async function measureRunLatency(runs = DEFAULT_RUNS): Promise<void> {
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`${product.address}/learn/${PROBLEM}`);
    await page.waitForSelector(".monaco-editor .view-line");
    await page.evaluate((text) => window.millraceEditor?.setText(text), submission(PROBLEM, "accepted", "ts"));
    for (let i = 0; i < WARM_UP_RUNS; i++) await runOnce(page);
    const samples: Sample[] = [];
    for (let i = 0; i < runs; i++) samples.push(await runOnce(page));
    console.log(`Run of ${PROBLEM} on its samples, warm, ${runs} times`);
    console.log(
      line(
        "click to verdict on screen",
        samples.map((sample) => sample.screenMs),
      ),
    );
    console.log(
      line(
        "the runs themselves",
        samples.map((sample) => sample.ranInMs),
      ),
    );
  } finally {
    await browser.close();
    await product.stop();
  }
}
