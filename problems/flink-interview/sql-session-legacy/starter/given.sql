-- One click. Event time is made from the epoch milliseconds in ts; the watermark waits five seconds.
CREATE TABLE clicks (
  user_id STRING,
  page STRING,
  ts BIGINT,
  event_time AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'clicks',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- First result, append-only: one row per visit.
CREATE TABLE visits (
  user_id STRING,
  visit_start TIMESTAMP(3),
  visit_end TIMESTAMP(3),
  clicks BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'visits',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'visits'
);

-- Second result, append-only: how often a page was clicked since the hour began, every quarter of an hour.
CREATE TABLE pages_so_far (
  page STRING,
  hour_start TIMESTAMP(3),
  until_time TIMESTAMP(3),
  clicks BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'pages_so_far',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'pages-so-far'
);
