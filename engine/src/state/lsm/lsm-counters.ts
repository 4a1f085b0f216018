/** Work that a log-structured store has done; bytes of addresses and values. */
export class LsmCounters {
  /** Given to it to be written. */
  bytesWritten = 0;
  /** Found by lookups. */
  bytesRead = 0;
  flushes = 0;
  flushedBytes = 0;
  compactions = 0;
  compactionReadBytes = 0;
  compactionWriteBytes = 0;
}
