/** A lesson's figure: its script in its sample world, here in the browser. A script is data for the engine: nothing of it is evaluated. */
import { type Recording, runWorld, type World } from "@millrace/engine/sim";
import { sqlProgram } from "@millrace/engine/sql";

export interface FigureRequest {
  readonly id: number;
  readonly sql: string;
  readonly world: World;
}

/** What the worker answers; `message` says what went wrong. */
export type FigureAnswer =
  | { readonly id: number; readonly kind: "ran"; readonly recording: Recording }
  | { readonly id: number; readonly kind: "failed"; readonly message: string };

/** Far more than a figure can show; a script that runs away ends here. */
const MAX_EVENTS = 20_000;
const MAX_STEPS = 1_000_000;

export function runFigure({ id, sql, world }: FigureRequest): FigureAnswer {
  const { program, diagnostics } = sqlProgram(sql, { given: "", topics: world.topics.map(({ name }) => name) });
  if (program === null) return { id, kind: "failed", message: diagnostics[0]?.message ?? "" };
  const limits = { ...world.limits, maxSteps: MAX_STEPS };
  const { recording, failure } = runWorld(program, { ...world, limits }, { record: true, maxRecordingEvents: MAX_EVENTS });
  if (recording === null) return { id, kind: "failed", message: failure?.message ?? "" };
  return { id, kind: "ran", recording };
}
