package web

import (
	"net/http"
	"time"
)

// Names of the cookies, without what the base URL puts before them. None holds personal data (C40).
const (
	SessionCookie  = "session"  // who is logged in
	LoginCookie    = "login"    // a log-in between password and second factor
	BrowserCookie  = "browser"  // by which a browser is recognised (decisions 16)
	RegisterCookie = "register" // a sign-up of this browser whose address is not yet proved
	OperatorCookie = "operator" // an operator's session
	flashCookie    = "flash"
)

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
