-- One payment with a card.
CREATE TABLE transactions (
  id STRING,
  card_id STRING,
  cents BIGINT,
  ts BIGINT,
  happened_at AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'transactions',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
CREATE TABLE alerts (
  card_id STRING,
  small_id STRING,
  large_id STRING,
  cents BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'alerts',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'alerts'
);
