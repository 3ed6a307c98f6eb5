package stories

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"watchword/base/store/storetest"
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
	if s.nodes[name] = listen; s.listen == "" {
		s.listen = listen // of browsers that are not told another
	}
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

