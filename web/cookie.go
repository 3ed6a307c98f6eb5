package web

import (
	"net/http"
	"strings"
	"time"

	"watchword/base/id"
)

// Names of the cookies, without what the base URL puts before them. None holds personal data (C40).
const (
	SessionCookie  = "session"  // who is logged in
	LoginCookie    = "login"    // a log-in between password and second factor
	BrowserCookie  = "browser"  // by which a browser is recognised (decisions 16)
	RegisterCookie = "register" // a sign-up of this browser whose address is not yet proved
	OperatorCookie = "operator" // an operator's session
	EnterCookie    = "enter"    // the organisation for which a second factor is being set up
	flashCookie    = "flash"
	devicePrefix   = "device_" // a browser that one person trusts; the mark of the person follows (TD5)
)

// deviceLife is longer than any trust: browsers keep no cookie for longer than 400 days.
const deviceLife = 400 * 24 * time.Hour

// CookieName is the full name: __Host- binds the cookie to https and this very host (decisions 29).
func (d *Door) CookieName(name string) string {
	if d.secure {
		return "__Host-watchword_" + name
	}
	return "watchword_" + name
}

// Cookie is the value that the browser sent, "" for none.
func (q *Request) Cookie(name string) string {
	c, err := q.R.Cookie(q.Door.CookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetCookie gives the browser a cookie; life 0 means until it is closed.
func (q *Request) SetCookie(name, value string, life time.Duration) {
	http.SetCookie(q.W, &http.Cookie{Name: q.Door.CookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: q.Door.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// DropCookie takes a cookie away.
func (q *Request) DropCookie(name string) {
	http.SetCookie(q.W, &http.Cookie{Name: q.Door.CookieName(name), Path: "/", MaxAge: -1,
		Secure: q.Door.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Devices are the secrets of the trusted devices that this browser is, by the mark of their person: two people in one
// browser have one each (TD5).
func (q *Request) Devices() map[string]string {
	out := map[string]string{}
	for _, c := range q.R.Cookies() {
		if mark, ok := strings.CutPrefix(c.Name, q.Door.CookieName(devicePrefix)); ok && mark != "" {
			out[mark] = c.Value
		}
	}
	return out
}

// Trust gives the browser the secret of a device that is trusted now, for the person of that mark. How long it counts is
// decided at each log-in.
func (q *Request) Trust(mark, secret string) { q.SetCookie(devicePrefix+mark, secret, deviceLife) }

// AfterBinding is where to go once a second factor is set up: back to the organisation it was set up for, or to path.
func (q *Request) AfterBinding(path string) string {
	org := q.Cookie(EnterCookie)
	if !id.Valid("AC", org) {
		return path
	}
	return "/organisations/enter?organisation=" + org
}
