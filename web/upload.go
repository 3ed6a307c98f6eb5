package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"watchword/base/problem"
)

const (
	// uploadFields bounds what stands before the file in a form with one, in octets.
	uploadFields = 64 << 10
	// An upload or download that stands still for transferIdle is given up, and so is one that takes longer than
	// transferMost in all: nobody holds a connection for ever.
	transferIdle = time.Minute
	transferMost = 4 * time.Hour
	// uploadName bounds a file's name, in octets.
	uploadName = 200
)

// Upload is the file of a form, read while it arrives: it is never in memory or on the disk as a whole, and Options.Body
// does not bound it, but Options.Upload does.
type Upload struct {
	// Name is as the browser says, without a path: a stranger's words, for showing only.
	Name string
	part io.Reader
	keep *keepOpen
	err  error
}

// Read gives the file's octets as they come.
func (u *Upload) Read(b []byte) (int, error) {
	u.keep.going()
	n, err := u.part.Read(b)
	if err != nil && err != io.EOF {
		u.err = err
	}
	return n, err
}

// FileHandler answers the post of a form with a file; file is nil when none was chosen. Fields that stand before the
// file in the form can be read by Value, later ones are not there.
type FileHandler func(q *Request, file *Upload) error

// PostFileIn registers what a form with one file (multipart/form-data) of people who are logged in does. Everything that
// defends other forms defends it too: the check of where it comes from looks at headers, and the nonce stands before the
// file.
func (d *Door) PostFileIn(path string, h FileHandler) {
	pattern := "POST " + path
	d.mux.Handle(pattern, d.reading((*Request).readUpload, signedIn(func(q *Request) error {
		err := h(q, q.upload)
		var large *http.MaxBytesError
		if err != nil && q.upload != nil && errors.As(q.upload.err, &large) {
			return &tooLarge{}
		}
		return err
	})))
	d.routes = append(d.routes, pattern)
}

// readUpload reads a form up to its file.
func (q *Request) readUpload() error {
	if !strings.HasPrefix(q.R.Header.Get("Content-Type"), "multipart/form-data") {
		return q.read()
	}
	q.R.Body = http.MaxBytesReader(q.W, q.R.Body, q.Door.Upload)
	parts, err := q.R.MultipartReader()
	if err != nil {
		return unreadable()
	}
	keep := &keepOpen{c: http.NewResponseController(q.W), began: time.Now()}
	keep.going()
	q.form = url.Values{}
	for left := int64(uploadFields); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unreadable()
		}
		if part.FileName() != "" {
			q.upload = &Upload{Name: fileName(part), part: part, keep: keep}
			return nil
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return unreadable()
		}
		if left -= int64(len(value)); left < 0 {
			return &tooLarge{}
		}
		q.form.Add(part.FormName(), string(value))
	}
}

func unreadable() error {
	return problem.Invalid("form_unreadable", "What your browser sent could not be read. Go back and send it again.")
}

// fileName cuts what is too long and takes out what could disturb a page, a log or a header.
func fileName(p *multipart.Part) string {
	name := clean(p.FileName())
	if len(name) > uploadName {
		name = strings.ToValidUTF8(name[:uploadName], "")
	}
	return name
}

// keepOpen pushes the server's time limits on while octets move, so that a big file may take as long as it moves.
type keepOpen struct {
	c     *http.ResponseController
	began time.Time
	last  time.Time
}

func (k *keepOpen) going() {
	now := time.Now()
	if now.Sub(k.last) < time.Second || now.Sub(k.began) > transferMost {
		return
	}
	k.last = now
	// A server that cannot has limits of its own.
	_ = k.c.SetReadDeadline(now.Add(transferIdle))
	_ = k.c.SetWriteDeadline(now.Add(transferIdle + writeGrace))
}

// writeGrace is what the answer may take after the last octet was read.
const writeGrace = time.Minute
