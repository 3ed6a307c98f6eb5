-- +goose Up
CREATE TABLE store_ping (
  id bigint PRIMARY KEY,
  at bigint NOT NULL
);

CREATE TABLE store_setting (
  name text PRIMARY KEY,
  value text NOT NULL
);
