INSERT INTO latest SELECT room, MIN(celsius) FROM readings GROUP BY room;
