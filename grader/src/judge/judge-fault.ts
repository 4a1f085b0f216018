/** Something of ours broke (a process died, an answer made no sense, a pack's own code failed): ends as `judge-error`, never the learner's loss. */
export class JudgeFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "JudgeFault";
  }
}
