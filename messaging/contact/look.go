package contact

import (
	"slices"
	"time"

	"watchword/base/problem"
)

// place is one of the places where a search looks: a stretch of the entries of some kinds, or of the numbers themselves.
type place struct {
	kinds    []string // none: the numbers
	from, to string   // both left out
	pass     func(x row, e put) bool
}

func (p *pager) inList(x row) bool { return p.list == 0 || slices.Contains(x.lists, p.list) }

// found is what a page has so far.
type found struct {
	rows    []row
	at      map[int64]string // the mark of each
	looked  int
	began   time.Time
	stopped string // the mark where looking ended for want of time
}

// look reads a page of what the places hold. A mark is the number of a place and an entry or a number.
func (p *pager) look(places []place) ([]row, error) {
	i, from, step := 0, "", 1
	if p.backwards {
		step = -1
	}
	if p.mark != "" {
		i, from = int(p.mark[0]-'0'), p.mark[1:]
		if i < 0 || i >= len(places) {
			return nil, problem.NotFound("page")
		}
	}
	out := found{at: map[int64]string{}, began: time.Now()}
	for ; i >= 0 && i < len(places) && len(out.rows) <= p.q.Limit && out.stopped == ""; i += step {
		if err := p.gather(places[i], string(rune('0'+i)), from, &out); err != nil {
			return nil, err
		}
		from = ""
	}
	rows := p.finish(out.rows, func(r row) string { return out.at[r.id] })
	if out.stopped != "" && !p.backwards {
		p.after = encodeMark(out.stopped)
	} else if out.stopped != "" {
		p.before = encodeMark(out.stopped)
	}
	return rows, nil
}

// gather reads on in one place.
func (p *pager) gather(x place, mark, from string, out *found) error {
	if from != "" && (from <= x.from || from >= x.to) {
		return problem.NotFound("page")
	}
	lo, hi := x.from, x.to
	if from != "" && p.backwards {
		hi = from
	} else if from != "" {
		lo = from
	}
	next := p.some(x, lo, hi)
	for len(out.rows) <= p.q.Limit {
		some, rows, err := next()
		if err != nil || len(some) == 0 {
			return err
		}
		for i, e := range some {
			r := rows[i]
			if len(out.rows) <= p.q.Limit && r.id > 0 && p.inList(r) && x.pass(r, e) && (len(x.kinds) == 0 || r.bears(e)) {
				out.rows = append(out.rows, r)
				out.at[r.id] = mark + e.entry
			}
		}
		out.looked += len(some)
		enough := out.looked >= most || out.looked >= least && time.Since(out.began) > patience
		if enough && len(out.rows) <= p.q.Limit {
			out.stopped = mark + some[len(some)-1].entry
			return nil
		}
	}
	return nil
}

// some gives the entries of a place with their rows, as many as a page has at a time. A row without id is none.
func (p *pager) some(x place, lo, hi string) func() ([]put, []row, error) {
	n := p.q.Limit + 1
	if len(x.kinds) == 0 {
		order := ""
		if p.backwards {
			order = " DESC"
		}
		return func() (some []put, rows []row, err error) {
			rows, err = rowsOf(p.tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 AND c.number > $2 AND c.number < $3 ORDER BY c.number`+order+` LIMIT $4`,
				p.org, lo, hi, n)
			for _, r := range rows {
				some = append(some, put{entry: r.number})
			}
			if len(rows) > 0 && p.backwards {
				hi = rows[len(rows)-1].number
			} else if len(rows) > 0 {
				lo = rows[len(rows)-1].number
			}
			return some, rows, err
		}
	}
	var m several
	for _, k := range x.kinds {
		m.walkers = append(m.walkers, &walker{tx: p.tx, org: p.org, kind: k, from: lo, to: hi, backwards: p.backwards})
	}
	return func() (some []put, rows []row, err error) {
		var texts []string
		for len(some) < n {
			e, ok, err := m.next()
			if err != nil {
				return nil, nil, err
			}
			if !ok {
				break
			}
			some, texts = append(some, e), append(texts, e.entry)
		}
		if len(some) == 0 {
			return nil, nil, nil
		}
		have, err := p.fetch(texts)
		rows = make([]row, len(some))
		for i, e := range some {
			_, id, _ := parts(e.entry)
			rows[i] = have[id]
		}
		return some, rows, err
	}
}
