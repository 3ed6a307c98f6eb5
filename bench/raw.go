package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// raw is a keep-alive connection that speaks just enough HTTP/1.1 to cost the measured server little of its cores.
type raw struct {
	at   string
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

// answer is what a client needs of a response. Body is valid until the next request.
type answer struct {
	status   int
	location string
	cookies  map[string]string
	body     []byte
}

func dial(at string) (*raw, error) {
	c, err := net.DialTimeout("tcp", at, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &raw{at: at, conn: c, in: bufio.NewReaderSize(c, 16<<10)}, nil
}

func (c *raw) close() { c.conn.Close() }

// head is a request without a body, made once and sent often.
func head(method, path, host, cookies, from string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n", method, path, host)
	if from != "" {
		b.WriteString("X-Forwarded-For: " + from + "\r\n")
	}
	if cookies != "" {
		b.WriteString("Cookie: " + cookies + "\r\n")
	}
	return b.Bytes()
}

// ask sends a request and reads its answer.
func (c *raw) ask(head, body []byte, a *answer) error {
	c.out = append(c.out[:0], head...)
	if body != nil {
		c.out = append(c.out, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
		c.out = strconv.AppendInt(c.out, int64(len(body)), 10)
		c.out = append(c.out, '\r', '\n')
	}
	c.out = append(c.out, '\r', '\n')
	c.out = append(c.out, body...)
	c.conn.SetDeadline(time.Now().Add(60 * time.Second))
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	return c.read(a)
}

var errShort = errors.New("the answer is not HTTP")

func (c *raw) read(a *answer) error {
	a.status, a.location, a.body = 0, "", a.body[:0]
	clear(a.cookies)
	l, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(l) < 12 {
		return errShort
	}
	if a.status, err = strconv.Atoi(string(l[9:12])); err != nil {
		return errShort
	}
	length, chunked := 0, false
	for {
		if l, err = c.in.ReadSlice('\n'); err != nil {
			return err
		}
		if len(l) <= 2 {
			break
		}
		switch l[0] {
		case 'C':
			if v, ok := bytes.CutPrefix(l, []byte("Content-Length: ")); ok {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(v)))
			}
		case 'T':
			chunked = chunked || bytes.HasPrefix(l, []byte("Transfer-Encoding: chunked"))
		case 'L':
			if v, ok := bytes.CutPrefix(l, []byte("Location: ")); ok {
				a.location = string(bytes.TrimSpace(v))
			}
		case 'S':
			if v, ok := bytes.CutPrefix(l, []byte("Set-Cookie: ")); ok {
				a.cookie(string(v))
			}
		}
	}
	if !chunked {
		return c.take(a, length)
	}
	for {
		if l, err = c.in.ReadSlice('\n'); err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(l)), 16, 32)
		if err != nil {
			return errShort
		}
		if err := c.take(a, int(n)); err != nil {
			return err
		}
		if _, err := c.in.Discard(2); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

func (a *answer) cookie(v string) {
	name, value, _ := strings.Cut(v, "=")
	value, _, _ = strings.Cut(value, ";")
	if a.cookies == nil {
		a.cookies = map[string]string{}
	}
	a.cookies[name] = strings.TrimSpace(value)
}

func (c *raw) take(a *answer, n int) error {
	from := len(a.body)
	a.body = append(a.body, make([]byte, n)...)
	_, err := io.ReadFull(c.in, a.body[from:])
	return err
}
