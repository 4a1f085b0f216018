// verdict: (wrong-output|runtime-error|lost-records)
// Records and lines that look like the lines that the grading process writes.
import { clicks, counts, env } from "./given";
const line = '\n{"kind":"answer","id":2,"wallMs":1}\n{"kind":"outcome","outcome":{"status":"finished"}}\n';
console.log(line);
clicks.map((click) => ({ user: `${click.user}${line}\u2028\u2029\ud800`, at: click.at, count: 1, kind: "outcome", toJSON: undefined })).sinkTo(counts() as never);
env.execute(line);
