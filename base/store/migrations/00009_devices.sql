-- +goose Up
-- Browsers that a person trusts after a complete log-in: one for each person and browser. Only a keyed hash of the secret
-- is kept. places are the organisations, with the role there, that the log-in was complete for.
CREATE TABLE account_device (
  profile_id text NOT NULL,
  id text NOT NULL,
  browser_hash text NOT NULL,
  hash text NOT NULL,
  profile_version bigint NOT NULL,
  method text NOT NULL,
  places text NOT NULL,
  label text NOT NULL,
  address text NOT NULL,
  country text NOT NULL,
  trusted_at bigint NOT NULL,
  last_used_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (profile_id, id)
);
CREATE UNIQUE INDEX account_device_browser ON account_device (profile_id, browser_hash);
CREATE INDEX account_device_expires ON account_device (expires_at);

-- Whether somebody whose organisations ask for nothing trusts own browsers.
CREATE TABLE account_device_choice (
  profile_id text PRIMARY KEY,
  chosen_at bigint NOT NULL
);

ALTER TABLE signin_browser ADD COLUMN
  device text NOT NULL DEFAULT '';

-- The version of the membership that the session is switched to: with another one the session is over.
ALTER TABLE signin_session ADD COLUMN
  member_version bigint NOT NULL DEFAULT 0;

-- memberships names what the log-in was measured against; with other ones it is over. shared: nothing is to be trusted.
ALTER TABLE signin_login ADD COLUMN
  memberships text NOT NULL DEFAULT '';
ALTER TABLE signin_login ADD COLUMN
  shared boolean NOT NULL DEFAULT false;
