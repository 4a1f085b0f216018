/** What a stream answers when it does not do what it was asked: failures of the simulated world, under Kinesis' names. */
export class KinesisFailure extends Error {
  readonly code: string;

  private constructor(name: string, code: string, message: string) {
    super(message);
    this.name = name;
    this.code = code;
  }

  static throughputExceeded(shardId: string): KinesisFailure {
    return new KinesisFailure(
      "ProvisionedThroughputExceededException",
      "KINESIS_THROUGHPUT_EXCEEDED",
      `Rate exceeded for shard ${shardId}.`,
    );
  }

  static unavailable(): KinesisFailure {
    return new KinesisFailure("ServiceUnavailableException", "KINESIS_UNAVAILABLE", "Kinesis does not answer.");
  }
}
