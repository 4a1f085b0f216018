SET 'execution.checkpointing.interval' = '30 s';

CREATE TABLE clicks (
  `user` STRING,
  `at` BIGINT,
  ts AS TO_TIMESTAMP_LTZ(`at`, 3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');

CREATE TABLE counts (
  `user` STRING,
  `minute` TIMESTAMP_LTZ(3),
  `count` BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'counts', 'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'counts');
