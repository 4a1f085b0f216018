import type { MetamorphicProgram } from "../program.ts";
import { KEYED_PROGRAMS } from "./keyed.ts";
import { OUTSIDE_PROGRAMS } from "./outside-and-patterns.ts";
import { SEVERAL_INPUT_PROGRAMS } from "./several-inputs.ts";
import { WINDOW_PROGRAMS } from "./windows.ts";

export const PROGRAMS: readonly MetamorphicProgram[] = [
  ...WINDOW_PROGRAMS,
  ...KEYED_PROGRAMS,
  ...SEVERAL_INPUT_PROGRAMS,
  ...OUTSIDE_PROGRAMS,
];
