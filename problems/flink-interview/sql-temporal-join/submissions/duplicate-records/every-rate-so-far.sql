SET 'execution.checkpointing.interval' = '5 min';

-- All rates that held at some time before, not the last of them.
INSERT INTO priced_orders
SELECT o.order_id, o.currency, o.amount, r.rate
FROM orders AS o
LEFT JOIN rates AS r
  ON o.currency = r.currency
  AND r.changed_at BETWEEN o.ordered_at - INTERVAL '6' HOUR AND o.ordered_at;
