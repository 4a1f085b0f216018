/** Runs programs of ours in a process, so that V8 knows the engine when it meets those of others. */
import { JudgeFault } from "../../judge/judge-fault.ts";
import type { GuestRequest } from "../../guest/protocol.ts";
import type { GradingProcess } from "../grading-process.ts";
import { BROAD, COMMON } from "./programs.ts";

/** A compromise, not an optimum: 10 to 28 s of one processor on a quiet and a busy machine. */
export const WARM_UP_ROUNDS = 12;

/** The common programs once: their functions have been called. */
export async function callCommon(process: GradingProcess): Promise<void> {
  for (const { load, worlds } of COMMON) {
    await expectAnswer(process, load, "loaded");
    for (const world of worlds) {
      await expectAnswer(process, { kind: "run", world, record: true, maxRecordingEvents: 1000, maxChars: 64_000_000 }, "outcome");
    }
  }
}

/** Again and again, so that V8 optimises what can be. */
export async function warmUp(process: GradingProcess, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { load, worlds } of BROAD) {
      await expectAnswer(process, load, "loaded");
      for (const world of worlds) {
        await expectAnswer(process, { kind: "run", world, record: false, maxRecordingEvents: 0, maxChars: 64_000_000 }, "outcome");
      }
    }
  }
}

async function expectAnswer(process: GradingProcess, request: GuestRequest, kind: "loaded" | "outcome"): Promise<void> {
  const result = await process.ask(request);
  const wrong = result.kind !== "answer" || result.answer.kind !== kind;
  const failed = result.kind === "answer" && result.answer.kind === "outcome" && result.answer.outcome.status !== "finished";
  if (wrong || failed) throw new JudgeFault(`a warm-up program failed: ${JSON.stringify(result).slice(0, 2000)}`);
}
