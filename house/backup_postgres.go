package house

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// libpq is a database address as environment variables, so that no password stands in a list of processes, and the
// schema that the address chooses ("" for the usual one).
func libpq(address string) (env []string, schema string, err error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, "", errors.New("the database address cannot be read")
	}
	env = append(os.Environ(), "PGHOST="+c.Host, "PGPORT="+strconv.Itoa(int(c.Port)), "PGUSER="+c.User, "PGPASSWORD="+c.Password, "PGDATABASE="+c.Database)
	// How it is encrypted and what is verified is as the address says: the programs must be no stricter and no laxer.
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", errors.New("the database address cannot be read")
	}
	for key, variable := range map[string]string{"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"} {
		if value := u.Query().Get(key); value != "" {
			env = append(env, variable+"="+value)
		}
	}
	return env, c.RuntimeParams["search_path"], nil
}

// dumpPostgres has pg_dump write one consistent state.
func dumpPostgres(ctx context.Context, address, to string) error {
	program, err := tool("pg_dump")
	if err != nil {
		return err
	}
	env, schema, err := libpq(address)
	if err != nil {
		return err
	}
	args := []string{"--format=custom", "--no-owner", "--no-privileges", "--file=" + to}
	if schema != "" {
		args = append(args, "--schema="+schema)
	}
	return run(ctx, env, program, args...)
}

// restorePostgres has pg_restore put the dump back in one transaction: all of it or nothing.
func restorePostgres(ctx context.Context, address, from string, replace bool) error {
	program, err := tool("pg_restore")
	if err != nil {
		return err
	}
	env, schema, err := libpq(address)
	if err != nil {
		return err
	}
	full, err := hasTables(ctx, address)
	if err != nil {
		return err
	}
	if full && !replace {
		return errors.New("the database holds tables of Watchword already; stop the server and say --replace to put the backup in their place")
	}
	if full {
		if err := stopped(ctx, address); err != nil {
			return err
		}
	}
	folder, err := os.MkdirTemp("", "watchword-restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	dump := filepath.Join(folder, databaseName)
	f, err := os.OpenFile(dump, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = unpack(from, f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	db := envValue(env, "PGDATABASE=")
	args := []string{"--dbname=" + db, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--clean", "--if-exists"}
	if schema != "" {
		args = append(args, "--schema="+schema)
	}
	return run(ctx, env, program, append(args, dump)...)
}

func envValue(env []string, prefix string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], prefix); ok {
			return v
		}
	}
	return ""
}

func hasTables(ctx context.Context, address string) (bool, error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return false, err
	}
	defer db.Close()
	var n int
	err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("the database does not answer: %w", err)
	}
	return n > 0, nil
}

func run(ctx context.Context, env []string, program string, args ...string) error {
	c := exec.CommandContext(ctx, program, args...)
	c.Env = env
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s failed: %s", filepath.Base(program), strings.TrimSpace(said.String()))
	}
	return nil
}

// postgresTime is the database server's clock.
func postgresTime(ctx context.Context, address string) (t time.Time, err error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return t, err
	}
	defer db.Close()
	return t, db.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&t)
}
