/** Mistakes in windows that the API calls refuse. */
import { type BadProgram, CLICK_WINDOW, job } from "./bad-program.ts";

export const WINDOW_MISTAKES: readonly BadProgram[] = [
  {
    mistake: "a window of negative size",
    code: "WINDOW_PARAMETERS",
    says: /TumblingEventTimeWindows parameters must satisfy abs\(offset\) < size, got size -5000 ms/,
    program: job("const result = byUser", "  .window(TumblingEventTimeWindows.of(Duration.ofSeconds(-5))) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a slide of 0",
    code: "WINDOW_PARAMETERS",
    says: /SlidingEventTimeWindows parameters must satisfy abs\(offset\) < slide and size > 0/,
    program: job(
      "const size = Duration.ofMinutes(1);",
      "const windows = SlidingEventTimeWindows.of(size, Duration.ofMillis(0)); // <-",
      "const result = byUser.window(windows).reduce((a) => a);",
    ),
  },
  {
    mistake: "a length of time that is not a number",
    code: "DURATION_INVALID",
    says: /needs a finite number/,
    program: job(
      "const settings = { minutes: 1 };",
      "const size = Duration.ofMinutes(settings.minute); // <-",
      "const result = byUser.window(TumblingEventTimeWindows.of(size)).reduce((a) => a);",
    ),
  },
  {
    mistake: "a session gap of 0",
    code: "WINDOW_PARAMETERS",
    says: /EventTimeSessionWindows parameters must satisfy 0 < size/,
    program: job("const result = byUser", "  .window(EventTimeSessionWindows.withGap(Duration.ofMillis(0))) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a count window of NaN",
    code: "JOB_BAD_NUMBER",
    says: /size of a count window must be a whole number of at least 1, found NaN/,
    program: job("const result = byUser", "  .countWindow(Number.NaN) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a lateness below 0",
    code: "JOB_BAD_TIME",
    says: /allowed lateness must be at least 0 ms, found -1000 ms/,
    program: job(`const result = ${CLICK_WINDOW}`, "  .allowedLateness(Duration.ofSeconds(-1)) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a trigger that cannot merge, with sessions",
    code: "WINDOW_TRIGGER_CANNOT_MERGE",
    says: /merging window assigner cannot be used with a trigger that does not support merging/,
    program: job(
      "class Never extends Trigger {",
      "  onElement() { return TriggerResult.CONTINUE; }",
      "  onEventTime() { return TriggerResult.CONTINUE; }",
      "  onProcessingTime() { return TriggerResult.CONTINUE; }",
      "  clear() {}",
      "}",
      "const result = byUser",
      "  .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(1)))",
      "  .trigger(new Never()) // <-",
      "  .reduce((a) => a);",
    ),
  },
  {
    mistake: "an evictor where a trigger belongs",
    code: "JOB_NOT_A_FUNCTION",
    says: /trigger\(…\) was given a CountEvictor, it needs a function or an object with a method onElement/,
    program: job(`const result = ${CLICK_WINDOW}`, "  .trigger(CountEvictor.of(3)) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a trigger where an evictor belongs",
    code: "JOB_NOT_A_FUNCTION",
    says: /evictor\(…\) was given a CountTrigger, it needs .* evictBefore/,
    program: job(`const result = ${CLICK_WINDOW}`, "  .evictor(CountTrigger.of(3)) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "windowAll in parallel",
    code: "JOB_NON_PARALLEL_OPERATOR",
    says: /parallelism of the non-parallel operator "TumblingEventTimeWindows" must be 1/,
    program: job(
      "const result = timed.windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))",
      "  .reduce((a) => a)",
      "  .setParallelism(2); // <-",
    ),
  },
];
