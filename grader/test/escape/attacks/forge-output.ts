// verdict: runtime-error
// Walks from the runtime context to the log broker and writes the right answers there, past the job and its checkpoints.
import { honestly, RunningCount, type Click } from "./given";
class Forger extends RunningCount {
  override open() {
    super.open();
    const { context } = this.getRuntimeContext() as any;
    const log = context.outside("log");
    console.log(Object.keys(log).join(" "));
    this.log = log;
  }
  private log: any;
  override processElement({ user, at }: Click) {
    const count = log(this.log, user, at);
    this.log.append("counts", 0, { key: null, value: { user, at, count }, timestampMs: at }, {});
  }
}
function log(broker: any, user: string, at: number): number {
  const before = broker.uncommittedView("counts").filter((row: any) => row.value.user === user && row.value.at < at);
  return before.length + 1;
}
honestly(new Forger());
