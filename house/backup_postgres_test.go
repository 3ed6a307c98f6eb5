package house

import (
	"slices"
	"strings"
	"testing"
)

// PostgreSQL's programs encrypt and verify as the address of the database says, and a password stands in no argument.
func TestProgramsConnectAsTheAddressSays(t *testing.T) {
	for _, c := range []struct {
		address, has, lacks string
	}{
		{"postgres://w:p@127.0.0.1:5432/w", "PGPASSWORD=p", "PGSSLMODE=require"}, // tries TLS and goes without
		{"postgres://w@127.0.0.1/w?sslmode=disable", "PGSSLMODE=disable", "PGSSLMODE=prefer"},
		{"postgres://w@127.0.0.1/w?sslmode=require", "PGSSLMODE=require", "PGSSLMODE=prefer"},
	} {
		env, _, err := libpq(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(env, c.has) || slices.Contains(env, c.lacks) {
			t.Errorf("%s: %s", c.address, strings.Join(env[len(env)-6:], " "))
		}
	}
	if _, _, err := libpq("postgres://w@127.0.0.1/w?sslmode=sometimes"); err == nil {
		t.Error("an unknown sslmode was taken")
	}
}
