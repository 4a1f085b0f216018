/**
 * What a source (source.ts) or a sink has to offer (Flink: FLIP-27 sources, Sink V2). Connectors and learners implement these; the
 * source and sink operators of the runtime drive them.
 */
export type * from "./sink.ts";
export type {
  ReaderInfo,
  ReaderOutput,
  SimpleVersionedSerializer,
  Source,
  SourceEvent,
  SourceOutput,
  SourceReader,
  SourceReaderContext,
  SourceReaderMetricGroup,
  SourceSplit,
  SplitEnumerator,
  SplitEnumeratorContext,
} from "./source.ts";
export { Boundedness, InputStatus, SplitsAssignment } from "./source.ts";
