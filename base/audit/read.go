package audit

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"watchword/base/store"
)

// Row is one stored line.
type Row struct {
	Stream    string
	Seq       int64
	ID        string
	At        int64 // microseconds UTC
	Kind      string
	Outcome   Outcome
	Reason    string
	ActorKind string
	ActorID   string
	ActorName string
	Target    string
	Address   string
	Device    string
	Detail    string // JSON object of strings
	MAC       string
}

// Filter narrows a reading. Zero values mean all.
type Filter struct {
	Kind    string // prefix: "login" finds "login.password"
	Outcome Outcome
	Actor   string // part of the actor's name, any case
	From    int64  // microseconds, inclusive
	Until   int64  // microseconds, exclusive
	Before  int64  // seq, for keyset paging: only older lines
}

const columns = `stream, seq, id, at, kind, outcome, reason, actor_kind, actor_id, actor_name, target, address, device, detail, mac`

// List reads up to limit lines of one stream, newest first.
func List(tx *store.Tx, stream string, f Filter, limit int) ([]Row, error) {
	q := `SELECT ` + columns + ` FROM audit_event WHERE stream = $1`
	args := []any{stream}
	add := func(clause string, v any) {
		args = append(args, v)
		q += fmt.Sprintf(clause, len(args))
	}
	if f.Kind != "" {
		add(` AND kind LIKE $%d ESCAPE '\'`, escapeLike(f.Kind)+"%")
	}
	if f.Outcome != "" {
		add(` AND outcome = $%d`, string(f.Outcome))
	}
	if f.Actor != "" {
		add(` AND LOWER(actor_name) LIKE $%d ESCAPE '\'`, "%"+escapeLike(strings.ToLower(f.Actor))+"%")
	}
	if f.From > 0 {
		add(` AND at >= $%d`, f.From)
	}
	if f.Until > 0 {
		add(` AND at < $%d`, f.Until)
	}
	if f.Before > 0 {
		add(` AND seq < $%d`, f.Before)
	}
	add(` ORDER BY seq DESC LIMIT $%d`, limit)
	return scan(tx, q, args...)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func scan(tx *store.Tx, q string, args ...any) ([]Row, error) {
	rows, err := tx.Query(q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Stream, &r.Seq, &r.ID, &r.At, &r.Kind, &r.Outcome, &r.Reason, &r.ActorKind, &r.ActorID,
			&r.ActorName, &r.Target, &r.Address, &r.Device, &r.Detail, &r.MAC); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Export writes a stream as CSV, newest first, with the chain's values so that it can be checked outside. Cells that
// a spreadsheet would take for a formula get a leading apostrophe.
func Export(ctx context.Context, db *store.DB, stream string, f Filter, w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"seq", "time", "event", "outcome", "reason", "actor", "actor_id", "target", "address", "device", "detail", "mac"})
	for {
		var page []Row
		err := db.Read(ctx, func(tx *store.Tx) (err error) {
			page, err = List(tx, stream, f, 1000)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			c.Write(cells(strconv.FormatInt(r.Seq, 10), store.Time(r.At).Format(time.RFC3339Nano), r.Kind, string(r.Outcome), r.Reason,
				r.ActorName, r.ActorID, r.Target, r.Address, r.Device, r.Detail, r.MAC))
			f.Before = r.Seq
		}
		if len(page) < 1000 {
			c.Flush()
			return c.Error()
		}
	}
}

func cells(in ...string) []string {
	for i, s := range in {
		if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			in[i] = "'" + s
		}
	}
	return in
}
