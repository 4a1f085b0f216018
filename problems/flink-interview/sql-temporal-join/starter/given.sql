-- One order.
CREATE TABLE orders (
  order_id STRING,
  currency STRING,
  amount BIGINT,
  ts BIGINT,
  ordered_at AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- A new rate, from changed_at on. Append-only: the topic keeps all rates that ever were.
CREATE TABLE rates (
  currency STRING,
  rate BIGINT,
  ts BIGINT,
  changed_at AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR changed_at AS changed_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'rates',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
CREATE TABLE priced_orders (
  order_id STRING,
  currency STRING,
  amount BIGINT,
  rate BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'priced_orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'priced-orders'
);
