-- Which version of a problem a learner is at. `is_begun` 0 = only looked at: who opens the problem again gets the present one.
CREATE TABLE problem_versions (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  problem_id TEXT NOT NULL,
  version TEXT NOT NULL,
  is_begun INTEGER NOT NULL,
  PRIMARY KEY (user_id, problem_id)
) WITHOUT ROWID;

CREATE INDEX problem_versions_version ON problem_versions (problem_id, version);

-- Who has submitted is at the version of the last submission.
INSERT INTO problem_versions (user_id, problem_id, version, is_begun)
SELECT user_id, problem_id, pack_version, 1 FROM submissions s
WHERE user_id IN (SELECT id FROM users)
  AND number = (SELECT max(number) FROM submissions l WHERE l.user_id = s.user_id AND l.problem_id = s.problem_id);

-- Of a pack: how often its verification has begun. Numbers of report lines begin anew with it.
ALTER TABLE packs ADD COLUMN verification INTEGER NOT NULL DEFAULT 0;
UPDATE packs SET verification = 1 WHERE state IN ('verifying', 'passed', 'failed');
