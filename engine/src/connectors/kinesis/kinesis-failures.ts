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

  static consumerMissing(stream: string, consumer: string): KinesisFailure {
    return new KinesisFailure(
      "ResourceNotFoundException",
      "KINESIS_CONSUMER_MISSING",
      `Consumer ${consumer} of stream ${stream} not found. With source.efo.lifecycle = SELF_MANAGED it must be registered before the job starts.`,
    );
  }

  static tooManyConsumers(stream: string): KinesisFailure {
    return new KinesisFailure(
      "LimitExceededException",
      "KINESIS_TOO_MANY_CONSUMERS",
      `Stream ${stream} has 20 consumers, which is the limit.`,
    );
  }

  static unavailable(): KinesisFailure {
    return new KinesisFailure("ServiceUnavailableException", "KINESIS_UNAVAILABLE", "Kinesis does not answer.");
  }
}
