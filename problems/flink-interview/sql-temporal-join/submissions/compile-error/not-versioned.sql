SET 'execution.checkpointing.interval' = '5 min';

-- rates has no primary key: a row is not a version of anything.
INSERT INTO priced_orders
SELECT o.order_id, o.currency, o.amount, r.rate
FROM orders AS o
LEFT JOIN rates FOR SYSTEM_TIME AS OF o.ordered_at AS r
  ON o.currency = r.currency;
