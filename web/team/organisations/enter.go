package organisations

import (
	"net/http"
	"net/url"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/entry"
	"watchword/web"
	"watchword/web/look"
)

const enterPath = "/organisations/enter"

type enterPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Action   string
	Once     look.Hidden
	Org      look.Hidden
	Why      look.Component
	Go       look.Component
	Ways     look.Component
	Others   look.Component
}

func (p *pages) mountEnter(d *web.Door) {
	d.GetIn(enterPath, func(q *web.Request) error { return p.enter(q, http.StatusOK, nil) })
	d.PostIn(enterPath, p.prove)
	d.PostIn(enterPath+"/number", p.proveNumber)
}

// wanted is the organisation that the address names, or the one switched to, and where to go afterwards.
func wanted(q *web.Request) (org id.Organisation, next string) {
	org, next = id.Organisation(q.Value("organisation")), web.Local(q.Query("next"), "/")
	if org == "" {
		org = id.Organisation(q.Query("organisation"))
	}
	if org == "" {
		org = q.Session.Organisation
	}
	return org, next
}

func at(path string, org id.Organisation, next string) string {
	return path + "?" + url.Values{"organisation": {string(org)}, "next": {next}}.Encode()
}

// enter says what stands between a person and an organisation: something to prove, something to bind, a network, an
// owner (decisions 25). Everything else of the person stays open.
func (p *pages) enter(q *web.Request, status int, problems look.Problems) error {
	org, next := wanted(q)
	s, err := p.entry.Look(q.Context(), q.Door.DB, q.Who, org)
	if err != nil {
		return err
	}
	// Until its date an organisation is open to people who are not ready, and where an owner chose email for a member it
	// always is; a number that an owner typed is proved first all the same (decisions 25).
	if s.Open && (!s.NumberFirst || q.R.Method != http.MethodGet && len(problems) == 0) {
		q.DropCookie(web.EnterCookie)
		return p.opened(q, org, next)
	}
	name := s.Demand.Name
	v := enterPage{Flash: q.TakeFlash(), Problems: problems, Action: at(enterPath, org, next), Once: q.Once(), Org: look.Hidden{Name: "organisation", Value: string(org)},
		Others: look.Anchor{Label: "Your other organisations", Href: "/organisations", Icon: "building-2"}}
	card := func(title, lead string) look.SignedOut {
		f := web.Card(title, lead, problems)
		f.LogOut = "/logout"
		return f
	}
	if s.Open {
		q.SetCookie(web.EnterCookie, string(org), bindLife)
		v.Why = look.Banner{Icon: "lock", Title: name + " requires two-factor.", Words: "A code by SMS is safer than one by email, which ends in the mailbox of your password reset."}
		if s.Demand.Policy.GraceUntil > q.Door.DB.Now() {
			v.Why = look.Banner{Icon: "lock", Title: name + " requires two-factor soon.", Words: "Set it up now, and nothing changes for you on that day."}
		}
		v.Go = sendCode(s, org, next)
		v.Others = look.Anchor{Label: "Not now", Href: next}
		return q.Show(p.gate, status, card("Set up your second factor", numberWaits), v)
	}
	switch {
	case s.Demand.Disabled:
		return q.Show(p.gate, http.StatusForbidden, card("Your membership is switched off", "An owner of "+name+" has done it, and can switch it on again."), v)
	case !s.NetworkOK:
		return q.Show(p.gate, http.StatusForbidden, card(name+" does not open from here", "It can be used from certain networks only, and yours is none of them. Go there, or ask one of its owners."), v)
	case len(s.CanProve) > 0:
		v.Why = look.Banner{Icon: "lock", Title: name + " asks for more proof that it is you.", Words: "Only for it: your other organisations stay as open as they are."}
		v.Go = look.Button{Label: "Prove that it is you", Kind: look.Filled, Full: true}
		return q.Show(p.gate, status, card("Enter "+name, "It is stricter than your last log-in was."), v)
	}
	q.SetCookie(web.EnterCookie, string(org), bindLife)
	v.Why = look.Banner{Icon: "lock", Title: name + " requires two-factor.", Words: "Set one up now, once. Your other organisations stay as open as they are."}
	if s.NumberMasked != "" && has(s.MustBind, organisation.BySMS) {
		v.Go = sendCode(s, org, next)
	}
	v.Ways = bindable(s)
	lead := "Choose how you want to prove that it is you from now on."
	if v.Go != nil {
		lead = numberWaits
	}
	return q.Show(p.gate, status, card("Set up your second factor", lead), v)
}

// numberWaits is true of a number that an owner typed, and of one that its person typed with the invitation.
const numberWaits = "This mobile number was entered for your codes. It counts once you have proved by SMS that it is yours."

func sendCode(s entry.State, org id.Organisation, next string) look.Button {
	return look.Button{Label: "Send a code to " + s.NumberMasked, Icon: "message-square", FormAction: at(enterPath+"/number", org, next), Kind: look.Filled, Full: true, Busy: "Sending"}
}

var bindings = []struct {
	method            organisation.Method
	icon, title, note string
	href              string
	weak              bool
}{
	{organisation.ByPasskey, "fingerprint-pattern", "Passkey", "Fingerprint, face or PIN. The strongest", "/profile/security/passkey", false},
	{organisation.ByTOTP, "smartphone", "Authenticator app", "Codes on your phone without a network", "/profile/security/app", false},
	{organisation.BySMS, "message-square", "Mobile number", "A code by SMS at each log-in", "/profile/phone", false},
	{organisation.ByEmail, "mail", "Email", "A code by email. It ends where your password reset ends", "/profile/security/email", true},
}

// bindable lists what may be set up: what an owner chose for this member, then the strongest first.
func bindable(s entry.State) look.Component {
	var items []look.Way
	for _, b := range bindings {
		if !has(s.MustBind, b.method) {
			continue
		}
		w := look.Way{Icon: b.icon, Title: b.title, Note: b.note, Href: b.href}
		if b.weak {
			w.Mark = &look.Mark{Tone: look.Warn, Label: "Weak"}
		}
		if b.method == organisation.BySMS && s.NumberMasked != "" {
			w.Title = "Another mobile number"
		}
		if b.method == s.Demand.Method {
			items = append([]look.Way{w}, items...)
			continue
		}
		items = append(items, w)
	}
	if len(items) == 0 {
		return nil
	}
	title := "Choose one"
	if s.NumberMasked != "" {
		title = "Or choose another way"
	}
	return look.Ways{Title: title, Items: items}
}

func has(all []organisation.Method, m organisation.Method) bool {
	for _, x := range all {
		if x == m {
			return true
		}
	}
	return false
}

// prove asks for a fresh proof that is enough for the organisation, and opens it.
func (p *pages) prove(q *web.Request) error {
	org, next := wanted(q)
	s, err := p.entry.Look(q.Context(), q.Door.DB, q.Who, org)
	if err != nil {
		return err
	}
	if !s.Open && len(s.CanProve) > 0 {
		return problem.NeedsCode(string(wording.EnterOrganisation), string(org))
	}
	if !s.Open {
		return q.Go(at(enterPath, org, next))
	}
	return p.opened(q, org, next)
}

// opened goes on to what was wanted.
func (p *pages) opened(q *web.Request, org id.Organisation, next string) error {
	if q.R.Method == http.MethodPost && org != q.Session.Organisation {
		if err := p.sessions.Switch(q.Context(), q.Door.DB, q.Who, org); err != nil {
			return err
		}
	}
	return q.Go(next)
}

// proveNumber sends a code to the number that an owner typed: nobody types it again.
func (p *pages) proveNumber(q *web.Request) error {
	org, next := wanted(q)
	_, refused, err := p.entry.ProveNumber(q.Context(), q.Door.DB, q.Who, org)
	if problem.Is(err, problem.KindNotFound) {
		return q.Go(at(enterPath, org, next))
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.enter(q, status, problems)
	}
	if refused != nil {
		problems, status := q.Verdict(refused)
		return p.enter(q, status, problems)
	}
	q.SetCookie(web.EnterCookie, string(org), bindLife)
	return q.Go("/profile/phone/code")
}
