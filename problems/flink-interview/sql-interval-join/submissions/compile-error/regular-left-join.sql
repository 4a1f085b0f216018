SET 'execution.checkpointing.interval' = '5 min';

-- Without bounds the row of NULLs would have to be taken back when a payment comes.
INSERT INTO order_payments
SELECT o.order_id, o.cents, p.payment_id, p.cents
FROM orders AS o
LEFT JOIN payments AS p
  ON p.order_id = o.order_id
  ;
