-- Reports of flights. The watermark waits four hours behind the newest planned time.
CREATE TABLE flights (
  flight STRING,
  origin STRING,
  destination STRING,
  planned BIGINT,
  delay INT,
  planned_at AS TO_TIMESTAMP_LTZ(planned, 3),
  WATERMARK FOR planned_at AS planned_at - INTERVAL '4' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'flights',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
-- A transaction is open from one checkpoint to the next: its timeout has to be longer than that.
CREATE TABLE worst_airports (
  `day` TIMESTAMP(3),
  place BIGINT,
  origin STRING,
  flights BIGINT,
  late BIGINT,
  minutes INT
) WITH (
  'connector' = 'kafka',
  'topic' = 'worst_airports',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'properties.transaction.timeout.ms' = '28800000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'worst-airports'
);
