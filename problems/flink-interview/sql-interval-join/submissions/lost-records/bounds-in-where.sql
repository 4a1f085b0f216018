SET 'execution.checkpointing.interval' = '5 min';

-- WHERE sees the NULLs as well, and throws them away: an inner join in disguise.
INSERT INTO order_payments
SELECT o.order_id, o.cents, p.payment_id, p.cents
FROM orders AS o
LEFT JOIN payments AS p ON p.order_id = o.order_id
WHERE p.paid_at BETWEEN o.ordered_at AND o.ordered_at + INTERVAL '15' MINUTE;
