-- One sale, or a refund.
CREATE TABLE sales (
  category STRING,
  product STRING,
  cents BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'sales',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- The result, one record per key: a later one replaces the one before.
CREATE TABLE best_sellers (
  category STRING,
  place BIGINT,
  product STRING,
  revenue BIGINT,
  PRIMARY KEY (category, place) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'best_sellers',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);
