package stories

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"watchword/attack/client"
	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

// hasServer says whether stories may use a PostgreSQL beside their own database. Where everything must be tested, its
// absence is a failure.
func hasServer() (bool, error) {
	if os.Getenv(storetest.Variable) != "" {
		return true, nil
	}
	if os.Getenv("WATCHWORD_TEST_ALL") != "" {
		return false, errors.New("no PostgreSQL: " + storetest.Variable + " is not set")
	}
	return false, nil
}

// schema VARIABLE: the address of a fresh PostgreSQL schema, which goes with the story.
func schema(ts *testscript.TestScript, neg bool, args []string) {
	base := os.Getenv(storetest.Variable)
	admin, err := sql.Open("pgx", base)
	ts.Check(err)
	defer admin.Close()
	var b [8]byte
	rand.Read(b[:])
	name := "s" + hex.EncodeToString(b[:])
	_, err = admin.Exec("CREATE SCHEMA " + name)
	ts.Check(err)
	ts.Defer(func() {
		of(ts).end()
		if admin, err := sql.Open("pgx", base); err == nil {
			admin.Exec("DROP SCHEMA " + name + " CASCADE")
			admin.Close()
		}
	})
	u, err := url.Parse(base)
	ts.Check(err)
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	ts.Setenv(args[0], u.String())
}

// halfway N COMMAND …: runs the program until it has said N lines, then kills it. The pipe between them is so small that
// it cannot have said many more.
func halfway(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r, w, err := os.Pipe()
	ts.Check(err)
	defer r.Close()
	_, err = unix.FcntlInt(w.Fd(), unix.F_SETPIPE_SZ, os.Getpagesize())
	ts.Check(err)
	c := exec.Command(binary, args[1:]...)
	var said bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = of(ts).dir, w, &said
	ts.Check(c.Start())
	w.Close()
	for one := make([]byte, 1); n > 0; {
		if _, err := r.Read(one); err != nil {
			ts.Fatalf("it ended by itself: %v\n%s", c.Wait(), said.String())
		}
		if one[0] == '\n' {
			n--
		}
	}
	ts.Check(c.Process.Kill())
	if c.Wait() == nil {
		ts.Fatalf("it ended well before it was killed")
	}
}

// node NAME [LINE …]: one more server on the configured database, with an address of its own. "person ana via NAME" uses
// it.
func node(ts *testscript.TestScript, neg bool, args []string) {
	s, name := of(ts), args[0]
	port(ts, false, []string{"LISTEN_" + name})
	listen := ts.Getenv("LISTEN_" + name)
	text := regexp.MustCompile(`(?m)^listen = .*$`).ReplaceAllString(ts.ReadFile("watchword.toml"), `listen = "`+listen+`"`)
	text = regexp.MustCompile(`(?m)^data = .*$`).ReplaceAllString(text, `data = "`+filepath.Join(s.dir, "data-"+name)+`"`)
	file := filepath.Join(s.dir, name+".toml")
	ts.Check(os.WriteFile(file, []byte(text), 0o600))
	s.base = "https://watchword.example.test"
	if s.nodes == nil {
		s.nodes = map[string]string{}
	}
	if s.listen == "" || s.listen == s.nodes[name] {
		s.listen = listen // of browsers that are not told another
	}
	s.nodes[name] = listen
	p, err := s.start(name, nil, "serve", "--config", file)
	ts.Check(err)
	for end := time.Now().Add(bound); !answers("http://" + listen + "/healthz"); time.Sleep(10 * time.Millisecond) {
		if !p.running() || time.Now().After(end) {
			log, _ := os.ReadFile(p.log)
			ts.Fatalf("the server does not answer:\n%s", log)
		}
	}
}

// via NODE: on with the same browser, through another server.
func (p *person) via(a []string) error {
	listen, ok := p.s.nodes[a[0]]
	if !ok {
		return errors.New("there is no such server")
	}
	was, _ := p.HTTP.Transport.(proxy)
	p.HTTP.Transport = proxy{listen, was.client}
	return nil
}

// wrong [BUTTON]: types a code that is not the one that came, which stays good for later.
func (p *person) wrong(a []string) error {
	before, _ := p.s.used.Load(p.phone)
	code, err := p.newest(p.phone, client.Message.Code)
	if err != nil {
		return err
	}
	if before == nil {
		before = ""
	}
	p.s.used.Store(p.phone, before)
	last := (code[len(code)-1]-'0'+1)%10 + '0'
	button := "Continue"
	if len(a) > 0 {
		button = a[0]
	}
	_, err = p.Submit(button, map[string]string{"Code": code[:len(code)-1] + string(last)})
	return err
}

// double NODE BUTTON [Label=value ...]: presses the button of /organisations/new twice at once, the second time through
// another server. Both presses must lead on.
func (p *person) double(a []string) error {
	if _, err := p.Get("/organisations/new"); err != nil {
		return err
	}
	fields := map[string]string{}
	for _, x := range a[2:] {
		label, value, _ := strings.Cut(x, "=")
		fields[label] = value
	}
	other := person{Browser: p.Copy(), s: p.s}
	if err := other.via(a[:1]); err != nil {
		return err
	}
	errs := make(chan error, 2)
	for _, b := range []*client.Browser{p.Browser, other.Browser} {
		go func() {
			page, err := b.Submit(a[1], fields)
			if err == nil && (page.Status != 200 || page.Path() != "/") {
				err = fmt.Errorf("a press ended at %s with %d", page.Path(), page.Status)
			}
			errs <- err
		}()
	}
	return errors.Join(<-errs, <-errs)
}

// guess STATUS N: guesses passwords at one server after the other until that is the answer, at most N times.
func (p *person) guess(a []string) error {
	want, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	most, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	servers := slices.Sorted(maps.Keys(p.s.nodes))
	for i := range most {
		if err := p.via([]string{servers[i%len(servers)]}); err != nil {
			return err
		}
		if _, err := p.Submit("Log in", map[string]string{"Username": p.name, "Password": p.secret}); err != nil {
			return err
		}
		if p.Page.Status == want {
			return nil
		}
	}
	return fmt.Errorf("%d guesses and no %d", most, want)
}

// queued is a text that a story put into the outbox.
type queued struct {
	id id.Message
	to string
}

// opened is the story's database, beside the servers that use it.
func (s *state) opened(ts *testscript.TestScript) (*store.DB, *sms.Outbox) {
	db, err := store.Open(context.Background(), store.Options{URL: ts.Getenv("DATABASE"), NoMigrate: true, Connections: 2})
	ts.Check(err)
	ring, err := secret.Load(ts.Getenv("KEYS"))
	ts.Check(err)
	return db, sms.New(sms.Options{DB: db, Ring: ring})
}

// queue N: puts N texts into the outbox in one transaction, each to a number of its own.
func queue(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	db, outbox := s.opened(ts)
	defer db.Close()
	s.queue = nil
	for i := range n {
		s.queue = append(s.queue, queued{id.Message(id.New("SM", db.Now())), fmt.Sprintf("+44771120%04d", i)})
	}
	ts.Check(db.Write(context.Background(), func(tx *store.Tx) error {
		for i, q := range s.queue {
			err := outbox.Queue(tx, sms.Outgoing{ID: q.id, Bucket: id.System, Lane: sms.System, To: q.to, Country: "GB",
				Finished: fmt.Sprintf("Notice %d", i), ExpiresAt: tx.Now + store.Micros(time.Hour)})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// killmid NAME N: kills a server as soon as N of the queued texts have come.
func killMid(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	p := named(ts, args[:1])
	for end := time.Now().Add(bound); of(ts).came(ts, nil) < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("only %d texts came", of(ts).came(ts, nil))
		}
	}
	ts.Check(p.cmd.Process.Kill())
	<-p.ended
}

// came counts the queued texts on the phones, by number where each is given.
func (s *state) came(ts *testscript.TestScript, each map[string]int) int {
	all, err := s.sim.Messages("")
	ts.Check(err)
	n := 0
	for _, m := range all {
		if strings.HasPrefix(m.To, "+44771120") {
			if n++; each != nil {
				each[m.To]++
			}
		}
	}
	return n
}

// settled: waits until every queued text is over, and compares with the phones: what is sent or delivered came once, what
// is unknown at most once, and nothing is anything else. It waits for the lease of a killed server too. How many are in
// which state is in stdout.
func settled(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	db, _ := s.opened(ts)
	defer db.Close()
	states := map[string]string{}
	counts := map[string]int{}
	for end := time.Now().Add(4 * bound); ; time.Sleep(200 * time.Millisecond) {
		clear(states)
		clear(counts)
		ts.Check(db.Read(context.Background(), func(tx *store.Tx) error {
			rows, err := tx.Query(`SELECT id, state FROM sms_message WHERE bucket = $1`, id.System)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var one, state string
				if err := rows.Scan(&one, &state); err != nil {
					return err
				}
				states[one] = state
			}
			return rows.Err()
		}))
		for _, q := range s.queue {
			counts[states[string(q.id)]]++
		}
		if counts["delivered"]+counts["unknown"] == len(s.queue) {
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("after all this time: %v", counts)
		}
	}
	each := map[string]int{}
	s.came(ts, each)
	for _, q := range s.queue {
		if state, n := states[string(q.id)], each[q.to]; n > 1 || state == "delivered" && n != 1 {
			ts.Fatalf("%s to %s is %s and came %d times", q.id, q.to, state, n)
		}
	}
	fmt.Fprintf(ts.Stdout(), "%d delivered, %d unknown\n", counts["delivered"], counts["unknown"])
}
