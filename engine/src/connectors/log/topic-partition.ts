/** A partition of a topic. Kafka: `org.apache.kafka.common.TopicPartition`. (Flink: docs/connectors/datastream/kafka) */
export class TopicPartition {
  private readonly topicName: string;
  private readonly index: number;

  /** The partition of that number, counted from 0. */
  constructor(topic: string, partition: number) {
    this.topicName = topic;
    this.index = partition;
  }

  /** The topic. */
  topic(): string {
    return this.topicName;
  }

  /** Number of the partition, counted from 0. */
  partition(): number {
    return this.index;
  }

  /** "topic-partition" */
  toString(): string {
    return `${this.topicName}-${this.index}`;
  }
}
