/**
 * How fluent the stage is: a recording of 100,000 events, scrubbed end to end in a real browser. Counted are frames that the browser painted while the
 * pointer moved over the slider, a new place in every frame. `node client/bench/stage.ts [events]` (client/dist must be built); exits with 1 below 50 frames/s.
 */
import { createServer } from "node:http";
import { launchBrowser } from "../test/browser/launch.ts";
import { problemDetail, sampleReport } from "../test/fixtures/answers.ts";
import { stageRun } from "../test/fixtures/stage-run.ts";
import { startFixtureServer } from "../test/fixtures/server.ts";

const TARGET_FPS = 50;
const DEFAULT_EVENTS = 100_000;
const SCRUB_MS = 4_000;
/** Events that the fixture's run makes of one click, roughly. */
const EVENTS_PER_CLICK = 7;

/** Prints frames per second and the slowest frames; false = below the target. */
export async function measureStage(events = DEFAULT_EVENTS): Promise<boolean> {
  const recording = stageRun({ clicks: Math.ceil(events / EVENTS_PER_CLICK), maxEvents: events, crash: true });
  const { server, url } = await startFixtureServer(0);
  // The fixture's answers, with the long recording in the place of the short one.
  const report = sampleReport("");
  const body = JSON.stringify({ ...report, worlds: report.worlds.map((world) => ({ ...world, recording })) });
  const front = createServer(async (request, response) => {
    if (request.url?.endsWith("/run") === true) {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
      return;
    }
    const answer = await fetch(url + (request.url ?? "/"));
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => front.listen(0, "127.0.0.1", done));
  const { port } = front.address() as { port: number };
  // A headless machine has no graphics card: pretending to have one means a GPU made of the same processor, which is what one would measure then.
  const browser = await launchBrowser(["--disable-gpu"]);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const id = problemDetail("sessions-exactly-once")?.id ?? "";
    const openedAt = performance.now();
    await page.goto(`http://127.0.0.1:${port}/learn/${id}/stage?sample=1`);
    await page.waitForSelector("canvas", { timeout: 60_000 });
    console.log(`${recording.events.length} events; open after ${Math.round(performance.now() - openedAt)} ms`);
    let good = true;
    for (const whole of [false, true]) {
      if (whole) await page.getByRole("button", { name: "Whole run" }).click();
      const gaps = await page.evaluate(async (forMs) => {
        const strip = document.querySelector("[role=slider]");
        if (strip === null) throw new Error("the stage has no slider");
        const box = strip.getBoundingClientRect();
        const fire = (type: string, x: number) =>
          strip.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: box.top + 10, button: 0, pointerId: 1, bubbles: true }));
        // A made-up pointer cannot be captured; the drag works without.
        strip.setPointerCapture = () => undefined;
        fire("pointerdown", box.left + 1);
        const gaps: number[] = [];
        await new Promise<void>((done) => {
          const start = performance.now();
          let last = start;
          const frame = (nowMs: number) => {
            gaps.push(nowMs - last);
            last = nowMs;
            const share = ((nowMs - start) / forMs) * 2;
            fire("pointermove", box.left + box.width * (share <= 1 ? share : 2 - share));
            if (nowMs - start < forMs) requestAnimationFrame(frame);
            else done();
          };
          requestAnimationFrame(frame);
        });
        fire("pointerup", box.left + 1);
        return gaps.slice(2);
      }, SCRUB_MS);
      const sorted = [...gaps].sort((a, b) => a - b);
      const fps = (1_000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
      console.log(
        `${whole ? "whole run in sight" : "part in sight"}: ${fps.toFixed(1)} frames/s, frame p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms`,
      );
      good &&= fps >= TARGET_FPS;
    }
    return good;
  } finally {
    await browser.close();
    front.close();
    server.close();
  }
}

if (import.meta.main)
  process.exitCode = (await measureStage(process.argv[2] === undefined ? DEFAULT_EVENTS : Number(process.argv[2]))) ? 0 : 1;
