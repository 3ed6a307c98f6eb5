package web

import (
	"encoding/json"
	"net/http"
	"time"

	"watchword/base/problem"
)

var (
	jsonKind    = []string{"application/json"}
	problemKind = []string{"application/problem+json"}
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}
	signedOut   = []byte(`{"type":"about:blank","title":"Log in to go on","status":401,"detail":"Nobody is logged in with this cookie, or no longer.","code":"signed_out"}` + "\n")
	unavailable = []byte(`{"type":"about:blank","title":"This does not work at the moment","status":503,"detail":"The session could not be checked. Try again in a moment.","code":"unavailable"}` + "\n")
)

type sessionAnswer struct {
	Profile      string `json:"profile"`
	Organisation string `json:"organisation"`
	Level        int    `json:"level"`
	ExpiresAt    string `json:"expires_at"`
}

// session answers GET /session: 200 {profile, organisation, level, expires_at} or 401 problem+json. It does not extend
// the idle time (decisions 22). One read of the database, nothing else: programs ask it for each request of theirs.
func (d *Door) session(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Cache-Control"], h["X-Content-Type-Options"], h["Content-Type"] = noStore, noSniff, problemKind
	h["Content-Security-Policy"], h["Referrer-Policy"] = fixed["Content-Security-Policy"], fixed["Referrer-Policy"]
	if d.secure {
		h["Strict-Transport-Security"] = strictTransport
	}
	c, err := r.Cookie(d.CookieName(SessionCookie))
	if err != nil || c.Value == "" {
		answer(w, http.StatusUnauthorized, signedOut)
		return
	}
	seen, err := d.Sessions.Look(r.Context(), d.DB, c.Value)
	if problem.Is(err, problem.KindSignedOut) {
		answer(w, http.StatusUnauthorized, signedOut)
		return
	}
	if err != nil {
		d.Log.Error("session check", "error", err)
		answer(w, http.StatusServiceUnavailable, unavailable)
		return
	}
	body, _ := json.Marshal(sessionAnswer{string(seen.Profile), string(seen.Organisation), int(seen.Level),
		time.UnixMicro(seen.EndsAt).UTC().Format(time.RFC3339)})
	h["Content-Type"] = jsonKind
	answer(w, http.StatusOK, body)
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
