package store_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// says opens a database that cannot be opened and compares what is said with what must be in it.
func says(t *testing.T, address string, words ...string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: address})
	if err == nil {
		db.Close()
		t.Fatalf("%s was opened", address)
	}
	var u *store.Unusable
	if !errors.As(err, &u) || u.Do == "" || strings.ContainsAny(err.Error(), "\n\t") || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%v\nshould say %q", err, w)
		}
	}
}

// A file that cannot be used is explained: what is wrong, and what to do, without SQLite's own words.
func TestUnusableFiles(t *testing.T) {
	dir := t.TempDir()
	rubbish := filepath.Join(dir, "rubbish.db")
	if err := os.WriteFile(rubbish, []byte(strings.Repeat("no database at all ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, "sqlite:"+rubbish, rubbish, "no SQLite database", "restore a backup")
	says(t, "sqlite:"+filepath.Join(rubbish, "below.db"), "a folder and a file are mixed up")
	says(t, "sqlite:"+dir, "a folder and a file are mixed up")
	for cause, words := range map[error]string{
		&os.PathError{Op: "open", Path: "x", Err: syscall.ENOSPC}:          "the disk is full; make room",
		errors.New("partial migration: database or disk is full (13)"):     "the disk is full; make room",
		&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EROFS}:          "read-only; name a place that can be written",
		errors.New("attempt to write a readonly database (8)"):             "read-only; name a place that can be written",
		&os.PathError{Op: "open", Path: "x", Err: os.ErrPermission}:        "chown -R USER /var/lib/watchword",
		errors.New("database disk image is malformed (11)"):                "restore a backup on a good disk",
		errors.New("database is locked (5) (SQLITE_BUSY)"):                 "another program holds it",
		errors.New("it holds a copy of x that was begun and not finished"): "cannot be used: it holds a copy of x",
	} {
		if err := store.Unused("sqlite:/var/lib/watchword/w.db", cause); !strings.Contains(err.Error(), words) || !errors.Is(err, cause) {
			t.Errorf("%v: %v, should say %q", cause, err, words)
		}
	}
	if store.Unused("sqlite:x", nil) != nil {
		t.Error("nothing is an error")
	}
}

// A server that cannot be used is explained, and its password is never shown.
func TestUnusableServers(t *testing.T) {
	says(t, "postgres://somebody:secret@127.0.0.1:1/watchword", "127.0.0.1:1/watchword", "nothing answers at 127.0.0.1:1", "start PostgreSQL")
	for code, words := range map[string]string{
		"28P01": "refuses the password of the user somebody; mend it in the address",
		"28000": "does not let the user somebody in",
		"3D000": "no database watchword; make it: createdb --owner=somebody watchword",
		"53300": "raise its max_connections",
		"57P03": "starting or stopping; wait",
		"42501": "ALTER DATABASE watchword OWNER TO somebody",
	} {
		says(t, "postgres://somebody:secret@"+refusing(t, code)+"/watchword?sslmode=disable", words)
	}
	says(t, "postgres://somebody:secret@"+refusing(t, "")+"/watchword?sslmode=disable&connect_timeout=1", "does not answer", "firewalls")
	says(t, "postgres://somebody:secret@"+refusing(t, "tls")+"/watchword?sslmode=require", "offers no TLS; switch ssl on")
}

// refusing is a server that refuses everybody with one code; "" says nothing at all, "tls" refuses TLS.
func refusing(t *testing.T, code string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := pgproto3.NewBackend(c, c)
				if _, err := b.ReceiveStartupMessage(); err != nil {
					return
				}
				switch code {
				case "":
					c.Read(make([]byte, 1))
				case "tls":
					c.Write([]byte("N"))
				default:
					b.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: "refused on purpose"})
					b.Flush()
				}
			}()
		}
	}()
	return l.Addr().String()
}

// The real server's words for a database and a user that it does not have.
func TestServerWithoutDatabaseOrUser(t *testing.T) {
	u, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/no_such_database"
	says(t, u.String(), "no database no_such_database", "createdb")
	u.User = url.UserPassword("no_such_user", "secret")
	says(t, u.String(), "does not let the user no_such_user in", "make the user")
}

// An older program does not touch a database of a newer one.
func TestNewerVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 9999, true)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		const words = "a newer version of Watchword made its tables (9999, this one knows "
		if _, err := db.Pending(ctx); err == nil || !strings.Contains(err.Error(), words) {
			t.Error(err)
		}
		if db.Engine() == store.SQLite {
			refused(t, "sqlite:"+db.Path(), words)
		}
	})
	address := storetest.Postgres(t)
	db, err := store.Open(context.Background(), store.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		return err
	})
	db.Close()
	if err != nil {
		t.Fatal(err)
	}
	refused(t, address, "a newer version of Watchword made its tables (9999, this one knows ")
}

func refused(t *testing.T, address, words string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: address})
	if err == nil {
		db.Close()
	}
	if err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), "run that version") {
		t.Errorf("%v, should say %q", err, words)
	}
}
