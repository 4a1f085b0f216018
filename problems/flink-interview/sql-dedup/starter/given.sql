-- One reading, or a copy of it.
CREATE TABLE readings (
  event_id STRING,
  meter STRING,
  reading BIGINT,
  ts BIGINT,
  taken_at AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR taken_at AS taken_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'readings',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- First result, one record per event.
CREATE TABLE first_copies (
  event_id STRING,
  meter STRING,
  reading BIGINT,
  ts BIGINT,
  PRIMARY KEY (event_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'first_copies',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);

-- Second result, one record per meter.
CREATE TABLE meters (
  meter STRING,
  reading BIGINT,
  ts BIGINT,
  PRIMARY KEY (meter) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'meters',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);
