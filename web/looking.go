package web

import (
	"net/http"
	"strings"

	"watchword/base/problem"
	"watchword/organisation"
	"watchword/signin/session"
)

// Looked is an organisation that an operator looks into.
type Looked struct {
	Name      string
	Suspended bool
	Until     int64 // micros
}

// identifyLooking takes an operator who looks into an organisation for what he is, in place of whoever else this browser
// is logged in as: otherwise one window would do two things at once.
func (q *Request) identifyLooking() (bool, error) {
	if q.Door.Looking == nil {
		return false, nil
	}
	token := q.Cookie(OperatorCookie)
	if token == "" {
		return false, nil
	}
	who, l, err := q.Door.Looking(q.Context(), token, q.Who.Origin)
	if problem.Is(err, problem.KindSignedOut) || err == nil && !who.Looking {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	q.Who = who
	q.Session = session.Info{ID: who.Session, Organisation: who.Organisation, OrgName: l.Name, OrgSuspended: l.Suspended,
		Role: organisation.Owner, Level: who.Level, EndsAt: l.Until}
	return true, nil
}

// console is where operators' own pages stand; they ask themselves who comes.
const console = "/operator"

// within says whether a path is the one named, or stands below it.
func within(path, place string) bool { return path == place || strings.HasPrefix(path, place+"/") }

// onlyLooks refuses every post of an operator who looks into an organisation, whatever it would do (SO12). Beside it
// organisation.Act refuses what changes something, should another way lead there.
func (q *Request) onlyLooks() error {
	path := q.R.URL.Path
	if !q.Who.Looking || q.R.Method == http.MethodGet || q.R.Method == http.MethodHead || within(path, console) || path == "/theme" {
		return nil
	}
	return onlyLooking()
}

// shown are the places of an organisation that may be looked at, and hidden what stands below them and may not: files
// leave only with their own people.
var (
	shown  = []string{"/settings", "/contacts", "/lists"}
	hidden = []string{"/contacts/export", "/contacts/exports", "/contacts/import"}
)

// look answers a page for people who are logged in to an operator who looks: those of the organisation, never anybody's
// own.
func (q *Request) look(h Handler) error {
	path := q.R.URL.Path
	if path == "/" {
		return q.Go("/settings/organisation")
	}
	for _, p := range hidden {
		if within(path, p) {
			return onlyLooking()
		}
	}
	for _, p := range shown {
		if within(path, p) {
			return h(q)
		}
	}
	return onlyLooking()
}

func onlyLooking() *problem.Error {
	return problem.Forbidden("only_looking", "You look in as support: you can read the pages of the organisation, and change, send or export nothing.")
}
