package contact

import (
	"slices"
	"strings"

	"watchword/base/phone"
	"watchword/base/store"
)

// searched reads a search as a number, when it is made of digits and what stands between them.
func searched(s, country string) (string, bool) {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+ -./()", r):
			return "", false
		}
	}
	if digits < 5 {
		return "", false
	}
	n, err := phone.Parse(s, country)
	if err != nil {
		return "+" + strings.TrimLeft(s, "+"), true // no number: found nowhere
	}
	return n.E164, true
}

// searchWords are the words of a search for a name, the longest first: it is the rarest, most likely.
func searchWords(s string) []string {
	name := fold(s)
	at, n := starts(name)
	var words []string
	for i := range n {
		end := len(name)
		if i+1 < n {
			end = at[i+1]
		}
		if w := strings.TrimRight(name[at[i]:end], " -'.,/&("); w != "" {
			words = append(words, cut(w))
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

func (p *pager) inList(x row) bool { return p.list == 0 || slices.Contains(x.lists, p.list) }

func (p *pager) byNumber(number string) ([]row, error) {
	x, err := byNumber(p.tx, p.org, number)
	if store.IsNoRows(err) || err == nil && !p.inList(x) {
		return nil, nil
	}
	return []row{x}, err
}

// byEmail finds an address as a whole. Many contacts may have it.
func (p *pager) byEmail(s string) ([]row, error) {
	key := emailKey(s)
	return p.sift([]string{kindEmail}, key+"\x00", key+"\x01", func(x row, _ put) bool {
		return strings.EqualFold(x.email, s)
	})
}

// named finds names of which a word begins with the first word of the search, and others with the others.
func (p *pager) named() ([]row, error) {
	return p.sift([]string{kindName, kindWord}, p.words[0], p.words[0]+last, func(x row, e put) bool {
		name := fold(joined(x.first, x.last))
		at, n := starts(name)
		// A contact of which two words begin alike is shown once, at the first of them.
		for i := range n {
			if strings.HasPrefix(name[at[i]:], p.words[0]) {
				key, _, _ := parts(e.entry)
				if cut(name[at[i]:]) != key {
					return false
				}
				break
			}
		}
		for _, w := range p.words[1:] {
			if !slices.ContainsFunc(at[:n], func(k int) bool { return strings.HasPrefix(name[k:], w) }) {
				return false
			}
		}
		return true
	})
}

// sift reads a page of the entries between from and to whose contacts pass.
func (p *pager) sift(kinds []string, from, to string, pass func(row, put) bool) ([]row, error) {
	if p.mark != "" && (p.mark <= from || p.mark >= to) {
		return nil, nil
	}
	lo, hi := from, to
	if p.mark != "" && p.backwards {
		hi = p.mark
	} else if p.mark != "" {
		lo = p.mark
	}
	var m both
	for i, k := range kinds {
		m.kinds[i] = k
		m.walkers[i] = &walker{tx: p.tx, org: p.org, kind: k, from: lo, to: hi, backwards: p.backwards}
	}
	if len(kinds) == 1 {
		m.walkers[1] = &walker{over: true}
	}
	var rows []row
	at := map[int64]string{}
	looked, stopped := 0, ""
	for len(rows) <= p.q.Limit {
		var some []put
		for len(some) < p.q.Limit+1 {
			e, ok, err := m.next()
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
		texts := make([]string, len(some))
		for i, e := range some {
			texts[i] = e.entry
		}
		found, err := p.fetch(texts)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			_, n, _ := parts(e.entry)
			x, ok := found[n]
			if ok && len(rows) <= p.q.Limit && p.inList(x) && x.bears(e) && pass(x, e) {
				rows = append(rows, x)
				at[n] = e.entry
			}
		}
		if looked += len(some); looked >= most && len(rows) <= p.q.Limit {
			stopped = some[len(some)-1].entry
			break
		}
	}
	rows = p.finish(rows, func(r row) string { return at[r.id] })
	if stopped != "" && !p.backwards {
		p.after = encodeMark(stopped)
	} else if stopped != "" {
		p.before = encodeMark(stopped)
	}
	return rows, nil
}
