// verdict: accepted
// prints not: survived
// Constants that all jobs share.
import { DeliveryGuarantee, Duration, Time, TimeUnit, TriggerResult, Types } from "flink";
import { honestly, leaveNote } from "./given";
const long = Types.LONG as unknown as { serializer: object };
for (const holder of [DeliveryGuarantee, Duration.ZERO, Types, Types.LONG, Types.STRING, long.serializer, TimeUnit, TimeUnit.SECONDS, TriggerResult.FIRE, Time]) {
  leaveNote(holder);
  leaveNote(Object.getPrototypeOf(holder), "constructor");
}
honestly();
