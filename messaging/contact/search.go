package contact

import (
	"slices"
	"strings"

	"watchword/base/phone"
	"watchword/base/store"
)

// search finds contacts by what is known of them (CL19). Places are looked at one after the other, and a contact that
// two of them hold is shown at the first one.
func (p *pager) search(s string) ([]row, error) {
	if strings.Contains(s, "@") {
		return p.byEmail(s)
	}
	digits, plus := digitsOf(s)
	if len(digits) < 4 {
		all, err := p.wordPlaces(s)
		if err != nil {
			return nil, err
		}
		return p.look(all)
	}
	if n, err := phone.Parse(s, p.q.Country); err == nil && len(digits) > 4 {
		x, err := byNumber(p.tx, p.org, n.E164)
		if !store.IsNoRows(err) {
			if err != nil || !p.inList(x) {
				return nil, err
			}
			return []row{x}, nil
		}
	}
	all := numberPlaces(digits, plus, p.q.Country)
	if !plus {
		words, err := p.wordPlaces(s)
		if err != nil {
			return nil, err
		}
		all = append(all, words...)
	}
	return p.look(once(all))
}

// once has a contact shown where it is found first. What number places find, they find by its row alone.
func once(all []place) []place {
	var before []func(row, put) bool
	for i := range all {
		mine, others := all[i].pass, slices.Clone(before)
		all[i].pass = func(x row, e put) bool {
			return mine(x, e) && !slices.ContainsFunc(others, func(f func(row, put) bool) bool { return f(x, e) })
		}
		if len(all[i].kinds) == 0 || all[i].kinds[0] == kindTail {
			before = append(before, mine)
		}
	}
	return all
}

// digitsOf gives the digits of what is made of digits and what stands between those of a number, and says whether a
// country code comes first; "" for anything else.
func digitsOf(s string) (digits string, plus bool) {
	plus = strings.HasPrefix(s, "+")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune("+ -./()", r):
			return "", false
		}
	}
	return b.String(), plus
}

// numberPlaces are where numbers begin or end with these digits.
func numberPlaces(digits string, plus bool, country string) (all []place) {
	begin := func(number string) {
		below := number[:len(number)-1] + string(rune(number[len(number)-1]-1)) + "~"
		all = append(all, place{from: below, to: number + "~", pass: func(x row, _ put) bool { return strings.HasPrefix(x.number, number) }})
	}
	begin("+" + strings.TrimPrefix(digits, "00"))
	if plus {
		return all
	}
	if code := phone.Calling(country); code != "" {
		begin("+" + code + strings.TrimPrefix(digits, "0"))
	}
	key := tailKey(digits)
	return append(all, place{kinds: []string{kindTail}, from: key, to: key + last, pass: func(x row, _ put) bool {
		return strings.HasSuffix(x.number, digits)
	}})
}

// searchWords are the words of a search, the longest first. One with which another begins says nothing more.
func searchWords(s string) (out []string) {
	all := wordsIn(nil, fold(s))
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	for _, w := range all {
		if !slices.ContainsFunc(out, func(x string) bool { return strings.HasPrefix(x, w) }) {
			out = append(out, w)
		}
	}
	return out
}

// stretch is where the entries of a kind stand whose keys begin with a word.
func stretch(kind, w string) (from, to string) {
	key := cut(w)
	if kind == kindOther {
		key = cutTo(w, maxOther)
	}
	return key, key + last
}

// wordPlaces are where something begins with one of the words, names first; the others must begin words of the contact
// too.
func (p *pager) wordPlaces(s string) ([]place, error) {
	ws := searchWords(s)
	if len(ws) == 0 {
		return nil, nil
	}
	lead, err := p.rarest(ws)
	if err != nil {
		return nil, err
	}
	pass := func(x row, e put) bool {
		return !slices.ContainsFunc(ws, func(w string) bool { return !x.hasWord(w) }) && x.firstWith(lead) == e
	}
	var out []place
	for _, kinds := range [][]string{{kindName, kindWord}, {kindEmail}, {kindOther}} {
		from, to := stretch(kinds[0], lead)
		out = append(out, place{kinds, from, to, pass})
	}
	return out, nil
}

// mostLeaves of the index are counted for a word; beyond, all words are as common, and the longest is as good as any.
const mostLeaves = 40

// rarest is the word that the fewest entries begin with, as far as is quickly told; on a further page, the one that was
// taken for the page before.
func (p *pager) rarest(ws []string) (string, error) {
	for _, w := range ws {
		if p.mark != "" && strings.HasPrefix(p.mark[1:], cutTo(w, maxOther)) {
			return w, nil
		}
	}
	if len(ws) == 1 {
		return ws[0], nil
	}
	best, least := ws[0], mostLeaves+1
	for _, w := range ws {
		n, err := p.leavesOf(w)
		if err != nil {
			return "", err
		}
		if n >= 0 && n < least {
			best, least = w, n
		}
	}
	return best, nil
}

// leavesOf counts the leaves whose first entry begins with a word; -1 says that no entry does, as with the end of an
// address, which is not kept.
func (p *pager) leavesOf(w string) (all int, err error) {
	some := false
	for _, kind := range []string{kindOther, kindName, kindWord, kindEmail} {
		from, to := stretch(kind, w)
		n := 0
		if err := p.tx.QueryRow(`SELECT COUNT(*) FROM (SELECT 1 FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low > $3 AND low < $4 LIMIT $5) AS x`,
			p.org, kind, []byte(from), []byte(to), mostLeaves).Scan(&n); err != nil {
			return 0, err
		}
		if all += n; all >= mostLeaves {
			return mostLeaves, nil
		}
		if !some && all == 0 {
			if _, some, err = (&walker{tx: p.tx, org: p.org, kind: kind, from: from, to: to}).next(); err != nil {
				return 0, err
			}
		}
	}
	if all == 0 && !some {
		return -1, nil
	}
	return all, nil
}

// firstWith is the first of a contact's entries whose key begins with a word: where a search shows it.
func (r *row) firstWith(w string) put {
	var room [16]put
	all := r.puts(room[:0])
	for _, kind := range []string{kindName, kindWord, kindEmail, kindOther} {
		key, _ := stretch(kind, w)
		for _, p := range all {
			if p.kind == kind && strings.HasPrefix(p.entry, key) {
				return p
			}
		}
	}
	return put{}
}

func (r *row) hasWord(w string) bool {
	if begins(fold(joined(r.first, r.last)), w) || begins(fold(r.email), w) || begins(fold(r.notes), w) {
		return true
	}
	return slices.ContainsFunc(r.fields, func(f pair) bool { return begins(fold(f.value), w) })
}

// byEmail finds addresses that begin with what has an @ in it; when none does, those that hold it, from the beginning of a
// word on.
func (p *pager) byEmail(s string) ([]row, error) {
	s = strings.ToLower(s)
	key := cut(s)
	w := &walker{tx: p.tx, org: p.org, kind: kindEmail, from: key, to: key + last}
	_, some, err := w.next()
	if err != nil {
		return nil, err
	}
	if some {
		return p.look([]place{{[]string{kindEmail}, key, key + last, func(x row, _ put) bool {
			return strings.HasPrefix(strings.ToLower(x.email), s)
		}}})
	}
	whole := fold(s)
	local, domain, _ := strings.Cut(whole, "@")
	ws := append(searchWords(local), searchWords(domain)...)
	if len(ws) == 0 {
		return nil, nil
	}
	other := cutTo(ws[0], maxOther)
	return p.look([]place{{[]string{kindOther}, other, other + last, func(x row, e put) bool {
		for _, w := range x.others(nil) {
			if strings.HasPrefix(w, other) { // shown at the first one
				email := fold(x.email)
				return strings.HasPrefix(e.entry, w+"\x00") && (begins(email, whole) || local == "" && strings.Contains(email, whole))
			}
		}
		return false
	}}})
}
