SET 'execution.checkpointing.interval' = '5 min';

-- Every order as unpaid. Add the payments.
INSERT INTO order_payments
SELECT order_id, cents, CAST(NULL AS STRING), CAST(NULL AS BIGINT)
FROM orders;
