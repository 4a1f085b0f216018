-- One purchase.
CREATE TABLE purchases (
  shop STRING,
  cents BIGINT,
  ts BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'purchases',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- What each shop has taken so far. The last record of a shop counts.
CREATE TABLE takings (
  shop STRING,
  purchases BIGINT,
  cents BIGINT,
  newest BIGINT,
  PRIMARY KEY (shop) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'takings',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);

SET 'execution.checkpointing.interval' = '30 s';

INSERT INTO takings
SELECT shop, COUNT(*), SUM(cents), MAX(ts)
FROM purchases
GROUP BY shop;
