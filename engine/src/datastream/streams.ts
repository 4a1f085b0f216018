/**
 * The stream classes in the order in which they must be defined. They make each other (a `DataStream` makes a `KeyedStream`, which is a
 * `DataStream`), so their files import each other in a ring; the ring only works when it is entered here.
 */
export { DataStream } from "./data-stream.ts";
export { DataStreamSink } from "./data-stream-sink.ts";
export { SingleOutputStreamOperator } from "./single-output-stream-operator.ts";
export { KeyedStream } from "./keyed-stream.ts";
export { ConnectedStreams } from "./connected-streams.ts";
export { BroadcastConnectedStream, BroadcastStream } from "./broadcast-stream.ts";
export { CoGroupedEqualTo, CoGroupedStreams, CoGroupedWhere, CoGroupedWithWindow } from "./co-grouped-streams.ts";
export { IntervalJoin, IntervalJoined } from "./interval-join.ts";
export { JoinedEqualTo, JoinedStreams, JoinedWhere, JoinedWithWindow } from "./joined-streams.ts";
export { WindowedStream } from "./windowed-stream.ts";
export { AllWindowedStream } from "./all-windowed-stream.ts";
