-- One quake. Event time is the moment at which it shook; the watermark waits two days.
CREATE TABLE quakes (
  id STRING,
  net STRING,
  mag DOUBLE,
  place STRING,
  `time` BIGINT,
  shook_at AS TO_TIMESTAMP_LTZ(`time`, 3),
  WATERMARK FOR shook_at AS shook_at - INTERVAL '48' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'quakes',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
-- A transaction is open from one checkpoint to the next: its timeout has to be longer than that.
CREATE TABLE swarms (
  place STRING,
  begins TIMESTAMP(3),
  ends TIMESTAMP(3),
  quakes BIGINT,
  strongest DOUBLE
) WITH (
  'connector' = 'kafka',
  'topic' = 'swarms',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'properties.transaction.timeout.ms' = '43200000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'swarms'
);
