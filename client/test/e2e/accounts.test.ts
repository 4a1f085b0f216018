/** Where people log in: in, out, by an invitation, by a link, with a session that ends in the middle of work. The pictures go to client/test-results/accounts/. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pictures } from "../browser/pictures.ts";
import { violations } from "../browser/violations.ts";
import { fillLogin, type Journey, openJourney, PASSWORD } from "../browser/journey.ts";
import { type Product, root, submission } from "../browser/product.ts";

const OUT = join(root, "client", "test-results", "accounts");
const PROBLEM = "windowed-word-count";

let journey: Journey;
let product: Product;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  journey = await openJourney({ env: { MILLRACE_ACCOUNTS: "on" } });
  ({ product, page } = journey);
  context = page.context();
  await product.addUser("Grace", "admin", PASSWORD);
});

afterAll(() => journey?.close());

/** Takes the pictures, and asks axe about what is on them. */
async function picture(name: string): Promise<void> {
  await pictures(page, join(OUT, name));
  expect(await violations(page), name).toEqual([]);
}

const field = (label: string) => page.getByLabel(label, { exact: true });

/** Asks the server as the page's user would. */
const call = (method: "POST" | "DELETE", path: string, body?: unknown) =>
  page.evaluate(
    async ({ method, path, body }) => {
      const { csrfToken } = await (await fetch("/api/session")).json();
      const headers = { "x-millrace-csrf": csrfToken, ...(body === undefined ? {} : { "content-type": "application/json" }) };
      const response = await fetch(`/api${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
      return response.status === 204 ? null : response.json();
    },
    { method, path, body },
  );

describe("accounts", () => {
  it("asks who one is, and says what is wrong", async () => {
    await page.goto(`${product.address}/learn/${PROBLEM}`);
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await picture("login");
    await fillLogin(page, "Grace", "not the password");
    await page.getByText("do not belong together").waitFor();
    await picture("login-wrong");
  });

  it("goes on to the page that was asked for", async () => {
    await fillLogin(page, "Grace", PASSWORD);
    await page.getByRole("region", { name: "Editor" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/learn/${PROBLEM}`);
    await page.getByRole("button", { name: "Menu of Grace" }).click();
    await page.getByRole("button", { name: "Log out" }).waitFor();
    await picture("menu");
    await page.keyboard.press("Escape");
  });

  it("loses nothing when a session ends in the middle of work", async () => {
    await page.waitForSelector(".monaco-editor .view-line");
    await page.evaluate((text) => window.millraceEditor?.setText(text), submission(PROBLEM, "accepted", "ts"));
    await context.clearCookies();
    await page.getByRole("button", { name: "Submit" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Log in to go on" });
    await dialog.waitFor();
    await picture("over");
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "Open the verdict" }).waitFor();
    expect(await page.getByRole("region", { name: "Runs" }).innerText()).toContain("accepted");
  });

  it("goes on unnoticed with the session of a log-in in another tab", async () => {
    const other = await context.newPage();
    await other.goto(product.address);
    await other.evaluate(
      async ({ name, password }) =>
        void (await fetch("/api/session", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name, password }),
        })),
      { name: "Grace", password: PASSWORD },
    );
    await other.close();
    await page.getByRole("button", { name: "Submit" }).first().click();
    await page.getByRole("region", { name: "Runs" }).locator("b").getByText("Submission 2", { exact: true }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("keeps one user's texts from the next, and never sends in another's name", async () => {
    await product.addUser("Ada", "learner", PASSWORD);
    const other = await context.newPage();
    await other.goto(product.address);
    await other.getByRole("button", { name: "Menu of Grace" }).click();
    await other.getByRole("button", { name: "Log out" }).click();
    await other.getByLabel("User name").fill("Ada");
    await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await other.keyboard.press("Enter");
    await other.getByRole("button", { name: "Menu of Ada" }).waitFor();
    await page.getByRole("button", { name: "Submit" }).first().click();
    await page.getByText("Ada has logged in in this browser since. Nothing was sent.").waitFor();
    await picture("other-user");
    await other.goto(`${product.address}/learn/${PROBLEM}`);
    await other.waitForSelector(".monaco-editor .view-line");
    expect(await other.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("draft.")).length)).toBe(1);
    expect(await other.locator(".monaco-editor .view-lines").innerText()).not.toContain("reduce");
    await other.close();
  });

  it("makes an account by an invitation", async () => {
    await page.goto(product.address);
    await page.getByRole("button", { name: "Menu of Ada" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await fillLogin(page, "Grace", PASSWORD);
    await page.getByRole("button", { name: "Menu of Grace" }).waitFor();
    const { path } = (await call("POST", "/invitations", { role: "learner" })) as { path: string };
    await call("DELETE", "/session");
    await page.goto(product.address + path);
    await field("User name").fill("Lin");
    await field("Password").fill("short");
    await picture("register");
    await field("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Menu of Lin" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    await page.goto(product.address + path);
    await page.getByText("You are logged in as Lin").waitFor();
    await page.goto(`${product.address}/account`);
    await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
    await picture("account");
  });

  it("changes the password, keeps this session and ends the others", async () => {
    await field("Present password").fill("not this one");
    await field("New password").fill(`${PASSWORD} 2`);
    await page.keyboard.press("Enter");
    await page.getByText("The present password is another one.").waitFor();
    await field("Present password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("The password is changed.").waitFor();
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
  });

  it("sets a password by a link", async () => {
    await fillLogin(page, "Grace", PASSWORD);
    await page.getByRole("button", { name: "Menu of Grace" }).waitFor();
    const made = (await call("POST", "/users", { name: "Edsger", role: "instructor" })) as { passwordLink: { path: string } };
    await call("DELETE", "/session");
    await page.goto(product.address + made.passwordLink.path);
    await field("New password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("The password is set.").waitFor();
    expect(page.url()).not.toContain("#");
    await fillLogin(page, "Edsger", PASSWORD);
    await page.getByRole("button", { name: "Menu of Edsger" }).waitFor();
  });

  it("says when too many attempts failed, and when to come again", async () => {
    await page.getByRole("button", { name: "Menu of Edsger" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    // The form is there when it has taken the focus; what is typed before that is typed into the page that is going.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("username");
    for (let n = 0; n < 6; n++) {
      const answered = page.waitForResponse(
        (response) => response.url().endsWith("/api/session") && response.request().method() === "POST",
      );
      await fillLogin(page, "Edsger", `wrong ${n}`);
      await answered;
      await page.getByRole("button", { name: "Log in", disabled: false }).waitFor();
    }
    await page.getByText("That was too often in a short time.").waitFor();
    await page.getByText(/You can try again in \d+ s\./).waitFor();
    await picture("too-often");
  });
});
