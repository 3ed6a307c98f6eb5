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
		return p.look(wordPlaces(s))
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
		all = append(all, wordPlaces(s)...)
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

// searchWords are the words of a search, the longest first: it is the rarest, most likely.
func searchWords(s string) []string {
	out := wordsIn(nil, fold(s))
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// wordPlaces are where something begins with the first of the words, names first; the others must begin words of the
// contact too.
func wordPlaces(s string) []place {
	ws := searchWords(s)
	if len(ws) == 0 {
		return nil
	}
	pass := func(x row, e put) bool {
		return x.firstWith(ws[0]) == e && !slices.ContainsFunc(ws, func(w string) bool { return !x.hasWord(w) })
	}
	name, other := cut(ws[0]), cutTo(ws[0], maxOther)
	return []place{{[]string{kindName, kindWord}, name, name + last, pass}, {[]string{kindEmail}, name, name + last, pass},
		{[]string{kindOther}, other, other + last, pass}}
}

// firstWith is the first of a contact's entries whose key begins with a word: where a search shows it.
func (r *row) firstWith(w string) put {
	var room [16]put
	all := r.puts(room[:0])
	for _, kind := range []string{kindName, kindWord, kindEmail, kindOther} {
		key := cut(w)
		if kind == kindOther {
			key = cutTo(w, maxOther)
		}
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
