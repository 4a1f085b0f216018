-- One request. Event time is made from the epoch milliseconds in `at`; the watermark waits ten seconds.
CREATE TABLE requests (
  endpoint STRING,
  `at` BIGINT,
  asked_at AS TO_TIMESTAMP_LTZ(`at`, 3),
  WATERMARK FOR asked_at AS asked_at - INTERVAL '10' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'requests',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
CREATE TABLE rates (
  endpoint STRING,
  `from` TIMESTAMP(3),
  `to` TIMESTAMP(3),
  `count` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'rates',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'rates'
);
