package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// command runs one command to its end.
func command(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, &Terminal{In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func TestWordsAndExitCodes(t *testing.T) {
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong.toml")
	if err := os.WriteFile(wrong, []byte("listn = \":443\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "keys")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"version"}, exitOK, "watchword"},
		{[]string{"config"}, exitOK, "base_url"},
		{nil, exitOK, "demo"},
		{[]string{"serv"}, exitUsage, "watchword --help"},
		{[]string{"serve", "--config", filepath.Join(dir, "none.toml")}, exitUsage, "there is no configuration"},
		{[]string{"serve", "--config", wrong}, exitUsage, "did you mean listen?"},
		{[]string{"doctor", "--config", wrong}, exitUsage, "wrong.toml:1 listn"},
		{[]string{"serve", "--simulator", "http://127.0.0.1:8081"}, exitUsage, "--staging"},
		{[]string{"serve", "--staging", "--simulator", "127.0.0.1:8081"}, exitUsage, "like http://127.0.0.1:8081"},
		{[]string{"simulator", "--home", "UK"}, exitUsage, "like GB"},
		{[]string{"keys", "list", "--file", keys}, exitUsage, "there is no key ring"},
		{[]string{"keys", "create", "--file", keys}, exitOK, "holds key"},
		{[]string{"keys", "create", "--file", keys}, exitFailed, "exists already"},
		{[]string{"keys", "rotate", "--file", keys}, exitOK, "is current"},
		{[]string{"keys", "add", "--file", keys}, exitOK, "not used yet"},
		{[]string{"keys", "use", "--file", keys, "00000000"}, exitFailed, "has no key 00000000"},
		{[]string{"keys", "list", "--file", keys}, exitOK, "current"},
		{[]string{"passwords", "import", "--to", filepath.Join(dir, "breached"), "-"}, exitFailed, "the list is empty"},
		{[]string{"audit", "prune", "--days", "3"}, exitUsage, "30 days"},
	} {
		code, out, err := command(t, c.args...)
		if code != c.code || !strings.Contains(out+err, c.says) {
			t.Errorf("%v: exit %d, %s%s", c.args, code, out, err)
		}
	}
}

// demo runs a demo until the test ends and gives what it printed.
func demo(t *testing.T, args ...string) (text func() string) {
	t.Helper()
	r, w := io.Pipe()
	var out bytes.Buffer
	lines := make(chan string, 1000)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0", "--simulator", "127.0.0.1:0"}, args...), &Terminal{Out: w, Err: w})
		w.Close()
	}()
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := r.Read(b)
			if n > 0 {
				lines <- string(b[:n])
			}
			if err != nil {
				close(lines)
				return
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-ended:
			if code != exitOK {
				t.Errorf("exit %d", code)
			}
		case <-time.After(30 * time.Second):
			t.Error("the demo does not stop")
		}
	})
	return func() string {
		for end := time.After(30 * time.Second); !strings.Contains(out.String(), "Ctrl-C"); {
			select {
			case s, ok := <-lines:
				if !ok {
					t.Fatal(out.String())
				}
				out.WriteString(s)
			case <-end:
				t.Fatal("the demo does not start: " + out.String())
			}
		}
		return out.String()
	}
}

var (
	product = regexp.MustCompile(`Watchword +(https?://localhost:\d+)`)
	phones  = regexp.MustCompile(`Phones and mailbox +(http://localhost:\d+)`)
)

// Proves decisions 29: names by localhost, log-ins in a private file and printed again, one clock, a second demo kept out.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	text := demo(t, "--dir", dir)()
	base, sim := product.FindStringSubmatch(text), phones.FindStringSubmatch(text)
	if base == nil || sim == nil || strings.Count(text, "password ") != 6 || !strings.Contains(text, "authenticator seed") {
		t.Fatal(text)
	}
	st, err := os.Stat(filepath.Join(dir, "logins.txt"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Error(st.Mode(), err)
	}
	for _, path := range []string{"/login", "/register", "/operator/login", "/healthz"} {
		res, err := http.Get(base[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	if code, out, errs := command(t, "demo", "--dir", dir, "--listen", "127.0.0.1:0", "--simulator", "127.0.0.1:0"); code != exitFailed || !strings.Contains(errs, "another demo") {
		t.Errorf("a second demo in the folder: %d %s %s", code, out, errs)
	}
	res, err := http.Post(sim[1]+"/clock", "application/json", strings.NewReader(`{"advance":"15m"}`))
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ Now time.Time }
	json.NewDecoder(res.Body).Decode(&c)
	res.Body.Close()
	if d := time.Until(c.Now); d < 14*time.Minute || d > 16*time.Minute {
		t.Errorf("the clock moved by %s", d)
	}
}

func TestDemoOnPostgreSQLAndTLS(t *testing.T) {
	text := demo(t, "--dir", filepath.Join(t.TempDir(), "demo"), "--database", storetest.Postgres(t), "--tls")()
	if base := product.FindStringSubmatch(text); base == nil || !strings.HasPrefix(base[1], "https://") {
		t.Fatal(text)
	}
}

func TestDemoStaysOnThisMachine(t *testing.T) {
	code, _, errs := command(t, "demo", "--dir", t.TempDir(), "--listen", "0.0.0.0:0", "--simulator", "127.0.0.1:0")
	if code != exitUsage || !strings.Contains(errs, "--tls") {
		t.Errorf("%d %s", code, errs)
	}
}

// Proves decisions 34: a token of the host makes an operator; it stands nowhere but on the screen.
func TestOperatorToken(t *testing.T) {
	dir := t.TempDir()
	file, keys := filepath.Join(dir, "w.toml"), filepath.Join(dir, "keys")
	command(t, "keys", "create", "--file", keys)
	os.WriteFile(file, []byte(`base_url = "https://w.example"
key_ring = "`+keys+`"
data = "`+filepath.Join(dir, "data")+`"
[mail]
host = "127.0.0.1"
tls = "none"
from = "w@w.example"
`), 0o600)
	if code, _, errs := command(t, "operator", "create", "--config", file); code != exitFailed || !strings.Contains(errs, "there is no database") {
		t.Errorf("before the first start: %d %s", code, errs)
	}
	db, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + filepath.Join(dir, "data", "watchword.db")}) // as the first start does
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	code, out, errs := command(t, "operator", "create", "--config", file)
	if code != exitOK || !regexp.MustCompile(`https://w\.example/setup[\s\S]*\n  [A-Za-z0-9_-]{43}\n`).MatchString(out) {
		t.Errorf("%d %s %s", code, out, errs)
	}
	if code, out, errs := command(t, "audit", "verify", "--config", file); code != exitOK || !strings.Contains(out, "hold") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	if code, _, errs := command(t, "audit", "export", "--stream", "AC0", "--config", file); code != exitFailed || !strings.Contains(errs, "no stream AC0") {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, errs := command(t, "audit", "export", "--config", file); code != exitOK || !strings.Contains(out, "operator.token_made") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

// Proves decisions 34: a server that cannot listen leaves the token of the one that runs alone.
func TestNoTokenWithoutListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	file, keys := filepath.Join(dir, "w.toml"), filepath.Join(dir, "keys")
	command(t, "keys", "create", "--file", keys)
	os.WriteFile(file, []byte(`base_url = "https://w.example"
listen = "`+l.Addr().String()+`"
trusted_proxies = ["127.0.0.1"]
key_ring = "`+keys+`"
data = "`+filepath.Join(dir, "data")+`"
tls.mode = "proxy"
[mail]
host = "127.0.0.1"
tls = "none"
from = "w@w.example"
`), 0o600)
	code, out, errs := command(t, "serve", "--config", file)
	if code != exitFailed || strings.Contains(out, "/setup") || strings.Contains(errs, `"serving"`) || !strings.Contains(errs, "(listen in "+file+")") || strings.Contains(errs, `"stopped"`) {
		t.Errorf("%d %s %s", code, out, errs)
	}
}
