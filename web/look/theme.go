package look

import (
	"net/http"
	"strings"
	"time"
)

const themeCookie = "watchword_theme"

// ThemeOf reads which colours the browser asked for: "light", "dark", or ""
// for those of the system.
func ThemeOf(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || (c.Value != "light" && c.Value != "dark") {
		return ""
	}
	return c.Value
}

// SetTheme answers POST /theme with the fields theme ("light", "dark", "" for
// the system's) and back (the path to return to). The choice is a cookie for a
// year, in this browser only; it says nothing about the person.
func SetTheme(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	cookie := &http.Cookie{Name: themeCookie, Path: "/", SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
	switch theme := r.PostFormValue("theme"); theme {
	case "light", "dark":
		cookie.Value, cookie.MaxAge = theme, int(365*24*time.Hour/time.Second)
	default:
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
	back := r.PostFormValue("back")
	// Only a path of this site: "//host" and "/\host" would leave it.
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		back = "/"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}
