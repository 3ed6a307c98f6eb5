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
	"slices"
	"sort"

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

// Import reads a list, one entry a line: a password, or a SHA-1 in 40 hex digits with or without ":count" as the public
// lists have it. It returns how many were written. A list ordered by hash may be of any length; another one is sorted
// in memory and may have 20 million lines.
func Import(from io.Reader, path string) (n int64, err error) {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(tmp)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	w.WriteString(breachedMagic)
	if n, err = importLines(from, w); err != nil {
		return 0, err
	}
	if err = errors.Join(w.Flush(), f.Sync()); err != nil {
		return 0, err
	}
	return n, os.Rename(tmp, path)
}

func importLines(from io.Reader, w io.Writer) (int64, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, 4096), 64*1024)
	var pending []uint64
	var last uint64
	var n int64
	var rec [8]byte
	ordered := true // as long as every entry was larger than the one before, entries go straight to the file
	put := func(v uint64) error {
		n++
		binary.BigEndian.PutUint64(rec[:], v)
		_, err := w.Write(rec[:])
		return err
	}
	for lines.Scan() {
		v, hashed := entry(lines.Bytes())
		if !hashed && len(lines.Bytes()) == 0 {
			continue
		}
		if ordered && !hashed && n == 0 {
			ordered = false
		}
		switch {
		case !ordered && len(pending) >= maxUnsorted:
			return 0, errors.New("the list is too long to be sorted in memory: take the edition that is ordered by hash")
		case !ordered:
			pending = append(pending, v)
		case v < last:
			return 0, errors.New("the list begins ordered by hash but is not: order it, or give the passwords themselves")
		case v > last || n == 0:
			if err := put(v); err != nil {
				return 0, err
			}
		}
		last = v
	}
	if err := lines.Err(); err != nil {
		return 0, err
	}
	slices.Sort(pending)
	for _, v := range slices.Compact(pending) {
		if err := put(v); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// entry is the beginning of one line's SHA-1, and whether the line was a hash already.
func entry(line []byte) (uint64, bool) {
	line = bytes.TrimRight(line, "\r")
	var h [20]byte
	if len(line) >= 40 && (len(line) == 40 || line[40] == ':') {
		if _, err := hex.Decode(h[:], line[:40]); err == nil {
			return binary.BigEndian.Uint64(h[:8]), true
		}
	}
	h = sha1.Sum(norm.NFC.Bytes(line))
	return binary.BigEndian.Uint64(h[:8]), false
}
