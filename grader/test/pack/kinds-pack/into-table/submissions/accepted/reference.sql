INSERT INTO latest SELECT room, MAX(celsius) FROM readings GROUP BY room;
