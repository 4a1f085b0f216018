SET 'execution.checkpointing.interval' = '1 min';

-- A regular join corrects all older orders when somebody moves; this sink takes no corrections.
CREATE TABLE customers (
  customer_id BIGINT,
  name STRING,
  city STRING,
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

INSERT INTO enriched_orders
SELECT o.order_id, o.amount, c.city
FROM orders AS o
LEFT JOIN customers AS c
  ON o.customer_id = c.customer_id;
