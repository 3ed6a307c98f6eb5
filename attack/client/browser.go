// Package client is a person at Watchword from outside: a browser without JavaScript that fills forms by their labels,
// and the phone and mailbox of the simulator. It knows nothing of the program behind the address.
package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Agent is the User-Agent of every browser that is not told another.
const Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// maxPage bounds what is read of an answer, in octets.
const maxPage = 16 << 20

// Browser is one person's browser: its cookies, its address, and the page it shows. Give each person their own. Do and
// Send may be called at the same time; whatever moves Page may not.
type Browser struct {
	Base   string // "http://localhost:8080", without a slash at the end
	HTTP   *http.Client
	Header http.Header // added to every request
	Page   *Page
}

// New opens a browser at base. source is the loopback address that it comes from, as "127.0.0.7"; "" leaves it to the
// system. A certificate that was made by the server itself is believed for loopback names only.
func New(base, source string) (*Browser, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is no address of a server", base)
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if source != "" {
		a, err := netip.ParseAddr(source)
		if err != nil {
			return nil, err
		}
		dialer.LocalAddr = &net.TCPAddr{IP: a.AsSlice()}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 20 * time.Second, ForceAttemptHTTP2: false,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: loopback(u.Hostname())}}
	return &Browser{Base: strings.TrimSuffix(base, "/"), HTTP: &http.Client{Jar: jar, Transport: transport, Timeout: 2 * time.Minute},
		Header: http.Header{"User-Agent": {Agent}, "Accept": {"text/html"}}}, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Copy is another browser with the same cookies and page at this moment, on the same connections: what a thief of the
// cookies has, or one of several parallel presses.
func (b *Browser) Copy() *Browser {
	jar, _ := cookiejar.New(nil) // fails only for a broken list of public suffixes
	hc := *b.HTTP
	hc.Jar = jar
	c := &Browser{Base: b.Base, HTTP: &hc, Header: b.Header.Clone(), Page: b.Page}
	for name, value := range b.Cookies() {
		c.SetCookie(name, value)
	}
	return c
}

// Cookies are the names and values that the browser would send.
func (b *Browser) Cookies() map[string]string {
	all := map[string]string{}
	u, err := url.Parse(b.Base)
	if err != nil {
		return all
	}
	for _, c := range b.HTTP.Jar.Cookies(u) {
		all[c.Name] = c.Value
	}
	return all
}

// Cookie is the value of the cookie whose name ends like this ("session" finds watchword_session and
// __Host-watchword_session); "" for none.
func (b *Browser) Cookie(name string) string {
	for n, v := range b.Cookies() {
		if n == name || strings.HasSuffix(n, "_"+name) {
			return v
		}
	}
	return ""
}

// CookieName is the full name that the server gives a cookie.
func (b *Browser) CookieName(name string) string {
	if strings.HasPrefix(b.Base, "https:") {
		return "__Host-watchword_" + name
	}
	return "watchword_" + name
}

// SetCookie plants a cookie by its full name.
func (b *Browser) SetCookie(name, value string) {
	if u, err := url.Parse(b.Base); err == nil {
		b.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: u.Scheme == "https"}})
	}
}

// Get opens an address of the site ("/login"), or an absolute one.
func (b *Browser) Get(address string) (*Page, error) {
	return b.show(b.Do(http.MethodGet, address, nil))
}

// Post sends fields to an address without looking at any form.
func (b *Browser) Post(address string, fields url.Values) (*Page, error) {
	return b.show(b.Do(http.MethodPost, address, fields))
}

func (b *Browser) show(p *Page, err error) (*Page, error) {
	if err == nil {
		b.Page = p
	}
	return p, err
}

// Do asks and follows redirects, without changing Page. fields are posted unless the method is GET or HEAD.
func (b *Browser) Do(method, address string, fields url.Values) (*Page, error) {
	var body io.Reader
	if method != http.MethodGet && method != http.MethodHead {
		body = strings.NewReader(fields.Encode())
	}
	if strings.HasPrefix(address, "/") {
		address = b.Base + address
	}
	r, err := http.NewRequest(method, address, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.Send(r)
}

// Send sends any request with the browser's headers, except those that the request has already.
func (b *Browser) Send(r *http.Request) (*Page, error) {
	for name, values := range b.Header {
		if _, ok := r.Header[name]; !ok {
			r.Header[name] = values
		}
	}
	began := time.Now()
	answer, err := b.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxPage))
	if err != nil {
		return nil, err
	}
	took := time.Since(began)
	root, err := html.ParseWithOptions(strings.NewReader(string(body)), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	return &Page{URL: answer.Request.URL, Status: answer.StatusCode, Header: answer.Header, Body: string(body), Root: root, Took: took}, nil
}

// Submit presses the button with these words after filling the fields with these labels. See Page.Fill.
func (b *Browser) Submit(button string, fields map[string]string) (*Page, error) {
	if b.Page == nil {
		return nil, errors.New("no page is open")
	}
	f, err := b.Page.Fill(button, fields)
	if err != nil {
		return nil, err
	}
	return b.Press(f)
}

// Press sends a filled form.
func (b *Browser) Press(f Filled) (*Page, error) { return b.show(b.Do(f.Method, f.Action, f.Values)) }

// Follow opens the first link whose words contain these.
func (b *Browser) Follow(words string) (*Page, error) {
	if b.Page == nil {
		return nil, errors.New("no page is open")
	}
	for _, l := range b.Page.Links() {
		if strings.Contains(l.Words, words) {
			return b.Get(l.Address)
		}
	}
	return nil, fmt.Errorf("%s: no link %q; the page says:\n%s", b.Page.URL, words, b.Page.Words())
}
