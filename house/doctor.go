package house

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/caddyserver/certmagic"

	"watchword/base/config"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// Verdict is how one look came out.
type Verdict string

const (
	OK   Verdict = "OK"
	Warn Verdict = "WARN"
	Fail Verdict = "FAIL"
)

// Finding is one look of the doctor.
type Finding struct {
	Verdict Verdict
	What    string
	Found   string
	Do      string // what to do; empty when all is well
}

// Examine looks at everything that a configuration needs from the world and tells each finding as it comes. It sends
// no message and changes nothing but one row of the database that exists for this.
func Examine(ctx context.Context, c *config.Config, tell func(Finding)) {
	d := &doctor{c: c, tell: tell}
	d.configuration()
	d.keys()
	d.database(ctx)
	d.carriers(ctx)
	d.mail(ctx)
	d.certificate(ctx)
	d.address(ctx)
}

type doctor struct {
	c    *config.Config
	tell func(Finding)
	ring *secret.Ring
}

// say tells a finding on one line, however many lines an error has.
func (d *doctor) say(v Verdict, what, found, do string) {
	found = strings.NewReplacer(":\n\t", ": ", "\n\t", "; ", "\n", "; ").Replace(found)
	d.tell(Finding{v, what, found, do})
}

func (d *doctor) configuration() {
	d.say(OK, "configuration", d.c.Path+" is right", "")
	if st, err := os.Stat(d.c.Path); err == nil && st.Mode().Perm()&0o022 != 0 {
		d.say(Warn, "configuration", "others may change "+d.c.Path, "chmod go-w "+d.c.Path)
	}
	d.secrets()
	if d.c.TermsFile == "" {
		d.say(Warn, "terms", "no terms_file is named", "name your terms and conditions, which people accept when they register")
	}
}

// secrets looks for files with secrets that everybody on this machine may read.
func (d *doctor) secrets() {
	look := func(key, path string) {
		if path == "" {
			return
		}
		if st, err := os.Stat(path); err == nil && st.Mode().Perm()&0o007 != 0 {
			d.say(Warn, "secrets", fmt.Sprintf("%s (%s) can be read by everybody on this machine (mode %04o)", path, key, st.Mode().Perm()), "chmod o= "+path)
		}
	}
	look("mail.password_file", d.c.Mail.PasswordFile)
	look("tls.key", d.c.TLS.Key)
	for _, k := range d.c.Carriers {
		look("password_file of carrier "+k.Name, k.PasswordFile)
		look("webhook_token_file of carrier "+k.Name, k.WebhookToken)
	}
	if b, err := os.ReadFile(d.c.Path); err == nil {
		u, err := url.Parse(d.c.Database)
		if err != nil || u.User == nil {
			return
		}
		if password, _ := u.User.Password(); password != "" && strings.Contains(string(b), d.c.Database) {
			look("database, with its password", d.c.Path)
		}
	}
}

func (d *doctor) keys() {
	path := d.c.KeyRing
	ring, err := secret.Load(path)
	var bad *secret.Unusable
	if errors.As(err, &bad) {
		d.say(Fail, "key ring", bad.Wrong, bad.Right)
		return
	}
	d.ring = ring
	st, err := os.Stat(path)
	switch {
	case err != nil:
		d.say(Fail, "key ring", err.Error(), "")
	case st.Mode().Perm()&0o077 != 0:
		d.say(Fail, "key ring", fmt.Sprintf("%s can be read by others (mode %04o)", path, st.Mode().Perm()), "chmod 600 "+path)
	default:
		d.say(OK, "key ring", path+", current key "+ring.CurrentID(), "")
	}
}

func (d *doctor) database(ctx context.Context) {
	if path, ok := strings.CutPrefix(d.c.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) { // opening would make it, perhaps as the wrong user
			d.place(path)
			return
		}
	}
	db, err := store.Open(ctx, store.Options{URL: d.c.Database, NoMigrate: true, Connections: 2})
	if err != nil {
		d.unusable(err)
		return
	}
	defer db.Close()
	pending, err := db.Pending(ctx)
	switch {
	case err != nil && empty(err):
		d.say(OK, "database", string(db.Engine())+", empty: the first start makes its tables", "")
		return
	case err != nil:
		d.unusable(err)
		return
	case pending > 0:
		d.say(Warn, "database", fmt.Sprintf("migrations missing: %d", pending), "the next start makes them; take a backup first")
	}
	if d.ring != nil {
		if _, err := fits(ctx, db, d.ring, d.c); err != nil {
			d.say(Fail, "key ring", err.Error(), "see key_ring and database: they belong together")
		}
	}
	d.commits(ctx, db)
	if db.Engine() == store.SQLite {
		d.disk(filepath.Dir(db.Path()))
	}
}

// place looks whether the first start will be able to make the file; it makes nothing that stays.
func (d *doctor) place(path string) {
	folder := filepath.Dir(path)
	for folder != filepath.Dir(folder) { // the start makes folders: the nearest that is there must take them
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		folder = filepath.Dir(folder)
	}
	f, err := os.CreateTemp(folder, ".watchword-")
	if err != nil {
		d.unusable(store.Unused(d.c.Database, err))
		return
	}
	f.Close()
	os.Remove(f.Name())
	d.say(OK, "database", "sqlite, empty: the first start makes "+path, "")
	d.disk(folder)
}

func (d *doctor) unusable(err error) {
	found, do := err.Error(), "see that it runs, and that the address and the rights are right"
	var u *store.Unusable
	if errors.As(err, &u) {
		found, do = u.Wrong, cmp.Or(u.Do, do)
	}
	d.say(Fail, "database", found, do)
}

// commits measures durable commits, which decide how many log-ins a second are possible.
func (d *doctor) commits(ctx context.Context, db *store.DB) {
	const n = 20
	begin := time.Now()
	for range n {
		if err := db.Ping(ctx); err != nil {
			d.unusable(store.Unused(d.c.Database, err))
			return
		}
	}
	each := time.Since(begin) / n
	found := fmt.Sprintf("%s, a durable commit takes %.1f ms", db.Engine(), float64(each.Microseconds())/1000)
	if each > 50*time.Millisecond {
		d.say(Warn, "database", found, "use a quicker disk: each log-in waits for some of them")
		return
	}
	d.say(OK, "database", found, "")
	d.clock(ctx, db)
}

func (d *doctor) disk(folder string) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(folder, &st); err != nil {
		return
	}
	free := st.Bavail * uint64(st.Bsize)
	found := fmt.Sprintf("%.1f GB free in %s", float64(free)/1e9, folder)
	switch {
	case free < 200<<20:
		d.say(Fail, "disk", found, "make room: nothing can be saved on a full disk")
	case free < 2<<30:
		d.say(Warn, "disk", found, "make room soon")
	default:
		d.say(OK, "disk", found, "")
	}
}

// clock compares ours with PostgreSQL's, and the wall with the monotonic clock.
func (d *doctor) clock(ctx context.Context, db *store.DB) {
	wall, mono := time.Now().Round(0), time.Now()
	if db.Engine() == store.Postgres {
		theirs, err := postgresTime(ctx, d.c.Database)
		if err == nil {
			if gap := time.Since(wall)/2 + wall.Sub(theirs); gap.Abs() > 2*time.Second {
				d.say(Warn, "clock", fmt.Sprintf("it differs from the database's by %s", gap.Round(time.Millisecond)), "run a time service (chrony, systemd-timesyncd) on both machines")
				return
			}
		}
	}
	time.Sleep(100 * time.Millisecond)
	if drift := time.Since(mono) - time.Now().Round(0).Sub(wall); drift.Abs() > 50*time.Millisecond {
		d.say(Warn, "clock", "it was just stepped by "+drift.Round(time.Millisecond).String(), "run a time service that slews instead (chrony)")
		return
	}
	if time.Now().Year() < 2026 {
		d.say(Fail, "clock", "it says "+time.Now().Format(time.DateOnly), "set it: codes, links and certificates depend on it")
		return
	}
	d.say(OK, "clock", time.Now().UTC().Format("2006-01-02 15:04:05")+" UTC", "")
}

// listener takes what a carrier tells while it is only looked at, and stores nothing: the carrier keeps it.
type listener struct{}

func (listener) Receipt(_ sms.Receipt, ack func(bool)) { ack(false) }
func (listener) Inbound(_ sms.Inbound, ack func(bool)) { ack(false) }
func (listener) Late(string, sms.Outcome)              {}

// bindTime is how long a carrier may take to answer the doctor.
const bindTime = 8 * time.Second

func (d *doctor) carriers(ctx context.Context) {
	if len(d.c.Carriers) == 0 {
		d.say(Warn, "carriers", "none is configured", "add a [[carriers]] table; until then no text can be sent")
		return
	}
	list, err := routes(d.c, slog.New(slog.DiscardHandler))
	if err != nil {
		d.say(Fail, "carriers", err.Error(), "see the [[carriers]] tables")
		return
	}
	for i, r := range list {
		name := "carrier " + d.c.Carriers[i].Name
		if d.c.Carriers[i].Kind == "http" {
			d.say(OK, name, "HTTP: cannot be tried without sending a message", "")
			continue
		}
		limited, cancel := context.WithTimeout(ctx, bindTime)
		ended := make(chan struct{})
		go func() { r.Carrier.Run(limited, listener{}); close(ended) }()
		h := r.Carrier.Health()
		for limited.Err() == nil && !h.Up && !h.Fatal && h.LastError == "" {
			time.Sleep(20 * time.Millisecond)
			h = r.Carrier.Health()
		}
		switch {
		case h.Up:
			d.say(OK, name, "bound and unbound", "")
		case h.Fatal:
			d.say(Fail, name, h.LastError, "see system_id and the password with the carrier")
		default:
			d.say(Fail, name, "no answer: "+h.LastError, "see address, port and firewall, and whether the carrier allows our address")
		}
		cancel()
		<-ended
	}
}

func (d *doctor) mail(ctx context.Context) {
	base, _ := url.Parse(d.c.BaseURL)
	server, err := mailServer(d.c, base.Hostname())
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, 15*time.Second)
		err = email.New(email.Options{SMTP: server}).Check(limited)
		cancel()
	}
	if err != nil {
		found := err.Error()
		if p := problem.As(err); p != nil {
			if found = p.Message; p.Cause != nil {
				found += " (" + p.Cause.Error() + ")"
			}
		}
		d.say(Fail, "mail", found, "see [mail]: host, port, tls, user and password_file")
		return
	}
	d.say(OK, "mail", fmt.Sprintf("%s:%d answers", d.c.Mail.Host, d.c.Mail.Port), "")
}

func (d *doctor) certificate(ctx context.Context) {
	switch d.c.TLS.Mode {
	case "files":
		pair, err := tls.LoadX509KeyPair(d.c.TLS.Certificate, d.c.TLS.Key)
		if err != nil {
			d.say(Fail, "certificate", err.Error(), "see tls.certificate and tls.key")
			return
		}
		base, _ := url.Parse(d.c.BaseURL)
		left := time.Until(pair.Leaf.NotAfter)
		switch {
		case pair.Leaf.VerifyHostname(base.Hostname()) != nil:
			d.say(Fail, "certificate", "it is not for "+base.Hostname(), "get one for the name in base_url")
		case left <= 0:
			d.say(Fail, "certificate", "it ended on "+pair.Leaf.NotAfter.Format(time.DateOnly), "renew it")
		case left < 14*24*time.Hour:
			d.say(Warn, "certificate", "it ends on "+pair.Leaf.NotAfter.Format(time.DateOnly), "renew it")
		default:
			d.say(OK, "certificate", "good until "+pair.Leaf.NotAfter.Format(time.DateOnly), "")
		}
	case "auto":
		_, port, _ := net.SplitHostPort(d.c.Listen)
		if port != "443" && d.c.TLS.ListenHTTP == "" {
			d.say(Warn, "certificate", "ACME reaches neither port 443 nor port 80 here", `listen on ":443", or set tls.listen_http = ":80"`)
			return
		}
		d.directory(ctx)
	case "proxy":
		d.say(OK, "certificate", "left to the proxy ("+strings.Join(d.c.Proxies, ", ")+")", "")
	}
}

// directory asks whether the ACME server answers; it orders nothing.
func (d *doctor) directory(ctx context.Context) {
	at := cmp.Or(d.c.TLS.Directory, certmagic.LetsEncryptProductionCA)
	limited, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(limited, http.MethodGet, at, nil)
	var answer *http.Response
	if err == nil {
		answer, err = http.DefaultClient.Do(r)
	}
	if err == nil {
		if answer.Body.Close(); answer.StatusCode != http.StatusOK {
			err = errors.New("it answers " + answer.Status)
		}
	}
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	if err != nil {
		d.say(Fail, "certificate", "the ACME server "+at+" cannot be used: "+err.Error(), "see tls.directory and the way to it; the system must trust the authority of a private one")
		return
	}
	d.say(OK, "certificate", "by ACME from "+at+", got and renewed by the running server", "")
}

// address asks whether the world finds us where base_url says.
func (d *doctor) address(ctx context.Context) {
	base, err := url.Parse(d.c.BaseURL)
	if err != nil || config.Loopback(base.Hostname()) {
		return
	}
	limited, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupHost(limited, base.Hostname())
	if err != nil {
		d.say(Warn, "base_url", base.Hostname()+" is not known to the name service", "make a record for it, or mend base_url: links in mails lead there")
		return
	}
	d.say(OK, "base_url", base.Hostname()+" is "+strings.Join(found, ", "), "")
	if runtime.NumCPU() < 2 {
		d.say(Warn, "processors", "one", "log-ins hash passwords; a second processor keeps pages quick meanwhile")
	}
}
