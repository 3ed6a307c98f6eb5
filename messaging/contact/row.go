package contact

import (
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"

	"watchword/base/id"
)

// row is a contact as it is stored.
type row struct {
	number string
	id     int64
	card
	lists            []int64 // rising
	created, updated int64
}

// card is what people write about somebody.
type card struct {
	first, last, email, notes string
	fields                    []pair // by name
}

type pair struct{ name, value string }

func (c card) same(d card) bool {
	return c.first == d.first && c.last == d.last && c.email == d.email && c.notes == d.notes && slices.Equal(c.fields, d.fields)
}

// encode writes contact.data: `["Ana","Silva","ana@example.com","",["City","Lisbon"],[1,7],1700000000000000,1700000000000000]`.
func (r *row) encode(b []byte) []byte {
	return appendTail(r.card.encode(b), r.lists, r.created, r.updated)
}

// encode writes the first part of contact.data, up to the lists.
func (c *card) encode(b []byte) []byte {
	b = append(b, '[')
	for _, s := range [...]string{c.first, c.last, c.email, c.notes} {
		b = append(appendText(b, s), ',')
	}
	b = append(b, '[')
	for i, f := range c.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, f.name), ',')
		b = appendText(b, f.value)
	}
	return append(b, ']')
}

func appendTail(b []byte, lists []int64, created, updated int64) []byte {
	b = append(b, ",["...)
	for i, l := range lists {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, l, 10)
	}
	b = append(b, "],"...)
	b = strconv.AppendInt(b, created, 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, updated, 10)
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// appendText writes a JSON string (RFC 8259 §7). The text is valid UTF-8 without NUL: the doors see to that.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		if c < 0x20 {
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			b = append(b, '\\', c)
		}
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}

var errData = errors.New("contact.data is not what it should be")

// decode reads contact.data. Strings share memory with data.
func (r *row) decode(data string) error {
	p := parser{s: data}
	p.card(&r.card)
	p.want(',')
	p.want('[')
	r.lists = r.lists[:0]
	for !p.bad && p.peek() != ']' {
		if len(r.lists) > 0 {
			p.want(',')
		}
		r.lists = append(r.lists, p.int())
	}
	p.want(']')
	p.want(',')
	r.created = p.int()
	p.want(',')
	r.updated = p.int()
	p.want(']')
	if p.bad || p.i != len(data) {
		return errData
	}
	return nil
}

// decodeCard reads what card.encode wrote.
func decodeCard(s string) (c card, err error) {
	p := parser{s: s}
	p.card(&c)
	if p.bad || p.i != len(s) {
		err = errData
	}
	return c, err
}

// parser reads the little JSON that contact.data is.
type parser struct {
	s   string
	i   int
	bad bool
}

func (p *parser) card(c *card) {
	p.want('[')
	for i, into := range [...]*string{&c.first, &c.last, &c.email, &c.notes} {
		if i > 0 {
			p.want(',')
		}
		*into = p.text()
	}
	p.want(',')
	p.want('[')
	c.fields = c.fields[:0]
	for !p.bad && p.peek() != ']' {
		if len(c.fields) > 0 {
			p.want(',')
		}
		name := p.text()
		p.want(',')
		c.fields = append(c.fields, pair{name, p.text()})
	}
	p.want(']')
}

func (p *parser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	p.bad = true
	return 0
}

func (p *parser) want(c byte) {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return
	}
	p.bad = true
}

func (p *parser) int() (n int64) {
	from := p.i
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' && p.i-from < 19 {
		n = n*10 + int64(p.s[p.i]-'0')
		p.i++
	}
	p.bad = p.bad || p.i == from || n < 0
	return n
}

func (p *parser) text() string {
	p.want('"')
	from := p.i
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case '"':
			p.i++
			return p.s[from : p.i-1]
		case '\\':
			return p.escaped(from)
		}
		p.i++
	}
	p.bad = true
	return ""
}

// escaped goes on with a string in which something is escaped.
func (p *parser) escaped(from int) string {
	b := []byte(p.s[from:p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			return string(b)
		case c != '\\':
			b = append(b, c)
		case p.i+5 <= len(p.s) && p.s[p.i] == 'u':
			n, err := strconv.ParseUint(p.s[p.i+1:p.i+5], 16, 16)
			p.bad = p.bad || err != nil
			b = utf8.AppendRune(b, rune(n))
			p.i += 5
		case p.i < len(p.s) && (p.s[p.i] == '"' || p.s[p.i] == '\\' || p.s[p.i] == '/'):
			b = append(b, p.s[p.i])
			p.i++
		default:
			p.bad = true
			return ""
		}
	}
	p.bad = true
	return ""
}

// contact is the row for people.
func (r *row) contact(org id.Organisation) Contact {
	c := Contact{ID: contactID(org, r.id), Number: r.number, First: r.first, Last: r.last, Email: r.email, Notes: r.notes, Created: r.created, Updated: r.updated}
	if len(r.fields) > 0 {
		c.Fields = make(map[string]string, len(r.fields))
		for _, f := range r.fields {
			c.Fields[f.name] = f.value
		}
	}
	for _, l := range r.lists {
		c.Lists = append(c.Lists, listID(org, l))
	}
	return c
}
