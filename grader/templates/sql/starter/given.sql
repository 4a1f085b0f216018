CREATE TABLE readings (id INT, celsius INT)
WITH ('connector' = 'kafka', 'topic' = 'readings', 'properties.bootstrap.servers' = 'kafka:9092',
      'scan.startup.mode' = 'earliest-offset', 'format' = 'json');

CREATE TABLE warm (id INT, celsius INT)
WITH ('connector' = 'kafka', 'topic' = 'warm', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
