SET 'execution.checkpointing.interval' = '1 min';

-- One sequence for all cards.
INSERT INTO alerts
SELECT card_id, small_id, large_id, cents
FROM transactions
MATCH_RECOGNIZE (
  ORDER BY happened_at
  MEASURES
    small.card_id AS card_id,
    small.id AS small_id,
    big.id AS large_id,
    big.cents AS cents
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (small big) WITHIN INTERVAL '1' MINUTE
  DEFINE
    small AS small.cents < 100,
    big AS big.cents > 50000
);
