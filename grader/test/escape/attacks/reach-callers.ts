// verdict: accepted
// prints: looked
// prints not: caller: function
// Who calls a function can be read from it, if it is of the old kind; so can what it was called with.
import { clicks, counts, env, RunningCount, tried } from "./given";
const sloppy = Function("click", `
  try { console.log("caller: " + typeof arguments.callee.caller); } catch (error) { console.log("no caller"); }
  return click.user;
`) as (click: { user: string }) => string;
function strict(click: { user: string }) {
  console.log(`looked ${tried(() => (strict as any).caller)} ${tried(() => (strict as any).arguments)}`);
  return sloppy(click);
}
clicks.keyBy(sloppy).map((click) => { strict(click); return click; }).keyBy(strict).process(new RunningCount()).sinkTo(counts());
env.execute();
