CREATE TABLE readings (room STRING, celsius INT)
  WITH ('connector' = 'kafka', 'topic' = 'readings', 'properties.bootstrap.servers' = 'kafka:9092', 'properties.group.id' = 'g', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE latest (room STRING, celsius INT, PRIMARY KEY (room) NOT ENFORCED)
  WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/home', 'table-name' = 'latest');
