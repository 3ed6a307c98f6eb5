// Package prove shows how a person proves who they are beside the password: a code by text or email, an authenticator
// app, a passkey, a recovery code. Log-in, step-up and the forgotten password run through the same pages; a Flow says
// what each of them does.
package prove

import (
	"embed"
	"net/url"
	"strings"
	"time"

	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

// Outcome of an act. Leave, when set, leads on to another page; otherwise the flow's page is shown again, with Notice
// as a verdict above it (a text that could not be sent, for one).
type Outcome struct {
	Notice *problem.Error
	Leave  func(q *web.Request) error
}

// State is what the pages show.
type State struct {
	proof.View
	// Purpose says what the proof is for. It stands on every page of the flow.
	Purpose look.Banner
}

// Flow is one undertaking. Base is where its pages stand ("/login"): Base/code, /totp, /passkey, /recovery, /ways and
// what their forms do.
type Flow struct {
	Base string
	// Carry are parameters that every page and form of the flow hands on, such as where to go afterwards.
	Carry func(q *web.Request) url.Values
	// Look reads the flow. It changes nothing. A State whose page is not a proof leaves by itself (Outcome.Leave).
	Look func(q *web.Request) (State, Outcome, error)
	// Choose starts another way, Resend sends the same code again, Enter takes a code.
	Choose func(q *web.Request, w proof.Way) (Outcome, error)
	Resend func(q *web.Request) (Outcome, error)
	Enter  func(q *web.Request, w proof.Way, code string) (Outcome, error)
	// Options and Passkey are the two halves of a passkey ceremony.
	Options func(q *web.Request) (options []byte, ceremony string, err error)
	Passkey func(q *web.Request, ceremony string, answer []byte) (Outcome, error)
	// Cancel ends the flow and leads away.
	Cancel func(q *web.Request) error
	// Gone leads away when there is no such flow any more.
	Gone func(q *web.Request) error
	// Beside is a further field of the pages that ask for a factor, above it because the code sends the form by itself;
	// nil for none.
	Beside func(q *web.Request) (look.Component, error)
	// Signed are flows of people who are logged in.
	Signed bool

	pages *pages
}

type pages struct {
	*Flow
	code, digits, passkey, recovery, ways *look.Page
}

// Mount registers the pages of a flow.
func Mount(d *web.Door, f *Flow) {
	p := &pages{Flow: f, code: d.Look.Page(files, "code.html"), digits: d.Look.Page(files, "totp.html"),
		passkey: d.Look.Page(files, "passkey.html"), recovery: d.Look.Page(files, "recovery.html"), ways: d.Look.Page(files, "ways.html")}
	f.pages = p
	get, post := d.Get, d.Post
	if f.Signed {
		get, post = d.GetIn, d.PostIn
	}
	for _, w := range []proof.Way{proof.SMS, proof.TOTP, proof.Passkey, proof.Recovery} {
		get(f.Base+"/"+path(w), p.shows(w))
	}
	for _, w := range []proof.Way{proof.TOTP, proof.Recovery} {
		post(f.Base+"/"+path(w), p.enters(func(State) proof.Way { return w }))
	}
	post(f.Base+"/code", p.enters(func(s State) proof.Way { return s.Way }))
	get(f.Base+"/code/state", p.state)
	post(f.Base+"/code/resend", p.resend)
	get(f.Base+"/ways", p.shows(""))
	post(f.Base+"/choose", p.choose)
	post(f.Base+"/passkey/options", p.options)
	post(f.Base+"/passkey", p.finish)
	post(f.Base+"/cancel", f.Cancel)
}

// path is the page of a way: codes by text and by email share one.
func path(w proof.Way) string {
	switch w {
	case proof.SMS, proof.Email:
		return "code"
	case "":
		return "ways"
	}
	return string(w)
}

// Path is the page on which the way under way is asked for.
func (f *Flow) Path(q *web.Request, w proof.Way) string { return f.at(q, path(w)) }

// at adds what the flow carries to the address of one of its pages.
func (f *Flow) at(q *web.Request, page string) string {
	address := f.Base + "/" + page
	if f.Carry == nil {
		return address
	}
	if v := f.Carry(q); len(v) > 0 {
		address += "?" + v.Encode()
	}
	return address
}

// names of the ways, as people call them.
var names = map[proof.Way]struct{ icon, title, note string }{
	proof.SMS:      {"message-square", "Code by SMS", ""},
	proof.Email:    {"mail", "Code by email", ""},
	proof.TOTP:     {"smartphone", "Authenticator app", "6 digits from the app"},
	proof.Passkey:  {"fingerprint-pattern", "Passkey", "This device, a phone or a security key"},
	proof.Recovery: {"life-buoy", "Recovery code", ""},
}

// list draws the ways other than w. Those that send something are buttons, the others are pages.
func (p *pages) list(q *web.Request, v proof.View, w proof.Way) look.Component {
	var items []look.Way
	seen := map[proof.Way]bool{}
	for _, o := range v.Ways {
		// Several passkeys, or several apps, are asked for by one page.
		if o.Way == w || seen[o.Way] {
			continue
		}
		seen[o.Way] = true
		item := look.Way{Icon: names[o.Way].icon, Title: names[o.Way].title, Note: note(o)}
		if o.Way == proof.SMS || o.Way == proof.Email {
			item.Action, item.Name, item.Value = p.at(q, "choose"), "way", string(o.Way)
		} else {
			item.Href = p.at(q, path(o.Way))
		}
		if o.Way == proof.Email {
			item.Mark = &look.Mark{Tone: look.Warn, Label: "Weak"}
		}
		items = append(items, item)
	}
	if len(items) == 0 {
		return nil
	}
	title := "Other ways to prove it is you"
	if w == "" {
		title = "Choose one"
	}
	return look.Ways{Title: title, Items: items}
}

func note(o proof.Option) string {
	switch o.Way {
	case proof.SMS, proof.Email:
		return "To " + o.Masked
	case proof.Recovery:
		if o.Left == 1 {
			return "1 code is left"
		}
		return itoa(o.Left) + " codes are left"
	case proof.TOTP:
		if o.Label != "" && !strings.EqualFold(o.Label, names[o.Way].title) {
			return names[o.Way].note + " “" + o.Label + "”"
		}
	}
	return names[o.Way].note
}

func has(v proof.View, w proof.Way) bool {
	for _, o := range v.Ways {
		if o.Way == w {
			return true
		}
	}
	return false
}

// ceremonyCookie names the passkey ceremony that the browser was given options for.
const ceremonyCookie = "ceremony"

// StartCeremony answers the script of a passkey button with its options.
func StartCeremony(q *web.Request, options []byte, ceremony string) error {
	q.SetCookie(ceremonyCookie, ceremony, 5*time.Minute)
	return q.JSONBytes(options)
}

// EndCeremony returns which ceremony the posted answer belongs to, and the answer.
func EndCeremony(q *web.Request) (ceremony string, answer []byte) {
	ceremony = q.Cookie(ceremonyCookie)
	q.DropCookie(ceremonyCookie)
	return ceremony, []byte(q.Value("credential"))
}
