SET 'execution.checkpointing.interval' = '1 min';

-- The change's own time kept under its own name, the watermark a millisecond behind it.
CREATE TABLE customers (
  customer_id BIGINT,
  name STRING,
  city STRING,
  op_ts TIMESTAMP_LTZ(3) METADATA VIRTUAL,
  WATERMARK FOR op_ts AS op_ts - INTERVAL '0.001' SECOND,
  PRIMARY KEY (customer_id) NOT ENFORCED
) WITH (
  'connector' = 'postgres-cdc',
  'hostname' = 'postgres-primary',
  'port' = '5432',
  'username' = 'cdc_user',
  'password' = 'secret',
  'database-name' = 'production',
  'schema-name' = 'public',
  'table-name' = 'customers',
  'slot.name' = 'orders_enrichment',
  'decoding.plugin.name' = 'pgoutput'
);

CREATE TEMPORARY VIEW cities AS
SELECT customer_id, city, op_ts
FROM customers;

INSERT INTO enriched_orders
SELECT o.order_id, o.amount, c.city
FROM orders AS o
LEFT JOIN cities FOR SYSTEM_TIME AS OF o.event_time AS c
  ON o.customer_id = c.customer_id;
