package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// schema makes a schema on a PostgreSQL server; drop removes it.
func schema(ctx context.Context, base string) (address string, drop func(), err error) {
	admin, err := sql.Open("pgx", base)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("bench%d", time.Now().UnixNano())
	if _, err := admin.ExecContext(ctx, "CREATE SCHEMA "+name); err != nil {
		admin.Close()
		return "", nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), func() {
		admin.Exec("DROP SCHEMA " + name + " CASCADE")
		admin.Close()
	}, nil
}

// mark is the mark of a page behind a place in an order.
func mark(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// ownNow and ownPeak are the resident memory of this process, in MB; -1 where there is no /proc. forgetOwnPeak lets the
// peak begin anew (proc(5), clear_refs), after giving back what was only kept.
func ownNow() float64  { return own("VmRSS") }
func ownPeak() float64 { return own("VmHWM") }

func own(key string) float64 {
	kb, _, _ := strings.Cut(line("/proc/self/status", key), " ")
	n, err := strconv.ParseFloat(kb, 64)
	if err != nil {
		return -1
	}
	return n * 1024 / 1e6
}

func forgetOwnPeak() {
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
}
