# The commands of everyday work. "make test" is the one that must pass.
SHELL := /bin/bash
GO ?= go
export WATCHWORD_TEST_ALL = 1

.PHONY: run build test bring bench attack clean

run: ## Watchword with sample people, phones and a mailbox
	$(GO) run ./cmd/watchword demo

build: ## one file that needs nothing else, no C library either
	CGO_ENABLED=0 $(GO) build -ldflags "-s -w" -o bin/watchword ./cmd/watchword

test: ## bring what is missing, then every test on both engines; nothing is left out silently
	@scripts/bring
	@scripts/test

bring:
	@scripts/bring

bench: ## measure this machine and Watchword on it
	@$(GO) run ./bench

attack: ## the attack suite: make attack URL=http://localhost:8080 SIMULATOR=http://localhost:8081
	@test -n "$(URL)" && test -n "$(SIMULATOR)" || { echo "say where: make attack URL=http://localhost:8080 SIMULATOR=http://localhost:8081"; exit 2; }
	WATCHWORD_URL="$(URL)" WATCHWORD_SIMULATOR="$(SIMULATOR)" $(GO) test -count=1 -timeout 30m -v ./attack/suite

clean:
	rm -rf bin pictures
	scripts/test-postgres stop
