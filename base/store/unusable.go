package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unusable is why a database cannot be opened, in words for whoever runs the installation: what is wrong, and what to do.
type Unusable struct {
	Database string // its address, without a password
	Wrong    string
	Do       string // may be empty
	Cause    error
}

func (u *Unusable) Error() string {
	s := "the database at " + u.Database + " cannot be used: " + u.Wrong
	if u.Do != "" {
		s += "; " + u.Do
	}
	return s
}

func (u *Unusable) Unwrap() error { return u.Cause }

// Unused turns an error of opening the database at an address into *Unusable. nil stays nil.
func Unused(address string, err error) error {
	var known *Unusable
	if err == nil || errors.As(err, &known) {
		return err
	}
	u := &Unusable{Cause: err}
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		u.Database = path
		u.Wrong, u.Do = fileWords(path, err)
	} else {
		u.Database = redact(address)
		u.Wrong, u.Do = serverWords(address, err)
	}
	if u.Wrong == "" {
		u.Wrong = strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), address, u.Database)), " ")
	}
	return u
}

// fileWords are those of SQLite and of its file.
func fileWords(path string, err error) (wrong, do string) {
	s := err.Error()
	has := func(words string) bool { return strings.Contains(s, words) }
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), has("database or disk is full"):
		return "the disk is full", "make room and try again: what was begun is finished then"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file", "name the one that \"watchword serve\" made"
	case errors.Is(err, syscall.EROFS), has("readonly database"):
		return "its folder or file is read-only", "name a place that can be written (data or database in the configuration), or mount it for writing"
	case errors.Is(err, fs.ErrPermission), has("unable to open database file"):
		return "this user may not write its folder or file", "run as the user that owns them, or give them to it: chown -R USER " + folder(path)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		return "a folder and a file are mixed up in its path", "name a file in a folder (data or database in the configuration)"
	case has("file is not a database"):
		return "the file is no SQLite database", "name another one (database in the configuration), or restore a backup"
	case has("malformed"), has("disk I/O error"):
		return "the file is damaged, or its disk fails", "keep it as it is, look at the system's log, and restore a backup on a good disk"
	case has("database is locked"):
		return "another program holds it", "end that program: a copy, or an SQL shell"
	}
	return "", ""
}

func folder(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "."
}

// serverWords are those of PostgreSQL and of the way to it.
func serverWords(address string, err error) (wrong, do string) {
	user, name, host := parts(address)
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "28P01":
			return "the server refuses the password of the user " + user, "mend it in the address (database in the configuration)"
		case "28000":
			return "the server does not let the user " + user + " in (" + pg.Message + ")", "make the user, or let it in by pg_hba.conf"
		case "3D000":
			return "the server has no database " + name, "make it: createdb --owner=" + user + " " + name
		case "42501", "3F000":
			return "the user " + user + " may not make tables there (" + pg.Message + ")", "make it the owner: ALTER DATABASE " + name + " OWNER TO " + user
		case "53100":
			return "the server's disk is full", "make room there and try again: what was begun is finished then"
		case "53300":
			return "the server has no free connection", "raise its max_connections, or lower database_connections"
		case "57P03":
			return "the server is starting or stopping", "wait until it is ready"
		case "25006":
			return "the server is read-only, perhaps a standby", "name the one that can be written"
		}
		return pg.Message + " (SQLSTATE " + pg.Code + ")", ""
	}
	var dns *net.DNSError
	var late net.Error
	s := err.Error()
	switch {
	case errors.As(err, &dns):
		return "the name " + dns.Name + " is not known", "mend the host in the address, or the name service"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing answers at " + host, "start PostgreSQL, or mend host and port in the address"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout(), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return host + " does not answer", "see that it runs, and that the network and firewalls let us through"
	case strings.Contains(s, "server refused TLS connection"):
		return "the server offers no TLS", "switch ssl on there; sslmode=disable only where nobody else can listen"
	case strings.Contains(s, "x509:"):
		return "the server's certificate is not trusted (" + s[strings.Index(s, "x509:"):] + ")", "name its authority by sslrootcert=FILE, and the host as in the certificate"
	}
	return "", ""
}

// parts are what an address names, as words for a person.
func parts(address string) (user, name, host string) {
	u, err := url.Parse(address)
	if err != nil {
		return "of the address", "of the address", "its host"
	}
	user, name, host = u.User.Username(), strings.Trim(u.Path, "/"), u.Host
	if q := u.Query().Get("host"); host == "" {
		host = q
	}
	if user == "" {
		user = "of this process"
	}
	if name == "" {
		name = user
	}
	return user, name, host
}

// errNewer is the error of a database whose tables this program does not know.
func errNewer(have, know int64) error {
	return fmt.Errorf("a newer version of Watchword made its tables (%d, this one knows %d): run that version, or restore a backup from before", have, know)
}
