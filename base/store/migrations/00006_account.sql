-- +goose Up
-- People. A row is made when the address was proved; security_version ends sessions that were made under an older one.
CREATE TABLE account_profile (
  id text PRIMARY KEY,
  username text NOT NULL,
  email text NOT NULL,
  email_key text NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  zone text NOT NULL,
  date_format text NOT NULL,
  currency text NOT NULL,
  encoding text NOT NULL,
  postal text NOT NULL,
  country text NOT NULL,
  terms_version text NOT NULL,
  terms_at bigint NOT NULL,
  terms_address text NOT NULL,
  security_version bigint NOT NULL,
  created_at bigint NOT NULL,
  verified_at bigint NOT NULL,
  last_login_at bigint NOT NULL,
  closed_at bigint NOT NULL
);

-- One namespace of log-in names: usernames by their skeleton, addresses by their key. holder is a profile, or a sign-up
-- that has not been confirmed; a row whose time (until) has passed is free.
CREATE TABLE account_name (
  key text PRIMARY KEY,
  fold text NOT NULL,
  kind text NOT NULL,
  holder text NOT NULL,
  until bigint NOT NULL
);
CREATE INDEX account_name_holder ON account_name (holder);

-- Further addresses for recovery and notices; only confirmed ones are used.
CREATE TABLE account_address (
  profile_id text NOT NULL,
  key text NOT NULL,
  address text NOT NULL,
  added_at bigint NOT NULL,
  confirmed_at bigint NOT NULL,
  PRIMARY KEY (profile_id, key)
);

CREATE INDEX account_address_key ON account_address (key);

-- Requests for a link to choose a new password, answered by a loop: asking takes the same time whether or not there is
-- such a person.
CREATE TABLE account_reset_ask (
  id text PRIMARY KEY,
  name bytea NOT NULL,
  origin text NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE account_password (
  subject text PRIMARY KEY,
  hash text NOT NULL,
  code_points bigint NOT NULL,
  set_at bigint NOT NULL
);

-- Links sent by mail: the token itself is nowhere.
CREATE TABLE account_link (
  hash text PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  data text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint NOT NULL,
  cancelled_at bigint NOT NULL
);
CREATE INDEX account_link_subject ON account_link (subject, kind);
CREATE INDEX account_link_expires ON account_link (expires_at);

CREATE TABLE account_signup (
  id text PRIMARY KEY,
  browser text NOT NULL,
  username text NOT NULL,
  email text NOT NULL,
  email_key text NOT NULL,
  known boolean NOT NULL,
  hash text NOT NULL,
  code_points bigint NOT NULL,
  language text NOT NULL,
  zone text NOT NULL,
  country text NOT NULL,
  terms_version text NOT NULL,
  address text NOT NULL,
  bucket text NOT NULL,
  held boolean NOT NULL,
  tries bigint NOT NULL,
  sends bigint NOT NULL,
  sent_at bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX account_signup_browser ON account_signup (browser);
CREATE INDEX account_signup_email ON account_signup (email_key);
CREATE INDEX account_signup_username ON account_signup (username);
CREATE INDEX account_signup_expires ON account_signup (expires_at);

-- Mails to one address and sign-ups of one bucket, counted by time.
CREATE TABLE account_count (
  bucket text NOT NULL,
  at bigint NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (bucket, at, id)
);
CREATE INDEX account_count_at ON account_count (at);

-- Every factor ever bound. secret is wiped when the factor is removed; the row stays as history.
CREATE TABLE account_factor (
  profile_id text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  label text NOT NULL,
  masked text NOT NULL,
  secret bytea,
  match text NOT NULL,
  country text NOT NULL,
  step bigint NOT NULL,
  preferred boolean NOT NULL,
  flagged_at bigint NOT NULL,
  made_at bigint NOT NULL,
  bound_at bigint NOT NULL,
  last_used_at bigint NOT NULL,
  removed_at bigint NOT NULL,
  removed_for text NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  PRIMARY KEY (profile_id, id)
);
CREATE INDEX account_factor_match ON account_factor (match) WHERE match <> '';

CREATE TABLE account_ceremony (
  id text PRIMARY KEY,
  subject text NOT NULL,
  kind text NOT NULL,
  data text NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint NOT NULL
);
CREATE INDEX account_ceremony_expires ON account_ceremony (expires_at);

CREATE TABLE account_recovery_code (
  profile_id text NOT NULL,
  hash text NOT NULL,
  made_at bigint NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY (profile_id, hash)
);

CREATE TABLE account_recovery_set (
  profile_id text PRIMARY KEY,
  made_at bigint NOT NULL,
  saved_at bigint NOT NULL
);

CREATE TABLE account_captcha (
  nonce text PRIMARY KEY,
  expires_at bigint NOT NULL
);
CREATE INDEX account_captcha_expires ON account_captcha (expires_at);

CREATE TABLE account_operator (
  id text PRIMARY KEY,
  username text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  active boolean NOT NULL,
  created_at bigint NOT NULL,
  last_login_at bigint NOT NULL,
  removed_at bigint NOT NULL
);
CREATE UNIQUE INDEX account_operator_key ON account_operator (key) WHERE removed_at = 0;

CREATE TABLE account_operator_token (
  hash text PRIMARY KEY,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint NOT NULL
);

-- state: setup (made by the token, no second factor yet), pending (the password was right), open.
CREATE TABLE account_operator_session (
  hash text PRIMARY KEY,
  id text NOT NULL,
  operator_id text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  address text NOT NULL,
  device text NOT NULL
);
CREATE INDEX account_operator_session_of ON account_operator_session (operator_id);
