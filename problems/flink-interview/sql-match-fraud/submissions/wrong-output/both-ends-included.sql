SET 'execution.checkpointing.interval' = '1 min';

-- Exactly the bounds is neither small nor large.
INSERT INTO alerts
SELECT card_id, small_id, large_id, cents
FROM transactions
MATCH_RECOGNIZE (
  PARTITION BY card_id
  ORDER BY happened_at
  MEASURES
    small.id AS small_id,
    big.id AS large_id,
    big.cents AS cents
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (small big) WITHIN INTERVAL '1' MINUTE
  DEFINE
    small AS small.cents <= 100,
    big AS big.cents >= 50000
);
