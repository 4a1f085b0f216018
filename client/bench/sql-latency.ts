/**
 * How long after a keystroke the editor marks a mistake in SQL: a query of about sixty lines in a real browser against the real server.
 * Cold: the moment the editor appears (the worker's script is loaded and run meanwhile), and a second later. Warm: from the change of the text to the markers in the editor.
 * `node client/bench/sql-latency.ts [keystrokes]` (client/dist must be built).
 */
import type { Page } from "playwright-core";
import { launchBrowser } from "../test/browser/launch.ts";
import { startProduct } from "../test/journey/product.ts";

const PROBLEM = "sql-tumble-clicks";
const DEFAULT_KEYSTROKES = 100;
const WARM_UP = 30;

/** Around sixty lines over the tables of the problem; the name of a column near its beginning, on the screen, is right or wrong. */
function query(column: string): string {
  const columns = Array.from({ length: 20 }, (_, i) => `    COALESCE(CASE WHEN page = 'p${i}' THEN UPPER(page) END, 'none') AS c${i}`);
  const counts = Array.from({ length: 20 }, (_, i) => `    COUNT(DISTINCT c${i}) FILTER (WHERE c${i} <> 'none') AS n${i}`);
  return `INSERT INTO clicks_per_user
WITH marked AS (
  SELECT user_id, ${column} AS event_time,
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

/** Milliseconds from the change of the text until the editor shows a mark, painted; then puts a text without mistakes back. */
async function keystroke(page: Page, n: number): Promise<number> {
  return page.evaluate(
    async ({ wrong, right }) => {
      const turn = () =>
        new Promise<void>((next) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => next();
          port2.postMessage(null);
        });
      const write = async (text: string, isMarked: boolean): Promise<number> => {
        const before = performance.now();
        window.millraceEditor?.setText(text);
        while ((document.querySelector(".squiggly-error") !== null) !== isMarked) {
          if (performance.now() - before > 20_000) throw new Error(isMarked ? "no mark appeared" : "the mark stays");
          await turn();
        }
        return performance.now() - before;
      };
      const ms = await write(wrong, true);
      await write(right, false);
      return ms;
    },
    { wrong: query(`event_${n}`), right: query("event_time") },
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * share) - 1, sorted.length - 1)]!;
}

/** Measures and prints. */
export async function measureSqlLatency(keystrokes = DEFAULT_KEYSTROKES): Promise<void> {
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`${product.address}/learn/${PROBLEM}`);
    await page.waitForSelector(".monaco-editor .view-line");
    const cold = await keystroke(page, 0);
    // Who opens a problem reads first: a second page, left alone for a second.
    const reader = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await reader.goto(`${product.address}/learn/${PROBLEM}`);
    await reader.waitForSelector(".monaco-editor .view-line");
    await reader.waitForTimeout(1000);
    const first = await keystroke(reader, 0);
    await reader.close();
    for (let n = 1; n <= WARM_UP; n++) await keystroke(page, n);
    const warm: number[] = [];
    for (let n = 0; n < keystrokes; n++) warm.push(await keystroke(page, WARM_UP + 1 + n));
    console.log(`Keystroke to mark, a SQL query of ${query("event_time").split("\n").length} lines, ${keystrokes} times`);
    console.log(
      `the moment the editor appears ${cold.toFixed(0)} ms; a second later ${first.toFixed(0)} ms; warm p50 ${quantile(warm, 0.5).toFixed(1)} ms, p95 ${quantile(warm, 0.95).toFixed(1)} ms`,
    );
  } finally {
    await browser.close();
    await product.stop();
  }
}

if (import.meta.main) await measureSqlLatency(process.argv[2] === undefined ? DEFAULT_KEYSTROKES : Number(process.argv[2]));
