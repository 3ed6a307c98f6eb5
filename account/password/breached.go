package password

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Breached is an imported list of stolen passwords: a file of sorted 8-octet beginnings of SHA-1 hashes, searched on
// disk. SHA-1 because the public lists are made of it; it protects nothing here.
type Breached struct {
	file *os.File
	n    int64
}

const (
	breachedMagic = "WWPW0001"
	// maxUnsorted bounds what Import sorts in memory, in passwords (8 octets each).
	maxUnsorted = 20_000_000
)

// OpenBreached opens a list that Import made.
func OpenBreached(path string) (*Breached, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(breachedMagic))
	st, err := f.Stat()
	if err == nil {
		_, err = io.ReadFull(f, head)
	}
	if err != nil || string(head) != breachedMagic || (st.Size()-int64(len(head)))%8 != 0 {
		f.Close()
		return nil, fmt.Errorf("%s is not a password list made by \"watchword passwords import\"", path)
	}
	return &Breached{f, (st.Size() - int64(len(head))) / 8}, nil
}

// Len is the number of passwords.
func (b *Breached) Len() int64 { return b.n }

// Close closes the file.
func (b *Breached) Close() error { return b.file.Close() }

// Has says whether the list holds a password.
func (b *Breached) Has(password string) (bool, error) {
	h := sha1.Sum([]byte(password))
	var fault error
	var rec [8]byte
	read := func(i int) []byte {
		if _, err := b.file.ReadAt(rec[:], int64(len(breachedMagic))+int64(i)*8); err != nil {
			fault = err
		}
		return rec[:]
	}
	i := sort.Search(int(b.n), func(i int) bool { return bytes.Compare(read(i), h[:8]) >= 0 })
	return i < int(b.n) && bytes.Equal(read(i), h[:8]) && fault == nil, fault
}

// Imported is what came of a list.
type Imported struct {
	Passwords int64  // written, each once
	LeftOut   int64  // lines that are no password
	First     string // the first of those, with its number and what is wrong with it
}

// Import reads a list, one entry a line: a password (UTF-8, at most 1,024 characters, none of them a control character), or
// a SHA-1 in 40 hex digits with or without ":count" as the public lists have it; the first line decides which. A list of
// hashes must be ordered, as published, and may be of any length; passwords are sorted in memory, at most 20 million.
// What is plainly no such list is refused, with the line and the reason, and path stays as it was.
func Import(from io.Reader, path string) (in Imported, err error) {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return in, err
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(tmp)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	w.WriteString(breachedMagic)
	if in, err = importLines(from, w); err != nil {
		return in, err
	}
	if err = errors.Join(w.Flush(), f.Sync()); err != nil {
		return in, err
	}
	return in, os.Rename(tmp, path)
}

func importLines(from io.Reader, w io.Writer) (in Imported, err error) {
	var rec [8]byte
	put := func(v uint64) error {
		in.Passwords++
		binary.BigEndian.PutUint64(rec[:], v)
		_, err := w.Write(rec[:])
		return err
	}
	var number, spaced int64
	var last uint64
	var words []uint64
	hashes := false
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, 4096), 64*1024)
	for lines.Scan() {
		number++
		line := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		v, hashed := sha1Of(line)
		switch {
		case len(line) == 0:
		case hashed && len(words) == 0:
			if v < last {
				return in, fmt.Errorf("line %d is smaller than the one before: a list of hashes must be ordered by hash", number)
			}
			if v > last || !hashes {
				if err := put(v); err != nil {
					return in, err
				}
			}
			hashes, last = true, v
		case hashes:
			return in, fmt.Errorf("line %d is no SHA-1 of 40 hex digits, as the lines before it are", number)
		default:
			if why := noPassword(line); why != "" {
				if in.LeftOut++; in.LeftOut == 1 {
					in.First = fmt.Sprintf("line %d %s", number, why)
				}
				continue
			}
			if len(words) == maxUnsorted {
				return in, errors.New("the list is too long to be sorted in memory: take the edition that is ordered by hash")
			}
			if bytes.ContainsAny(line, " \t") {
				spaced++
			}
			h := sha1.Sum(norm.NFC.Bytes(line))
			words = append(words, binary.BigEndian.Uint64(h[:8]))
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return in, fmt.Errorf("line %d is longer than 64 kB: this is no list of passwords, one a line", number+1)
	} else if err != nil {
		return in, err
	}
	found := int64(len(words))
	switch {
	case number == 0:
		return in, errors.New("the list is empty")
	case !hashes && found <= in.LeftOut:
		if in.First == "" {
			in.First = "all its lines are empty"
		}
		return in, fmt.Errorf("%d of %d lines are no password: %s", number-found, number, in.First)
	case spaced > found/2:
		return in, fmt.Errorf("%d of %d lines hold spaces: this reads like a text, not like a list of passwords, one a line", spaced, number)
	}
	slices.Sort(words)
	for _, v := range slices.Compact(words) {
		if err := put(v); err != nil {
			return in, err
		}
	}
	return in, nil
}

// sha1Of reads a line of 40 hex digits, with or without ":count"; it gives the first 8 octets.
func sha1Of(line []byte) (uint64, bool) {
	var h [20]byte
	if len(line) < 40 || len(line) > 40 && line[40] != ':' {
		return 0, false
	}
	_, err := hex.Decode(h[:], line[:40])
	return binary.BigEndian.Uint64(h[:8]), err == nil
}

var (
	otherHash = regexp.MustCompile(`^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})(:[0-9]+)?$`)
	markup    = regexp.MustCompile(`(?i)^\s*<(!doctype|html|\?xml|head|body|div|p|a|script|meta|link)\b`)
)

// noPassword says why a line is not one; "" when it may be.
func noPassword(line []byte) string {
	switch {
	case !utf8.Valid(line):
		return "is not UTF-8"
	case bytes.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		return "holds control characters, as packed files do: unpack it first"
	case utf8.RuneCount(line) > Max:
		return fmt.Sprintf("is longer than %d characters", Max)
	case otherHash.Match(line):
		return "is a hash, but no SHA-1 of 40 hex digits: take the SHA-1 edition of the list"
	case markup.Match(line):
		return "is part of a web page"
	}
	return ""
}
