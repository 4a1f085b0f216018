-- One line of an order, or a correction.
CREATE TABLE order_lines (
  order_id STRING,
  line INT,
  cents BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'order_lines',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result, one record per key: a later one replaces the one before.
CREATE TABLE order_totals (
  order_id STRING,
  line_count BIGINT,
  cents BIGINT,
  PRIMARY KEY (order_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'order_totals',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);
