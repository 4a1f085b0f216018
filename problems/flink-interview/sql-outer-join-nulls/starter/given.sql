-- What has left a depot. The record's key is the shipment; a record without value cancels it.
CREATE TABLE shipments (
  shipment_id STRING,
  depot STRING,
  PRIMARY KEY (shipment_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'shipments',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

-- What couriers say about their tries. shipment_id is NULL where the label could not be read.
CREATE TABLE reports (
  report_id STRING,
  shipment_id STRING,
  outcome STRING,
  PRIMARY KEY (report_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'reports',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

-- The results. In each the last record of a key counts, and one without value deletes.
CREATE TABLE tracking (
  shipment_id STRING,
  depot STRING,
  tries BIGINT,
  delivered BOOLEAN,
  PRIMARY KEY (shipment_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'tracking',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);

CREATE TABLE depots (
  depot STRING,
  shipments BIGINT,
  tried BIGINT,
  delivered BIGINT,
  PRIMARY KEY (depot) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'depots',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);

CREATE TABLE waiting (
  shipment_id STRING,
  depot STRING,
  PRIMARY KEY (shipment_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'waiting',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);
