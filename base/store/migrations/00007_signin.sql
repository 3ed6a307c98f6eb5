-- +goose Up
-- Sessions. Only the keyed hash of the token is kept. profile_version is compared with the profile's own at each check.
CREATE TABLE signin_session (
  id text PRIMARY KEY,
  token_hash text NOT NULL,
  profile_id text NOT NULL,
  profile_version bigint NOT NULL,
  organisation_id text NOT NULL,
  level bigint NOT NULL,
  methods text NOT NULL,
  source text NOT NULL,
  created_at bigint NOT NULL,
  proved_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  country text NOT NULL
);
CREATE UNIQUE INDEX signin_session_token ON signin_session (token_hash);
CREATE INDEX signin_session_profile ON signin_session (profile_id);
CREATE INDEX signin_session_ends ON signin_session (ends_at);

-- The organisation a person was last in: the one a new session begins in.
CREATE TABLE signin_place (
  profile_id text PRIMARY KEY,
  organisation_id text NOT NULL
);

-- Browsers a person has logged in from. recognised: failures there are counted apart from those of strangers.
-- tries_left: granted by an emailed link.
CREATE TABLE signin_browser (
  profile_id text NOT NULL,
  browser_hash text NOT NULL,
  recognised boolean NOT NULL,
  failures bigint NOT NULL,
  tries_left bigint NOT NULL,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (profile_id, browser_hash)
);

-- Failed passwords and codes by bucket: the name as typed (hashed), the profile, the network address.
CREATE TABLE signin_failure (
  bucket text PRIMARY KEY,
  failures bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  next_at bigint NOT NULL,
  told_at bigint NOT NULL
);
CREATE INDEX signin_failure_last ON signin_failure (last_at);

-- Tries and failures of unrecognised browsers, by minute and in shards so that log-ins do not wait for each other.
CREATE TABLE signin_minute (
  minute bigint NOT NULL,
  shard bigint NOT NULL,
  tries bigint NOT NULL,
  failures bigint NOT NULL,
  PRIMARY KEY (minute, shard)
);

-- Log-ins between password and session.
CREATE TABLE signin_login (
  id text PRIMARY KEY,
  token_hash text NOT NULL,
  profile_id text NOT NULL,
  profile_version bigint NOT NULL,
  step text NOT NULL,
  way text NOT NULL,
  challenge_id text NOT NULL,
  level bigint NOT NULL,
  methods text NOT NULL,
  password_codepoints bigint NOT NULL,
  browser_hash text NOT NULL,
  recognised boolean NOT NULL,
  name_bucket text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint NOT NULL
);
CREATE UNIQUE INDEX signin_login_token ON signin_login (token_hash);
CREATE INDEX signin_login_profile ON signin_login (profile_id);
CREATE INDEX signin_login_expires ON signin_login (expires_at);

-- Proofs under way before one action of a session.
CREATE TABLE signin_stepup (
  session_id text NOT NULL,
  action text NOT NULL,
  digest text NOT NULL,
  detail text NOT NULL,
  password_ok boolean NOT NULL,
  way text NOT NULL,
  challenge_id text NOT NULL,
  tries bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (session_id, action, digest)
);
CREATE INDEX signin_stepup_expires ON signin_stepup (expires_at);

-- Wrong passwords of people who are logged in.
CREATE TABLE signin_password_try (
  profile_id text PRIMARY KEY,
  failures bigint NOT NULL,
  next_at bigint NOT NULL
);

-- A number that its person is about to bind.
CREATE TABLE signin_number (
  profile_id text PRIMARY KEY,
  session_id text NOT NULL,
  challenge_id text NOT NULL,
  sealed bytea NOT NULL,
  replaces text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

-- Resets under way; id is a keyed hash of the link's token.
CREATE TABLE signin_reset (
  id text PRIMARY KEY,
  profile_id text NOT NULL,
  profile_version bigint NOT NULL,
  way text NOT NULL,
  challenge_id text NOT NULL,
  proved text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX signin_reset_profile ON signin_reset (profile_id);
CREATE INDEX signin_reset_expires ON signin_reset (expires_at);
