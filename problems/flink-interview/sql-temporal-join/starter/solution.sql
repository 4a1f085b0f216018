SET 'execution.checkpointing.interval' = '5 min';

-- No order has a rate yet.
INSERT INTO priced_orders
SELECT order_id, currency, amount, CAST(NULL AS BIGINT)
FROM orders;
