/** Global setup of the journeys: one Chromium for all files, which connect to it (`openBrowser` in journey.ts) and have contexts of their own. */
import type { TestProject } from "vitest/node";
import { launchBrowserServer } from "./launch.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the browser of this run listens. */
    readonly browserEndpoint: string;
  }
}

export default async function startBrowser(project: TestProject): Promise<() => Promise<void>> {
  const server = await launchBrowserServer();
  project.provide("browserEndpoint", server.wsEndpoint());
  return () => server.close();
}
