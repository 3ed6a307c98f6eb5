package settings

import (
	"net/http"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const memberPath = "/settings/users/{id}"

// one gives the handler the user that the address names; NotFound for people of other organisations (OU17).
func (p *pages) one(h func(f *frame.Page, m organisation.Member, x user) error) func(*frame.Page, organisation.Member) error {
	return func(f *frame.Page, m organisation.Member) error {
		all, err := p.people(f, m)
		if err != nil {
			return err
		}
		for _, x := range all {
			if string(x.Profile) == f.Q.R.PathValue("id") {
				return h(f, m, x)
			}
		}
		return problem.NotFound("user")
	}
}

func (p *pages) mountMember(get, post register) {
	get(memberPath, p.one(func(f *frame.Page, m organisation.Member, x user) error { return p.member(f, m, x, http.StatusOK, nil) }))
	post(memberPath, p.one(p.saveMember))
	get(memberPath+"/remove", p.one(p.askRemove))
	get(memberPath+"/transfer", p.one(func(f *frame.Page, m organisation.Member, x user) error { return p.askTransfer(f, m, x, 0, nil) }))
	post(memberPath+"/transfer", p.one(p.transfer))
	for name, act := range map[string]struct {
		do    func(f *frame.Page, m organisation.Member, to id.Profile) error
		words string
	}{
		"remove": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			return p.Team.Remove(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, to)
		}, " is removed. Their next request here is refused, wherever they are logged in."},
		"disable": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			return p.Team.Disable(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, to)
		}, " is switched off. Their next request here is refused; the record stays."},
		"enable": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			return p.Team.Enable(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, to)
		}, " is switched on again."},
		"end-devices": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			return p.Team.EndDevices(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, to)
		}, " is asked for a code at the next log-in on every device."},
		"make-owner": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			return p.Team.MakeOwner(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, to)
		}, " is an owner now. All owners were told."},
		"step-down": {func(f *frame.Page, m organisation.Member, to id.Profile) error {
			if to != f.Me.ID {
				return problem.Forbidden("owner_protected", "Owners step down themselves. Nobody else can take ownership from them.")
			}
			return p.Team.StepDown(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
		}, ", you are a member now, no longer an owner."},
	} {
		post(memberPath+"/"+name, p.one(func(f *frame.Page, m organisation.Member, x user) error {
			if err := act.do(f, m, x.Profile); err != nil {
				return f.Again(err, func(status int, problems look.Problems) error { return p.member(f, m, x, status, problems) })
			}
			switch name {
			case "remove":
				return done(f, m, "/settings/users", x.Called()+act.words)
			case "step-down":
				f.Q.Flash(look.Good, x.Called()+act.words)
				return f.Q.Go("/")
			}
			return done(f, m, "/settings/users/"+string(x.Profile), x.Called()+act.words)
		}))
	}
}

type memberPage struct {
	Problems look.Problems
	Facts    look.Component
	Action   string
	Once     look.Hidden
	In       look.Hidden
	Form     look.Component
	Buttons  look.Component
	After    []any
}

// member is one user: who it is, what is accepted, what it may do, and what ends (OU6-OU10).
func (p *pages) member(f *frame.Page, m organisation.Member, x user, status int, problems look.Problems) error {
	s := f.Frame(x.Called(), frame.Users)
	s.Crumbs, s.Lead, s.Problem = below("Users", path(f, m, "/settings/users"), x.Called()), x.Email, len(problems) > 0
	if x.Role == organisation.Owner {
		s.Mark = &look.Mark{Label: "Owner"}
	}
	if x.DisabledAt > 0 {
		s.Banner = &look.Banner{Tone: look.Warn, Icon: "ban", Title: x.Called() + " is switched off.", Words: "The record stays; the organisation is closed to them since " + f.When(x.DisabledAt) + "."}
	}
	at := "/settings/users/" + string(x.Profile)
	facts := []look.Fact{{Label: "Second factor", Value: x.factorWords()}, {Label: "Readiness", Value: x.mark()}}
	if x.numberWords() != "" {
		facts = append(facts, look.Fact{Label: "Mobile number", Value: x.numberWords()})
	}
	facts = append(facts, look.Fact{Label: "Last log-in", Value: f.When(x.LastLoginAt)}, look.Fact{Label: "Member since", Value: f.Day(x.JoinedAt)})
	v := memberPage{Problems: problems, Action: at, Once: f.Q.Once(), In: within(m), Facts: look.Card{ID: "facts", Title: "How this user logs in", Body: []any{look.Facts{Rows: facts}}},
		Form: look.Card{ID: "method", Title: "What you decide", Body: p.memberFields(f, m, x, problems)}, Buttons: look.Actions{look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}}}
	v.After = acts(f, m, x, at)
	return f.Q.Show(p.memberPage, status, s, v)
}

func (p *pages) memberFields(f *frame.Page, m organisation.Member, x user, problems look.Problems) []any {
	floor := m.Demand.Policy.Least(x.Role, "")
	chosen, ticked := string(x.Member.Method), x.May
	if len(problems) > 0 {
		chosen, ticked = f.Q.Value("method"), asPermissions(f.Q.Values("permissions"))
	}
	fields := []any{look.Select{Name: "method", Label: "Second factor", Value: chosen, Error: problems.For("method"), Width: "medium", Options: choices(floor, "As the policy says: "+orStronger(floor)),
		Hint: "The least that opens the organisation to this user while two-factor is required. A change ends their sessions here, pending codes and trusted devices at once, and tells them."}}
	if x.Role != organisation.Owner {
		fields = append(fields, permissionTicks(ticked, problems.For("permissions")))
	}
	return fields
}

// acts are what can be done with a user, the gravest last. Owners are touched by nobody but themselves (OU10).
func acts(f *frame.Page, m organisation.Member, x user, at string) []any {
	post := func(act string, b look.Button) look.Component {
		b.About = "of " + x.Called()
		return look.Post{Action: at + "/" + act, Fields: []look.Hidden{within(m)}, Button: b}
	}
	row := func(icon, title, note string, act look.Component) look.Entry {
		return look.Entry{Icon: icon, Title: title, Note: note, Actions: []look.Component{act}}
	}
	list := look.Entries{row("laptop", "Trusted devices", "The next log-in asks for a code, on every device.", post("end-devices", look.Button{Label: "End trusted devices", Small: true}))}
	mine := x.Profile == f.Me.ID
	switch {
	case mine:
		list = append(list, row("user", "Step down", "You become a member. Another owner must remain.", post("step-down", look.Button{Label: "Step down", Small: true})))
	case x.Role == organisation.Owner:
		return []any{look.Card{ID: "acts", Title: "Acts", Flush: true, Body: []any{list}, Foot: "Nobody can remove, switch off or demote another owner. Owners step down or leave themselves."}}
	case x.DisabledAt > 0:
		list = append(list, row("user-plus", "Switch on", "The membership counts again as it was.", post("enable", look.Button{Label: "Switch on", Small: true})))
	default:
		list = append(list, row("user-plus", "Make owner", "May then do everything that you may.", post("make-owner", look.Button{Label: "Make owner", Small: true})),
			row("key-round", "Hand ownership over", "You become a member. Password and a fresh code; both are told.", look.Button{Label: "Transfer ownership", Small: true, Href: path(f, m, at+"/transfer")}),
			row("ban", "Switch off", "Keeps the record and closes the organisation to this user at once.", post("disable", look.Button{Label: "Switch off", Small: true})))
	}
	if !mine {
		list = append(list, row("trash-2", "Remove", "Sessions, pending codes and trusted devices for this organisation end at once. The profile stays theirs.",
			look.Button{Label: "Remove", About: x.Called(), Kind: look.Destructive, Small: true, Href: path(f, m, at+"/remove")}))
	}
	return []any{look.Card{ID: "acts", Title: "Acts", Flush: true, Body: []any{list}}}
}

func (p *pages) saveMember(f *frame.Page, m organisation.Member, x user) error {
	form := organisation.MemberForm{Method: organisation.Method(f.Q.Value("method")), Permissions: asPermissions(f.Q.Values("permissions"))}
	if form.Permissions == nil {
		form.Permissions = x.May
	}
	if err := p.Team.SetMember(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, x.Profile, form); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.member(f, m, x, status, problems) })
	}
	return done(f, m, "/settings/users/"+string(x.Profile), "Saved. Permissions count from the next request of "+x.Called()+" on.")
}

func (p *pages) askRemove(f *frame.Page, m organisation.Member, x user) error {
	s := f.Frame("Remove "+x.Called()+"?", frame.Users)
	s.Crumbs = below("Users", path(f, m, "/settings/users"), "Remove")
	s.Lead = "Their sessions here, pending codes, trusted devices for this organisation and personal keys end at once. Their profile and their other organisations stay. Only an invitation brings them back."
	return p.form(f, m, 0, s, frame.Form{Action: "/settings/users/" + string(x.Profile) + "/remove",
		Buttons: danger("Remove "+x.Called(), path(f, m, "/settings/users/"+string(x.Profile)))})
}

func (p *pages) askTransfer(f *frame.Page, m organisation.Member, x user, status int, problems look.Problems) error {
	s := f.Frame("Hand "+m.OrgName+" over to "+x.Called()+"?", frame.Users)
	s.Crumbs = below("Users", path(f, m, "/settings/users"), "Transfer ownership")
	s.Lead = x.Called() + " (" + x.Email + ") becomes an owner and you become a member. You cannot take it back yourself."
	return p.form(f, m, status, s, frame.Form{Action: "/settings/users/" + string(x.Profile) + "/transfer", Problems: problems,
		Before: []any{look.Banner{Tone: look.Warn, Title: "We ask for your password and a fresh code,", Words: "bound to this very transfer, and tell both of you by email."}},
		Buttons: look.Actions{look.Button{Label: "Transfer ownership", Kind: look.DestructiveFilled},
			look.Button{Label: "Cancel", Kind: look.Quiet, Href: path(f, m, "/settings/users/"+string(x.Profile))}}})
}

// transfer hands ownership over with full re-authentication (OU3).
func (p *pages) transfer(f *frame.Page, m organisation.Member, x user) error {
	if err := p.Team.Transfer(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, x.Profile); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.askTransfer(f, m, x, status, problems) })
	}
	f.Q.Flash(look.Good, x.Called()+" owns "+m.OrgName+" now. You are a member. We have told both of you.")
	return f.Q.Go("/")
}
