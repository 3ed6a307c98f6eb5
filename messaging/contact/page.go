package contact

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// Get reads one contact. It counts as one read (decisions 27).
func (r *Room) Get(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, c ID) (out Contact, err error) {
	if err := r.reserve(ctx, db, who, org, 1); err != nil {
		return out, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		n, err := contactNumber(org, c)
		if err != nil {
			return err
		}
		x, err := byID(tx, org, n)
		if store.IsNoRows(err) {
			return problem.NotFound("contact")
		}
		if err == nil {
			out, err = r.complete(tx, org, x)
		}
		return err
	})
	if err != nil {
		r.giveBack(db, who, org, 1)
	}
	return out, err
}

// Page reads one page. More than Settings.FreeReads contacts in a session and a day answer problem.NeedsCode
// (decisions 27); the proof allows as many again.
func (r *Room) Page(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, q Query) (out Page, err error) {
	if q.Limit <= 0 || q.Limit > MaxPage {
		q.Limit = PageSize
	}
	if err := r.reserve(ctx, db, who, org, int64(q.Limit)); err != nil {
		return out, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		p, err := newPager(tx, org, q)
		if err != nil {
			return err
		}
		rows, err := p.read()
		if err != nil {
			return err
		}
		out = Page{Total: p.total, After: p.after, Before: p.before}
		out.Contacts, err = r.completeAll(tx, org, rows)
		return err
	})
	r.giveBack(db, who, org, int64(q.Limit-len(out.Contacts)))
	return out, err
}

// A page of a search answers with what it has when it has looked at most entries, or at least so many and for as long as a
// person is to wait: rows stand scattered, and on a busy machine each takes its time.
const (
	most     = 1500
	least    = 200
	patience = 14 * time.Millisecond
)

// pager reads one page.
type pager struct {
	tx            *store.Tx
	org           id.Organisation
	q             Query
	list          int64 // 0: none
	total         int64
	mark          string // where to go on from
	backwards     bool
	after, before string
}

func newPager(tx *store.Tx, org id.Organisation, q Query) (*pager, error) {
	p := &pager{tx: tx, org: org, q: q}
	if q.List != "" {
		n, err := listNumber(org, q.List)
		if err != nil {
			return nil, err
		}
		l, err := listByNumber(tx, org, n)
		if store.IsNoRows(err) {
			return nil, problem.NotFound("list")
		}
		if err != nil {
			return nil, err
		}
		p.list, p.total = n, l.Contacts
	} else {
		b, err := readBook(tx, org)
		if err != nil {
			return nil, err
		}
		p.total = b.contacts
	}
	mark := q.After
	if mark == "" && q.Before != "" {
		mark, p.backwards = q.Before, true
	}
	b, err := base64.RawURLEncoding.DecodeString(mark)
	if err != nil || len(b) > 200 {
		return nil, problem.NotFound("page")
	}
	p.mark = string(b)
	if p.q.Sort == "" {
		p.q.Sort = ByName
	}
	return p, nil
}

func (p *pager) read() ([]row, error) {
	if s := strings.TrimSpace(p.q.Search); s != "" {
		p.total = -1
		if len(s) > 300 {
			return nil, nil
		}
		return p.search(s)
	}
	switch {
	case p.q.Sort == ByName && p.list == 0:
		return p.entries(kindName)
	case p.q.Sort == ByName:
		return p.entries(listKind(kindName, p.list))
	case (p.q.Sort == Newest || p.q.Sort == Oldest) && p.list > 0:
		return p.entries(listKind(kindList, p.list))
	case p.q.Sort == Newest || p.q.Sort == Oldest:
		return p.byAge()
	case p.q.Sort == ByNumber && p.list == 0:
		return p.numbers()
	}
	return nil, problem.Invalid("sort_not_offered", "Contacts cannot be sorted like that here. Choose another order.")
}

func encodeMark(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// finish puts a page in its order and sets its marks. rows are one more than the page when there are more that way.
func (p *pager) finish(rows []row, markOf func(row) string) []row {
	more := len(rows) > p.q.Limit
	if more {
		rows = rows[:p.q.Limit]
	}
	if p.backwards {
		slices.Reverse(rows)
	}
	if len(rows) == 0 {
		return rows
	}
	if more || p.backwards {
		p.after = encodeMark(markOf(rows[len(rows)-1]))
	}
	if more && p.backwards || !p.backwards && p.mark != "" {
		p.before = encodeMark(markOf(rows[0]))
	}
	return rows
}

// numbers is a page by number.
func (p *pager) numbers() ([]row, error) {
	query := ` AND c.number > $2 ORDER BY c.number LIMIT $3`
	if p.backwards {
		query = ` AND c.number < $2 ORDER BY c.number DESC LIMIT $3`
	}
	rows, err := rowsOf(p.tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1`+query, p.org, p.mark, p.q.Limit+1)
	return p.finish(rows, func(r row) string { return r.number }), err
}

// byAge is a page of all contacts, newest or oldest first.
func (p *pager) byAge() ([]row, error) {
	n, err := strconv.ParseInt(p.mark, 10, 64)
	if p.mark != "" && err != nil {
		return nil, problem.NotFound("page")
	}
	down := (p.q.Sort == Newest) != p.backwards
	query := ` AND c.id > $2 ORDER BY c.id LIMIT $3`
	if down {
		query = ` AND c.id < $2 ORDER BY c.id DESC LIMIT $3`
		if p.mark == "" {
			n = 1 << 62
		}
	}
	rows, err := rowsOf(p.tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1`+query, p.org, n, p.q.Limit+1)
	return p.finish(rows, func(r row) string { return strconv.FormatInt(r.id, 10) }), err
}

// entries is a page in the order of a kind of entries.
func (p *pager) entries(kind string) ([]row, error) {
	down := p.backwards != (p.q.Sort == Newest)
	w := &walker{tx: p.tx, org: p.org, kind: kind, backwards: down}
	if down {
		w.to = p.mark
	} else {
		w.from = p.mark
	}
	var rows []row
	at := map[int64]string{}
	for len(rows) <= p.q.Limit {
		var some []string
		for len(some) <= p.q.Limit-len(rows) {
			e, ok, err := w.next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			some = append(some, e)
		}
		if len(some) == 0 {
			break
		}
		found, err := p.fetch(some)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			_, n, _ := parts(e)
			if x, ok := found[n]; ok && x.bears(put{kind, e}) {
				rows = append(rows, x)
				at[n] = e
			}
		}
	}
	return p.finish(rows, func(r row) string { return at[r.id] }), nil
}

func (p *pager) fetch(entries []string) (map[int64]row, error) {
	ids := make([]int64, 0, len(entries))
	for _, e := range entries {
		if _, n, ok := parts(e); ok {
			ids = append(ids, n)
		}
	}
	return byIDs(p.tx, p.org, ids)
}
