/**
 * How long after a keystroke the editor marks a mistake in SQL: a query of about sixty lines in a real browser against the real server.
 * Keys are pressed; what is timed goes from the key's own time stamp to the mark in the editor. The query is there before, as a draft is: it is written
 * once the editor has appeared, and the first key follows at once (cold) or a second later; each of these in a page of its own.
 * `node client/bench/sql-latency.ts [keystrokes]` (client/dist must be built).
 */
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../test/browser/launch.ts";
import { startProduct } from "../test/browser/product.ts";
import { quantile } from "./quantile.ts";

const PROBLEM = "sql-tumble-clicks";
const DEFAULT_KEYSTROKES = 100;
const WARM_UP = 30;

/** Around sixty lines over the tables of the problem. Keys go to the end of its third line, where another letter makes the name of a column wrong. */
function query(): string {
  const columns = Array.from({ length: 20 }, (_, i) => `    COALESCE(CASE WHEN page = 'p${i}' THEN UPPER(page) END, 'none') AS c${i}`);
  const counts = Array.from({ length: 20 }, (_, i) => `    COUNT(DISTINCT c${i}) FILTER (WHERE c${i} <> 'none') AS n${i}`);
  return `INSERT INTO clicks_per_user
WITH marked AS (
  SELECT user_id, event_time
      AS event_time,
${columns.join(",\n")}
  FROM clicks
  WHERE user_id IS NOT NULL
),
counted AS (
  SELECT window_start, window_end, user_id, COUNT(*) AS clicks,
${counts.join(",\n")}
  FROM TABLE(
    TUMBLE(TABLE marked, DESCRIPTOR(event_time), INTERVAL '10' MINUTES))
  GROUP BY window_start, window_end, user_id
)
SELECT
  user_id,
  CAST(window_start AS TIMESTAMP(3)),
  clicks
FROM counted
WHERE clicks > 1
  AND n1 > 0;
`;
}

/** Milliseconds from a key to the mark, in the editor; then takes the key back and waits until the mark is gone. */
export async function keystroke(page: Page): Promise<number> {
  const until = async (isMarked: boolean, key: string): Promise<number> => {
    const seen = page.evaluate(
      (wanted) =>
        new Promise<number>((resolve, reject) => {
          let before = 0;
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            if ((document.querySelector(".squiggly-error") !== null) === wanted) resolve(performance.now() - before);
            else if (performance.now() - before > 20_000) reject(new Error(wanted ? "no mark appeared" : "the mark stays"));
            else port2.postMessage(null);
          };
          const pressed = (event: KeyboardEvent) => {
            removeEventListener("keydown", pressed, true);
            before = event.timeStamp;
            port2.postMessage(null);
          };
          addEventListener("keydown", pressed, true);
          document.documentElement.dataset.watched = "";
        }),
      isMarked,
    );
    await page.waitForSelector("html[data-watched]");
    await page.keyboard.press(key);
    const ms = await seen;
    await page.evaluate(() => delete document.documentElement.dataset.watched);
    return ms;
  };
  const ms = await until(true, "x");
  await until(false, "Backspace");
  return ms;
}

/** A page with the query in its editor and the cursor at the column. */
export async function opened(browser: Browser, address: string, restMs: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${address}/learn/${PROBLEM}`);
  await page.waitForSelector(".monaco-editor .view-line");
  await page.evaluate((text) => window.millraceEditor?.setText(text), query());
  await page.waitForTimeout(restMs);
  await page.click(".monaco-editor .view-line");
  for (const key of ["Control+Home", "ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
  return page;
}

/** Measures and prints. */
export async function measureSqlLatency(keystrokes = DEFAULT_KEYSTROKES): Promise<void> {
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const cold = await keystroke(await opened(browser, product.address, 0));
    // Who opens a problem reads first: pages that were left alone for a second.
    const firsts: number[] = [];
    for (let n = 0; n < 5; n++) firsts.push(await keystroke(await opened(browser, product.address, 1000)));
    const page = await opened(browser, product.address, 1000);
    for (let n = 0; n < WARM_UP; n++) await keystroke(page);
    const warm: number[] = [];
    for (let n = 0; n < keystrokes; n++) warm.push(await keystroke(page));
    console.log(`Key to mark, a SQL query of ${query().split("\n").length} lines, ${keystrokes} times`);
    console.log(
      `the moment the editor appears ${cold.toFixed(0)} ms; a second later p50 ${quantile(firsts, 0.5).toFixed(0)} ms, worst ${Math.max(...firsts).toFixed(0)} ms; warm p50 ${quantile(warm, 0.5).toFixed(1)} ms, p95 ${quantile(warm, 0.95).toFixed(1)} ms`,
    );
  } finally {
    await browser.close();
    await product.stop();
  }
}

if (import.meta.main) await measureSqlLatency(process.argv[2] === undefined ? DEFAULT_KEYSTROKES : Number(process.argv[2]));
