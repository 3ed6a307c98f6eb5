package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/session"
	"watchword/web"
)

// many gives n octets without having them.
type many struct{ left int }

func (m *many) Read(b []byte) (int, error) {
	if m.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), m.left)
	for i := range b[:n] {
		b[i] = 'x'
	}
	m.left -= n
	return n, nil
}

// sendFile posts a form with fields and a file while it is made.
func (s *site) sendFile(t testing.TB, path, fields, name string, octets int, header http.Header) *http.Response {
	t.Helper()
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		var err error
		for pair := range strings.FieldsSeq(fields) {
			field, value, _ := strings.Cut(pair, "=")
			err = errors.Join(err, form.WriteField(field, value))
		}
		part, more := form.CreateFormFile("file", name)
		if err = errors.Join(err, more); err == nil {
			_, err = io.Copy(part, &many{octets})
		}
		w.CloseWithError(errors.Join(err, form.Close()))
	}()
	q, err := http.NewRequest("POST", s.server.URL+path, r)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		q.Header[name] = values
	}
	q.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// A file is read as it arrives, past the limit of other forms, by people who are logged in; forms of other sites are
// refused before the first octet, and a second press of the same form has no second effect (C31, CL6).
func TestUpload(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), func(o *web.Options) { o.Body, o.Upload = 1000, 3<<20 })
	_, ana := s.person(t, "ana")
	read, calls := int64(0), 0
	s.PostFileIn("/upload", func(q *web.Request, f *web.Upload) error {
		calls++
		if f == nil {
			return problem.AtField("file", "file_missing", "Choose a file.")
		}
		n, err := io.Copy(io.Discard, f)
		if read = n; err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		return q.Go("/done/" + f.Name + "/" + q.Value("kind"))
	})
	once := "kind=csv once=0123456789abcdefghij"
	for range 2 {
		if a := s.sendFile(t, "/upload", once, "../../pe\u200bople.csv", 2<<20, cookie(ana)); a.StatusCode != 303 || a.Header.Get("Location") != "/done/people.csv/csv" || read != 2<<20 || calls != 1 {
			t.Fatalf("%d %s, read %d in %d calls", a.StatusCode, a.Header, read, calls)
		}
	}
	foreign := cookie(ana)
	foreign.Set("Origin", "https://evil.example")
	if a := s.sendFile(t, "/upload", "", "a.csv", 10, foreign); a.StatusCode != 403 || calls != 1 {
		t.Errorf("from another site: %d", a.StatusCode)
	}
	if a := s.sendFile(t, "/upload", "", "a.csv", 10, nil); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/login") || calls != 1 {
		t.Errorf("signed out: %d %s", a.StatusCode, a.Header)
	}
	if a := s.sendFile(t, "/upload", "", "a.csv", 4<<20, cookie(ana)); a.StatusCode != 413 {
		t.Errorf("too large: %d", a.StatusCode)
	}
	if a := s.do(t, "POST", "/upload", url.Values{"kind": {"csv"}}, cookie(ana)); a.StatusCode != 422 {
		t.Errorf("without a file: %d", a.StatusCode)
	}
}

// A file that needs a code follows it, is never held in memory, and comes once: to programs at once, to browsers by a
// page that stands. Nobody else gets it (TD10, C47).
func TestDownload(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), nil)
	eve, old := s.person(t, "eve")
	_, ben := s.person(t, "ben")
	var renewed session.Made
	err := s.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		renewed, err = s.book.Create(tx, access.Origin{}, session.Proof{Profile: eve.ID, Version: eve.SecurityVersion, Level: access.LevelTwoFactor, Source: session.LogIn})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	grants := 0
	s.PostDownloadIn("/file/{id}", func(q *web.Request) error {
		if q.Cookie(web.SessionCookie) != renewed.Token || grants == 0 {
			return problem.NeedsCode("contacts_export", "file 7")
		}
		d := q.Download("our \"file\".csv", "text/csv; charset=utf-8")
		if q.Value("fail") == "before" {
			return d.Done(problem.NotFound("export"))
		}
		grants--
		_, err := d.Write([]byte("a,b\n"))
		if q.Value("fail") == "after" {
			_, _ = io.Copy(d, &many{1 << 20})
			return d.Done(errors.New("the disk broke"))
		}
		return d.Done(err)
	})
	s.GetIn("/file/{id}", func(q *web.Request) error {
		_, err := fmt.Fprintf(q.W, "page %s", q.Fetch("/file/7"))
		return err
	})
	var asked url.Values
	s.PostIn("/stepup/begin", func(q *web.Request) error { asked = q.R.URL.Query(); return q.Go("/stepup/code") })
	s.PostIn("/stepup/enter", func(q *web.Request) error {
		grants++
		q.Begin(renewed)
		return q.Again(q.Query("post"), q.Query("kept"), q.Query("next"))
	})
	prove := func(header http.Header) string {
		t.Helper()
		if a := s.do(t, "POST", "/file/7", url.Values{}, cookie(old)); a.Header.Get("Location") != "/stepup/code" {
			t.Fatalf("%d %s", a.StatusCode, a.Header)
		}
		a := s.do(t, "POST", "/stepup/enter?"+asked.Encode(), url.Values{}, header)
		if a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.Header)
		}
		return a.Header.Get("Location")
	}
	body := func(a *http.Response) string { b, _ := io.ReadAll(a.Body); return string(b) }

	to := prove(cookie(old))
	if a := s.do(t, "GET", to, nil, cookie(ben)); a.StatusCode != 303 || a.Header.Get("Location") != "/file/7" {
		t.Errorf("somebody else: %d %s", a.StatusCode, a.Header)
	}
	a := s.do(t, "GET", to, nil, cookie(renewed))
	if got := body(a); a.StatusCode != 200 || got != "a,b\n" || a.Header.Get("Content-Disposition") != `attachment; filename="our--file-.csv"` {
		t.Errorf("the file: %d %s %q", a.StatusCode, a.Header, got)
	}
	if a := s.do(t, "GET", to, nil, cookie(renewed)); a.StatusCode != 303 || grants != 0 {
		t.Errorf("a second time: %d", a.StatusCode)
	}
	browser := cookie(old)
	browser.Set("Sec-Fetch-Mode", "navigate")
	browser.Set("Sec-Fetch-Site", "same-origin")
	page := s.do(t, "GET", prove(browser), nil, cookie(renewed))
	from, ok := strings.CutPrefix(page.Header.Get("Refresh"), "0; url=")
	if !ok || body(page) != "page "+from {
		t.Fatalf("page %d %s", page.StatusCode, page.Header)
	}
	if got := body(s.do(t, "GET", from, nil, cookie(renewed))); got != "a,b\n" {
		t.Errorf("by the page: %q", got)
	}
	if a := s.do(t, "GET", "/file/7?fetch=%2Ffile%2F8%3Fanswer%3Dx", nil, cookie(renewed)); a.Header.Get("Refresh") != "" {
		t.Errorf("a made-up address: %s", a.Header)
	}
	grants = 2
	if a := s.do(t, "POST", "/file/7", url.Values{"fail": {"before"}}, cookie(renewed)); a.StatusCode != 404 || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("refused: %d %s", a.StatusCode, a.Header)
	}
	a = s.do(t, "POST", "/file/7", url.Values{"fail": {"after"}}, cookie(renewed))
	if _, err := io.Copy(new(bytes.Buffer), a.Body); err == nil {
		t.Error("half a file looks whole")
	}
}
