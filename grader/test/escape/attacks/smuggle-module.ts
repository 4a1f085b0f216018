// verdict: accepted
// prints not: survived
// The namespace of "flink" and the module "./given" with what it exports.
import * as flink from "flink";
import * as given from "./given";
given.leaveNote(flink);
given.leaveNote((flink as unknown as { default: object }).default ?? {});
given.leaveNote(given);
given.leaveNote(given.RunningCount);
given.leaveNote(given.honestly);
given.honestly();
