package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/guard"
)

// Proves B1 (cost and refusals shown) and part 4 row 7 (dry run) of security.md: the report says what went where, what
// was refused and why, and what a rule on trial would have refused.
func TestGuardReport(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "watchword.toml")
	keys := filepath.Join(dir, "keys")
	ring, err := secret.Create(keys)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`base_url = "https://watchword.example"
data = %q
key_ring = %q
trusted_proxies = ["127.0.0.1"]
[tls]
mode = "proxy"
[mail]
host = "127.0.0.1"
tls = "none"
from = "w@watchword.example"
[[sending.rules]]
name = "strict"
dry_run = true
prefix_floor = 2
[[sending.rules]]
name = "generous"
dry_run = true
prefix_floor = 1000
`, filepath.Join(dir, "data"), keys)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{URL: "sqlite:" + filepath.Join(dir, "data", "watchword.db")})
	if err != nil {
		t.Fatal(err)
	}
	s := guard.Defaults()
	s.Countries, s.Rules = []string{"GB"}, []guard.Rule{{Name: "strict", DryRun: true, PrefixFloor: 2}}
	g := &guard.Guard{Settings: s, Ring: ring}
	for i := range 5 {
		x := guard.Send{Channel: guard.SMS, To: fmt.Sprintf("+44770090000%d", i), Country: "GB", Prefix: "4477009", Cost: 100_000,
			Challenge: fmt.Sprint("VE", i), Message: id.Message(fmt.Sprint("SM", i))}
		if i == 4 {
			x.To, x.Country, x.Prefix = "+5350000000", "CU", "5350000"
		}
		x.Bucket = g.Bucket(x.Channel, "", x.To, false)
		if err := db.Write(ctx, func(tx *store.Tx) error { _, _, err := g.Allow(tx, x); return err }); err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			if err := db.Write(ctx, func(tx *store.Tx) error { return g.Answered(tx, x) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	db.Close()
	code, out, said := command(t, "guard", "report", "--config", file)
	out = strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"4 1 1 0.40 0.30 unconfirmed", "4 1 0 0.40 0.30 GB", "0 0 1 0.00 0.00 CU", "4 1 0 0.40 0.30 4477009", "1 country_not_allowed",
		`rule "strict" is on trial`, "prefix_limit: would have refused 2 of what was sent (0.20)", "The code of 1 was entered",
		`rule "generous" is on trial and refuses nothing. It would have refused nothing.`} {
		if !strings.Contains(out, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if t.Failed() {
		t.Log(code, out, said)
	}
	if code, _, said := command(t, "guard", "report", "--config", file, "--days", "0"); code != exitUsage || !strings.Contains(said, "1 to 400") {
		t.Errorf("%d %s", code, said)
	}
}
