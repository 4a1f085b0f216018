SET 'restart-strategy.type' = 'none';

CREATE TABLE payments (id INT, card STRING)
WITH ('connector' = 'kafka', 'topic' = 'payments', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');

CREATE TABLE masked (id INT, card STRING, brand STRING)
WITH ('connector' = 'kafka', 'topic' = 'masked', 'format' = 'json');
