-- One order.
CREATE TABLE orders (
  order_id STRING,
  cents BIGINT,
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

-- One payment.
CREATE TABLE payments (
  payment_id STRING,
  order_id STRING,
  cents BIGINT,
  ts BIGINT,
  paid_at AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR paid_at AS paid_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'payments',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result. An append-only topic: rows can be added, never changed.
CREATE TABLE order_payments (
  order_id STRING,
  order_cents BIGINT,
  payment_id STRING,
  paid_cents BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'order_payments',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'order-payments'
);
