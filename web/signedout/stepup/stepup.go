// Package stepup holds the page that asks for a fresh proof before one action. The error adapter of the door leads here
// and this page leads back: to the very form that was sent, with everything typed, or to the page it came from.
package stepup

import (
	"embed"
	"net/http"
	"net/url"

	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/signin/stepup"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/prove"
)

//go:embed *.html
var files embed.FS

type pages struct {
	room     *stepup.Room
	flow     prove.Flow
	password *look.Page
}

// Mount registers /stepup and its pages.
func Mount(d *web.Door, room *stepup.Room) {
	p := &pages{room: room, password: d.Look.Page(files, "password.html")}
	p.flow = p.proofs()
	d.GetIn("/stepup", p.open)
	d.PostIn("/stepup/begin", p.begin)
	d.PostIn("/stepup/password", p.enterPassword)
	prove.Mount(d, &p.flow)
}

// ask is what the address says is to be proved. Words for the text are never taken from it: whoever made the link would
// write our texts (C64).
func ask(q *web.Request) stepup.Ask {
	return stepup.Ask{Action: q.Query("action"), Digest: q.Query("digest")}
}

// counted is ask with the number that the text names, worked out by the room that the data belongs to.
func counted(q *web.Request) stepup.Ask {
	a := ask(q)
	if e, ok := q.Explained(a.Action, a.Digest, q.Query("kept")); ok {
		a.Count = e.Count
	}
	return a
}

var carried = []string{"action", "digest", "next", "post", "kept"}

func carry(q *web.Request) url.Values {
	v := url.Values{}
	for _, name := range carried {
		if value := q.Query(name); value != "" && len(value) <= 2000 {
			v.Set(name, value)
		}
	}
	return v
}

func at(q *web.Request, path string) string { return path + "?" + carry(q).Encode() }

// purposes name the actions as the button of the page says them.
var purposes = map[string]string{
	"change_username": "change your username", "change_email": "change your email address", "change_password": "change your password",
	"change_number": "change your mobile number", "add_factor": "add a way to prove it is you",
	"remove_factor": "remove a way to prove it is you", "make_recovery_codes": "make new recovery codes",
	"add_recovery_address": "change your recovery addresses", "end_sessions": "end other sessions",
	"turn_off_two_factor": "turn two-factor off", "close_profile": "close your profile",
	"contacts_export": "export contacts", "delete_organisation": "delete the organisation",
	"transfer_ownership": "hand the organisation over", "api_keys": "manage API keys", "manage_users": "manage users",
	"change_policy": "change how the organisation protects itself", "business_details": "change business details",
	"enter_organisation": "open the organisation",
}

func purpose(q *web.Request) look.Banner {
	action := q.Query("action")
	if e, ok := q.Explained(action, q.Query("digest"), q.Query("kept")); ok {
		return look.Banner{Icon: "lock", Title: "This is needed for " + e.Words + ", and good for nothing else.",
			Words: []any{"Never read a code out to anyone: our staff do not ask for it.", look.Facts{Rows: e.Facts, Well: true}}}
	}
	words, ok := purposes[action]
	if !ok {
		words = "confirm a change"
	}
	return look.Banner{Icon: "lock", Title: "This is needed to " + words + ".",
		Words: "Never read a code out to anyone: our staff do not ask for it."}
}

type passwordPage struct {
	Problems look.Problems
	Once     look.Hidden
	Action   string
	Cancel   string
	Begin    string
	Passkey  string
	Name     string
	Purpose  look.Banner
	Password look.Password
	Go       look.Button
}

// open shows where the step-up stands. What is not begun yet begins with a button: opening a page sends nothing (C51).
func (p *pages) open(q *web.Request) error { return p.show(q, http.StatusOK, nil) }

func (p *pages) show(q *web.Request, status int, problems look.Problems) error {
	v := passwordPage{Problems: problems, Once: q.Once(), Action: at(q, "/stepup/password"), Cancel: at(q, "/stepup/cancel"),
		Purpose: purpose(q), Name: q.Who.Name}
	s, err := p.room.Look(q.Context(), q.Door.DB, q.Who, ask(q))
	switch {
	case problem.Is(err, problem.KindNotFound):
		v.Begin = at(q, "/stepup/begin")
		v.Go = look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Sending a code"}
		return q.Show(p.password, status, web.Card("Prove that it is you", nil, problems), v)
	case err != nil:
		return err
	case !s.NeedsPassword:
		return q.Go(p.flow.Path(q, s.Way))
	}
	for _, o := range s.Ways {
		if o.Way == proof.Passkey {
			v.Passkey = at(q, "/stepup/passkey")
		}
	}
	v.Password = look.Password{Name: "password", Label: "Password", Error: problems.For("password"), Autofocus: true}
	v.Go = look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Checking"}
	return q.Show(p.password, status, web.Card("Enter your password", "After it we ask for a fresh code.", problems), v)
}

func (p *pages) begin(q *web.Request) error {
	r, err := p.room.Begin(q.Context(), q.Door.DB, q.Who, counted(q))
	return p.settled(q, r, err)
}

func (p *pages) enterPassword(q *web.Request) error {
	r, err := p.room.Password(q.Context(), q.Door.DB, q.Who, ask(q), q.Value("password"))
	return p.settled(q, r, err)
}

func (p *pages) settled(q *web.Request, r stepup.Result, err error) error {
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.show(q, status, problems)
	}
	if r.Session != nil {
		return p.done(q, r)
	}
	if r.State == nil || r.State.NeedsPassword {
		return q.Go(at(q, "/stepup"))
	}
	if r.Notice != nil {
		q.Flash(look.Warn, r.Notice.Message)
	}
	return q.Go(p.flow.Path(q, r.State.Way))
}

// done replaces the session's token and repeats what was interrupted.
func (p *pages) done(q *web.Request, r stepup.Result) error {
	q.Begin(*r.Session)
	return q.Again(q.Query("post"), q.Query("kept"), web.Local(q.Query("next"), "/"))
}

func (p *pages) proofs() prove.Flow {
	outcome := func(r stepup.Result, err error) (prove.Outcome, error) {
		if err != nil {
			return prove.Outcome{}, err
		}
		if r.Session == nil && (r.State == nil || !r.State.NeedsPassword) {
			return prove.Outcome{Notice: r.Notice}, nil
		}
		return prove.Outcome{Leave: func(q *web.Request) error { return p.settled(q, r, nil) }}, nil
	}
	return prove.Flow{
		Base: "/stepup", Carry: carry, Signed: true,
		Look: func(q *web.Request) (prove.State, prove.Outcome, error) {
			s, err := p.room.Look(q.Context(), q.Door.DB, q.Who, ask(q))
			if err != nil {
				return prove.State{}, prove.Outcome{}, err
			}
			// A passkey with user verification stands for the password too.
			if s.NeedsPassword && q.R.URL.Path != "/stepup/passkey" {
				return prove.State{}, prove.Outcome{Leave: func(q *web.Request) error { return q.Go(at(q, "/stepup")) }}, nil
			}
			return prove.State{View: s.View, Purpose: purpose(q)}, prove.Outcome{}, nil
		},
		Choose: func(q *web.Request, w proof.Way) (prove.Outcome, error) {
			return outcome(p.room.Choose(q.Context(), q.Door.DB, q.Who, ask(q), w))
		},
		Resend: func(q *web.Request) (prove.Outcome, error) {
			return outcome(p.room.Resend(q.Context(), q.Door.DB, q.Who, ask(q)))
		},
		Enter: func(q *web.Request, w proof.Way, code string) (prove.Outcome, error) {
			return outcome(p.room.Enter(q.Context(), q.Door.DB, q.Who, ask(q), w, code))
		},
		Options: func(q *web.Request) ([]byte, string, error) {
			return p.room.PasskeyOptions(q.Context(), q.Door.DB, q.Who, ask(q))
		},
		Passkey: func(q *web.Request, ceremony string, answer []byte) (prove.Outcome, error) {
			return outcome(p.room.Passkey(q.Context(), q.Door.DB, q.Who, ask(q), ceremony, answer))
		},
		Cancel: func(q *web.Request) error {
			if err := p.room.Cancel(q.Context(), q.Door.DB, q.Who, ask(q)); err != nil && !problem.Is(err, problem.KindNotFound) {
				return err
			}
			return q.Go(web.Local(q.Query("next"), "/"))
		},
		Gone: func(q *web.Request) error { return q.Go(at(q, "/stepup")) },
	}
}
