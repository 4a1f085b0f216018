/** A limit of the run was hit in the middle of an operator: passes through tasks and ends the run at once. */
export class RunLimitReached extends Error {
  readonly code: "LIMIT_STEPS" | "LIMIT_VIRTUAL_TIME" | "LIMIT_OUTPUT" | "LIMIT_RESTARTS";

  constructor(code: RunLimitReached["code"], message: string) {
    super(message);
    this.name = "RunLimitReached";
    this.code = code;
  }
}
