-- +goose Up
-- What the guard refused, beside what it let through: by country, by prefix and by reason, a day at a time.
ALTER TABLE code_guard_day ADD COLUMN
  refused bigint NOT NULL DEFAULT 0;
-- The named rule that refused; empty for the settings that always hold.
ALTER TABLE code_guard_refusal ADD COLUMN
  rule text NOT NULL DEFAULT '';

-- What rules on trial would have refused of what was sent, and whether the code was entered all the same.
CREATE TABLE code_guard_trial (
  organisation_id text NOT NULL,
  challenge_id text NOT NULL,
  message_id text NOT NULL,
  rule text NOT NULL,
  at bigint NOT NULL,
  reason text NOT NULL,
  channel text NOT NULL,
  country text NOT NULL,
  prefix text NOT NULL,
  cost bigint NOT NULL,
  answered boolean NOT NULL,
  PRIMARY KEY (organisation_id, challenge_id, message_id, rule)
);
CREATE INDEX code_guard_trial_at ON code_guard_trial (organisation_id, at);
