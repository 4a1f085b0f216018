/**
 * The journey of a learner whose SQL calls a function of their own, in a real browser against the real server: begin it → see its mistakes while writing → see it
 * throw, at its line → mend it → accepted, with both files in the verdict and in the history.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { JUDGED_MS, type Journey, openJourney, PICTURES, write } from "../browser/journey.ts";

const SCRIPT = `SET 'execution.checkpointing.interval' = '30 s';
CREATE TEMPORARY FUNCTION known AS 'Known' LANGUAGE TYPESCRIPT;

INSERT INTO clicks_per_user
SELECT known(user_id), window_start, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '5' MINUTES))
GROUP BY user_id, window_start, window_end;
`;
const moduleOf = (body: string, output = '"STRING"') => `import { ScalarFunction } from "flink";

export class Known extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: ${output} };

  eval(user: string): string {
    ${body}
  }
}
`;

const asked: string[] = [];

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
  page.on("request", (request) => request.method() === "POST" && asked.push(new URL(request.url()).pathname.split("/").pop() ?? ""));
});

afterAll(() => journey?.close());

const tab = (name: string | RegExp) => page.getByRole("tablist", { name: "Files" }).getByRole("tab", { name, exact: true });
const shownText = async () => (await page.locator(".view-lines").innerText()).replaceAll("\u00a0", " ");
const picture = (name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });

describe("a function of one's own", () => {
  it("is begun in the second tab, and named in the script", async () => {
    await page.goto(`${journey.product.address}/learn/sql-tumble-clicks`);
    await page.waitForSelector(".monaco-editor .view-line");
    await tab("functions.ts").click();
    await page.getByRole("button", { name: "Begin a function" }).click();
    await page.locator(".view-line", { hasText: "class MyFunction extends ScalarFunction" }).waitFor();
    await tab("solution.sql").click();
    await page.locator(".view-line", { hasText: "CREATE TEMPORARY FUNCTION my_function AS 'MyFunction' LANGUAGE TYPESCRIPT;" }).waitFor();
    await page.waitForTimeout(300);
    expect(await page.locator(".squiggly-error").count()).toBe(0);
  });

  it("shows mistakes of the module in its tab, and those about it where the script calls it, without asking the server", async () => {
    await write(page, SCRIPT);
    await write(page, moduleOf("return user.lenght;"), "functions.ts");
    await tab("functions.ts, has mistakes").waitFor();
    await tab("functions.ts, has mistakes").click();
    await page.locator(".squiggly-error").first().waitFor();
    await write(page, moduleOf("return user;", '"INT"'), "functions.ts");
    await tab("functions.ts").waitFor();
    await tab("solution.sql, has mistakes").click();
    await page.locator(".squiggly-error").first().waitFor();
    await picture("function-mistake");
    await write(page, moduleOf("return user;"), "functions.ts");
    await tab("solution.sql").waitFor();
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    expect(asked).toEqual([]);
  });

  it("asks the server about a function that says what it is only when it runs", async () => {
    await write(page, moduleOf("return user;", '["INT", "STRING"][0]'), "functions.ts");
    await tab("solution.sql, has mistakes").waitFor();
    expect(asked).toEqual(["check"]);
  });

  it("leads from what it threw to its line", async () => {
    await write(page, moduleOf('if (user === "u_42") throw new Error("nobody knows " + user);\n    return user;'), "functions.ts");
    await tab("solution.sql").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const place = page.getByRole("button", { name: /^functions\.ts 7:/ });
    await place.first().waitFor({ timeout: JUDGED_MS });
    await page.getByText("nobody knows").first().waitFor();
    await place.first().click();
    await tab("functions.ts, has mistakes").waitFor();
    expect(await tab("functions.ts, has mistakes").getAttribute("aria-selected")).toBe("true");
    await expect.poll(() => page.locator(".active-line-number").innerText()).toBe("7");
    await picture("function-throws");
  });

  it("runs and is accepted when it is mended", async () => {
    await write(page, moduleOf("return user;"), "functions.ts");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("as expected").first().waitFor({ timeout: JUDGED_MS });
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    const runs = page.getByRole("region", { name: "Runs" });
    await runs.getByRole("link", { name: "Open the verdict" }).waitFor({ timeout: JUDGED_MS });
    expect(await runs.innerText()).toContain("accepted");
    await picture("function-accepted");
  });

  it("stands in the verdict, and comes back from the history with the script", async () => {
    await page.getByRole("link", { name: "Open the verdict" }).click();
    await page.getByText("Submitted functions").click();
    await page.getByText("class Known extends ScalarFunction").waitFor();
    await page.getByRole("link", { name: /Back to the editor/ }).click();
    await page.waitForSelector(".monaco-editor .view-line");
    await tab("functions.ts").click();
    await page.getByRole("button", { name: "Reset" }).click();
    await confirm(page, "Replace it");
    await page.getByRole("button", { name: "Begin a function" }).waitFor();
    // The script names a class that is gone.
    await tab("solution.sql, has mistakes").waitFor();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByRole("button", { name: "Restore text of submission 1" }).click();
    await page.locator(".view-line", { hasText: "class Known" }).waitFor();
    await page.reload();
    await page.waitForSelector(".monaco-editor .view-line");
    await tab("functions.ts").click();
    await expect.poll(shownText).toContain("class Known extends ScalarFunction");
    await tab("solution.sql").waitFor();
  });

  it("left no error in the browser's console", () => {
    expect(journey.complaints).toEqual([]);
  });
});
