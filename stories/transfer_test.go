package stories

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// people FILE N: a CSV file of n people with different numbers; every hundredth row is one that a spreadsheet has spoiled.
func people(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	b := bytes.NewBufferString("Mobile number,First name,Last name,Email\n")
	for i := range n {
		number := fmt.Sprintf("07%09d", 400_000_000+i)
		if i%100 == 20 {
			number = "7.4E+09"
		}
		fmt.Fprintf(b, "%s,Ada%d,Hall,ada%d@example.com\n", number, i, i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// upload BUTTON FILE [unmeasured]: chooses a file of the story for the form's field "file" and presses the button; the
// server may not be told how long the form is.
func (p *person) upload(a []string) error {
	contents, err := os.ReadFile(filepath.Join(p.s.dir, a[1]))
	if err != nil {
		return err
	}
	f, err := p.Page.Fill(a[0], nil)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range f.Values {
		for _, v := range values {
			if name != "file" {
				if err := form.WriteField(name, v); err != nil {
					return err
				}
			}
		}
	}
	part, err := form.CreateFormFile("file", a[1])
	if err != nil {
		return err
	}
	if _, err := part.Write(contents); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, f.Action, &body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	if len(a) > 2 && a[2] == "unmeasured" {
		r.ContentLength, r.Body = -1, io.NopCloser(&body)
	}
	page, err := p.Send(r)
	if err == nil {
		p.Page = page
	}
	return err
}

// saves FILE: keeps what was downloaded.
func (p *person) saves(a []string) error {
	if kind := p.Page.Header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		return fmt.Errorf("this is %s, no file", kind)
	}
	return os.WriteFile(filepath.Join(p.s.dir, a[0]), []byte(p.Page.Body), 0o600)
}

// The map of person_test.go is there: files are initialised in the order of their names.
func init() {
	for name, verb := range map[string]func(*person, []string) error{"upload": (*person).upload, "saves": (*person).saves} {
		verbs[name] = verb
	}
}
