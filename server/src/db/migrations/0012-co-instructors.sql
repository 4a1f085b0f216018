-- Instructors who lead a class beside its owner.
CREATE TABLE class_instructors (
  class_id TEXT NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  added_at_ms INTEGER NOT NULL,
  PRIMARY KEY (class_id, user_id)
) WITHOUT ROWID;

CREATE INDEX class_instructors_user ON class_instructors (user_id);
