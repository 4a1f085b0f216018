/** How far a key moves a record: a round stretch that can be seen on the axis. */
import type { TimeRange } from "../../state/stage.svelte.ts";

/** About a five-hundredth of what is in sight: 1, 2, 5, 10 … ms. */
export function moveStepMs({ fromMs, toMs }: TimeRange): number {
  const wanted = Math.max((toMs - fromMs) / 500, 1);
  const ten = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((n) => n * ten).find((step) => step >= wanted) ?? wanted;
}
