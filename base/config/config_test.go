package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

const good = `base_url = "https://w.example"
key_ring = "/etc/watchword/keys"
[mail]
host = "mail.example.com"
from = "w@example.com"
`

func TestSampleIsRightAndComplete(t *testing.T) {
	c, err := parse("sample", Sample, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Sending.Countries[0] != "GB" || c.Database != "sqlite:/var/lib/watchword/watchword.db" {
		t.Errorf("%+v", c)
	}
	// The lines in comments say what the defaults are, and no key is left out.
	carriers := regexp.MustCompile(`(?s)# Carriers:.*?\n\[codes\]`).FindString(Sample)
	rules := regexp.MustCompile(`(?s)# Rules:.*?\n\[session\]`).FindString(Sample)
	rest := strings.Replace(strings.Replace(Sample, carriers, "[codes]", 1), rules, "[session]", 1)
	full, err := parse("sample", regexp.MustCompile(`(?m)^# ([a-z_0-9]+ = )`).ReplaceAllString(rest, "$1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.lines, full.lines = nil, nil
	if !reflect.DeepEqual(c, normal(full)) {
		t.Errorf("the sample's comments differ from the defaults:\n%+v\n%+v", c, full)
	}
	var missing []string
	every(reflect.TypeFor[Config](), "", func(table, key string) {
		text := rest
		switch table {
		case "carriers":
			text = carriers
		case "rules":
			text = rules
		}
		if !regexp.MustCompile(`(?m)^(# )?` + key + ` = `).MatchString(text) {
			missing = append(missing, table+"."+key)
		}
	})
	if len(missing) > 0 {
		t.Error("the sample lacks ", missing)
	}
}

// normal makes lists that are empty equal to lists that are missing.
func normal(c *Config) *Config {
	c.Proxies, c.TLS.Domains = nil, nil
	return c
}

func every(t reflect.Type, table string, f func(table, key string)) {
	for key, i := range fieldsOf(t) {
		ft := t.Field(i).Type
		switch {
		case tables(ft):
			every(ft.Elem(), key, f)
		case ft.Kind() == reflect.Struct && ft != reflect.TypeFor[Limit]():
			every(ft, key, f)
		default:
			f(table, key)
		}
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	_, err := parse("w.toml", `base_url = "http://w.example/x"
listn = ":443"
key_ring = "/var/lib/watchword/keys"
home_country = "gb"
database = "mysql:x"
trusted_proxies = ["10.0.0.0/99"]
[tls]
mode = "proxi"
[mail]
host = "mail.example.com"
tls = "none"
port = "587"
password_file = "/nowhere/at/all"
[sending]
cool_downs = [
  "60s",
  "30s",
]
per_address = "10 an hour"
price_per_segment = -1
unconfirmed_pot = "20.00"
[session]
idle = "25h"
[password]
minimum = 6
[[carriers]]
name = "a"
address = "smpp.example.com"
[[carriers]]
name = "a"
kind = "http"
statuses = { "0x45" = "temporary" }
windows = 3
`, []string{"WATCHWORD_MAIL_HOTS=x", "WATCHWORD_LOG_LEVEL=loud", "WATCHWORD_TEST_ALL=1", "WATCHWORD_METRICS_LISTEN=127.0.0.1:9090"})
	var m *Mistakes
	if !errors.As(err, &m) {
		t.Fatal(err)
	}
	got := err.Error()
	for _, want := range []string{
		"w.toml:1 base_url:", "w.toml:2 listn: there is no such key; did you mean listen?", "w.toml:3 key_ring: it lies in the data folder",
		"w.toml:4 home_country:", "w.toml:5 database:", "w.toml:6 trusted_proxies[0]:",
		`w.toml:8 tls.mode: this is "proxi"; it should be "auto", "files", "proxy" or "none"`,
		`w.toml:11 mail.tls: this is "none", and the server is not on this machine`, `w.toml:12 mail.port: this is "587"; it should be a whole number, without quotes`,
		"w.toml:13 mail.password_file:", "w.toml:9 mail.from: it is missing", "w.toml:15 sending.cool_downs: they do not grow",
		`w.toml:19 sending.per_address: this is "10 an hour"; it should be a number, a stroke and a time`, "w.toml:20 sending.price_per_segment",
		"w.toml:23 session.idle: this is 25h; it should lie between 1m and 24h", "w.toml:25 password.minimum: this is 6; it should lie between 8 and 64",
		"w.toml:28 carriers[0].address", "w.toml:26 carriers[0].system_id", `w.toml:30 carriers[1].name: another carrier has the name "a"`,
		"w.toml:29 carriers[1].url: it is missing", "w.toml:33 carriers[1].windows: there is no such key; did you mean window?",
		"environment WATCHWORD_MAIL_HOTS: there is no such setting; did you mean WATCHWORD_MAIL_HOST?",
		`environment WATCHWORD_LOG_LEVEL: this is "loud"; it should be "debug"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(got, "unconfirmed_pot") || strings.Contains(got, "sending.countries") || strings.Contains(got, "WATCHWORD_TEST_ALL") {
		t.Error("complained about what is right")
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestBrokenFileNamesLine(t *testing.T) {
	_, err := parse("w.toml", "base_url = \"x\nlisten = 1", nil)
	if err == nil || !strings.HasPrefix(err.Error(), "w.toml:1") {
		t.Fatal(err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.toml")); err == nil || !strings.Contains(err.Error(), "watchword config") {
		t.Fatal(err)
	}
}

func TestEnvironmentWinsAndSecretsStayOut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := parse("w.toml", good+"user = \"w\"\npassword_file = \""+file+"\"\n", []string{
		"WATCHWORD_SENDING_COUNTRIES=GB,AU", "WATCHWORD_SENDING_PER_ADDRESS=4/30m", "WATCHWORD_SESSION_IDLE=30m",
		"WATCHWORD_SENDING_PREFIX_SHARE=0.5", "WATCHWORD_CODES_TRIES=3", "WATCHWORD_AUDIT_KEEP=500d"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sending.Countries) != 2 || c.Sending.PerAddress != (Limit{4, 30 * time.Minute}) || c.Session.Idle != 30*time.Minute ||
		c.Sending.PrefixShare != 0.5 || c.Codes.Tries != 3 || c.Audit.Keep != 500*day {
		t.Errorf("%+v", c)
	}
	if p, err := c.Mail.Password(); p != "hunter2" || err != nil {
		t.Error(p, err)
	}
	_, err = parse("w.toml", good, []string{"WATCHWORD_DATABASE=postgre://u:hunter2@h/n"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error("a secret is shown, or the mistake is not: ", err)
	}
}

func TestCarrierDefaults(t *testing.T) {
	c, err := parse("w.toml", good+`
[[carriers]]
name = "main"
address = "smpp.example.com:2775"
system_id = "w"
price_per_segment = 0.045
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	k := c.Carriers[0]
	if k.Window != 10 || k.Bind != "transceiver" || *k.Price != 45_000 || len(k.Lanes) != 2 {
		t.Errorf("%+v", k)
	}
}

// Rules of sending are read with their lines, and each mistake in one is named.
func TestSendingRules(t *testing.T) {
	c, err := parse("w.toml", good+"[[sending.rules]]\nname = \"strict\"\ndry_run = true\nprefix_floor = 5\nper_address = \"5/1h\"\nunconfirmed_pot = 2.50\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []SendingRule{{Name: "strict", DryRun: true, PrefixFloor: 5, PerAddress: Limit{5, time.Hour}, UnconfirmedPot: 2_500_000}}
	if !reflect.DeepEqual(c.Sending.Rules, want) {
		t.Errorf("%+v", c.Sending.Rules)
	}
	_, err = parse("w.toml", good+`[[sending.rules]]
name = "a"
prefix_share = 2.0
[[sending.rules]]
name = "a"
countries = ["gb"]
[[sending.rules]]
name = "Strict one"
[[sending.rules]]
name = "empty"
`, nil)
	for _, part := range []string{"sending.rules[0].prefix_share: this is 2; it should lie between 0 and 1", `sending.rules[1].name: another rule has the name "a"`,
		`sending.rules[1].countries[0]: this is "gb"`, `sending.rules[2].name: this is "Strict one"`, "sending.rules[3]: it limits nothing"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("missing: %s\n%v", part, err)
		}
	}
}

func TestMoney(t *testing.T) {
	for in, want := range map[string]string{"0.1": "0.10", "20": "20.00", "0.045": "0.045", "0.000001": "0.000001", "123456789.5": "123456789.50"} {
		var m Money
		if err := m.UnmarshalText([]byte(in)); err != nil || m.String() != want {
			t.Errorf("%s: %s, %v", in, m, err)
		}
	}
	for _, in := range []string{"", "-1", "1e3", "0.0000001", "NaN", ".5"} {
		var m Money
		if m.UnmarshalText([]byte(in)) == nil {
			t.Errorf("%q is money", in)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Sample)
	f.Add(good + "[[carriers]]\nname=\"a\"\n[carriers.headers]\nx = 1\n")
	f.Add("a.b.c = [1,\n2]\n\"x y\" = '''\n'''")
	f.Fuzz(func(t *testing.T, text string) {
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err != nil {
			return
		}
		for _, m := range fill(Default(), tree) { // not check: it would open files of any name
			if m.Key == "" || m.Wrong == "" || m.Right == "" {
				t.Fatalf("%+v", m)
			}
			lineOf(linesOf(text), m.Key)
		}
	})
}
