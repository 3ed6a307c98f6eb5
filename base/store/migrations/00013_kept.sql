-- +goose Up
-- What was posted or answered, for some minutes. name is a hash of a secret that only the browser has; sealed is empty
-- while a form that is posted twice is still answered.
CREATE TABLE signin_kept (
  name text PRIMARY KEY,
  profile_id text NOT NULL,
  path text NOT NULL,
  file boolean NOT NULL,
  sealed bytea NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX signin_kept_profile ON signin_kept (profile_id) WHERE profile_id <> '';
CREATE INDEX signin_kept_expires ON signin_kept (expires_at);
