SET 'execution.checkpointing.interval' = '5 s';

CREATE TABLE clicks (`user` STRING, `at` BIGINT)
WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');

CREATE TABLE counts (`user` STRING, `at` BIGINT, `count` BIGINT)
WITH ('connector' = 'kafka', 'topic' = 'counts', 'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'counts');
