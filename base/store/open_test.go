package store_test

import (
	"context"
	"strings"
	"testing"

	"watchword/base/store"
)

// A server that cannot be reached is named, with what the driver says and without the password.
func TestUnreachableServerIsNamed(t *testing.T) {
	_, err := store.Open(context.Background(), store.Options{URL: "postgres://somebody:secret@127.0.0.1:1/watchword"})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1/watchword") || !strings.Contains(err.Error(), "refused") {
		t.Errorf("%v", err)
	}
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Error("the password is told")
	}
}
