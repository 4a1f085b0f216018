// verdict: accepted
// prints not: survived
// Statics of the engine's classes and properties of its functions are there after a crash, too.
import { Duration, json, KafkaSink, KeyedProcessFunction, ValueStateDescriptor } from "flink";
import { honestly, leaveNote } from "./given";
for (const holder of [Duration, json, KafkaSink, KeyedProcessFunction, ValueStateDescriptor, KafkaSink.prototype, KafkaSink.builder]) leaveNote(holder);
honestly();
