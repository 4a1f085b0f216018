SET 'execution.checkpointing.interval' = '5 min';

-- ts is a number, not a time attribute: to the planner this is a regular join.
INSERT INTO order_payments
SELECT o.order_id, o.cents, p.payment_id, p.cents
FROM orders AS o
LEFT JOIN payments AS p
  ON p.order_id = o.order_id
  AND p.ts BETWEEN o.ts AND o.ts + 15 * 60 * 1000;
