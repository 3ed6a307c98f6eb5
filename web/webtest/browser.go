// Package webtest is a browser without a screen for tests of pages: it keeps cookies, follows redirects, finds elements
// by CSS selectors and fills forms by their labels, as a person would.
package webtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is one person's browser. Give each person their own.
type Browser struct {
	T      testing.TB
	Base   string // "http://127.0.0.1:1234"
	Client *http.Client
	// Header is added to every request.
	Header http.Header
	Page   *Page
}

// New opens a browser at base.
func New(t testing.TB, base string) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{T: t, Base: base, Client: &http.Client{Jar: jar},
		Header: http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}, "Accept": {"text/html"}}}
}

// Page is what the browser shows.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Text   string // of the body, as sent
	Root   *html.Node
}

// Get opens an address of the site, or an absolute one.
func (b *Browser) Get(address string) *Page {
	b.T.Helper()
	r, err := http.NewRequest(http.MethodGet, b.absolute(address), nil)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.do(r)
}

// Post sends fields to an address without looking at any form.
func (b *Browser) Post(address string, fields url.Values) *Page {
	b.T.Helper()
	r, err := http.NewRequest(http.MethodPost, b.absolute(address), strings.NewReader(fields.Encode()))
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *Browser) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		return b.Base + address
	}
	return address
}

func (b *Browser) do(r *http.Request) *Page {
	b.T.Helper()
	for name, values := range b.Header {
		r.Header[name] = values
	}
	answer, err := b.Client.Do(r)
	if err != nil {
		b.T.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	root, err := html.ParseWithOptions(strings.NewReader(string(body)), html.ParseOptionEnableScripting(false))
	if err != nil {
		b.T.Fatal(err)
	}
	b.Page = &Page{answer.Request.URL, answer.StatusCode, answer.Header, string(body), root}
	return b.Page
}

// Submit presses the button with this label, after filling the fields with these labels (or names). A tick box is
// ticked by any value but "". The test fails when there is no such button or field.
func (b *Browser) Submit(button string, fields map[string]string) *Page {
	b.T.Helper()
	form, press := b.Page.button(button)
	if form == nil {
		b.T.Fatalf("%s: no button %q on the page:\n%s", b.Page.URL, button, b.Page.Words())
	}
	values := formValues(form, press)
	for label, value := range fields {
		name := b.Page.field(form, label)
		if name == "" {
			b.T.Fatalf("%s: no field %q in the form of %q", b.Page.URL, label, button)
		}
		values.Set(name, value)
	}
	action := attr(press, "formaction")
	if action == "" {
		action = attr(form, "action")
	}
	to, err := b.Page.URL.Parse(action)
	if err != nil {
		b.T.Fatal(err)
	}
	if attr(form, "method") == "get" {
		to.RawQuery = values.Encode()
		return b.Get(to.String())
	}
	return b.Post(to.String(), values)
}

// Follow opens the link with these words.
func (b *Browser) Follow(words string) *Page {
	b.T.Helper()
	for _, a := range b.Page.All("a") {
		if strings.Contains(text(a), words) {
			to, err := b.Page.URL.Parse(attr(a, "href"))
			if err != nil {
				b.T.Fatal(err)
			}
			return b.Get(to.String())
		}
	}
	b.T.Fatalf("%s: no link %q", b.Page.URL, words)
	return nil
}

// Cookie is the value of a cookie that the browser holds, "" for none.
func (b *Browser) Cookie(name string) string {
	u, err := url.Parse(b.Base)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, c := range b.Client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
