SET 'execution.checkpointing.interval' = '5 min';

-- The sides swapped, the bounds written out, and seen from the payment.
INSERT INTO order_payments
SELECT o.order_id, o.cents, p.payment_id, p.cents
FROM payments AS p
RIGHT JOIN orders AS o
  ON o.order_id = p.order_id
  AND o.ordered_at <= p.paid_at
  AND o.ordered_at >= p.paid_at - INTERVAL '15' MINUTE;
