package settings

import (
	"net/http"
	"strings"

	"watchword/base/phone"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const (
	invitePath     = "/settings/users/invite"
	invitationPath = "/settings/invitations/{id}"
)

func (p *pages) mountInvitations(get, post register) {
	get(invitePath, func(f *frame.Page, m organisation.Member) error {
		return p.inviting(f, m, http.StatusOK, "", invite.Form{Role: organisation.FullMember, Permissions: organisation.Permissions()}, nil)
	})
	post(invitePath, p.invite)
	get(invitationPath, p.editInvitation)
	post(invitationPath, p.saveInvitation)
	post(invitationPath+"/resend", p.resend)
	post(invitationPath+"/withdraw", p.withdraw)
}

func (p *pages) invitations(f *frame.Page, m organisation.Member) ([]invite.Invitation, error) {
	return p.Invitations.List(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
}

// invitationsCard lists who was invited and has not come yet.
func invitationsCard(f *frame.Page, m organisation.Member, open []invite.Invitation) look.Card {
	t := look.Table{Inside: true, Caption: "Invitations", Columns: []look.Column{{Title: "Invited"}, {Title: "Role", Phone: look.PhoneSide}, {Title: "Second factor"}, {Title: "State"}, {Title: "Sent"},
		{Title: "More", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	for _, v := range open {
		at := "/settings/invitations/" + v.ID
		act := func(name, label string) look.Component {
			return look.Post{Action: at + "/" + name, Fields: []look.Hidden{within(m)}, Button: look.Button{Label: label, About: "the invitation of " + v.Email, Small: true}}
		}
		state := any(look.Muted("Until " + f.When(v.ExpiresAt)))
		if v.State == invite.Expired {
			state = look.Mark{Tone: look.Warn, Icon: "clock", Label: "Expired"}
		}
		name, note := v.Name, v.Email
		if name == "" {
			name, note = v.Email, ""
		}
		t.Rows = append(t.Rows, look.Row{ID: "invitation-" + v.ID, Cells: []any{look.Pair{Avatar: name, Main: name, Note: note, Href: path(f, m, at)}, role(v.Role), orStronger(v.Method), state, look.Muted(f.When(v.SentAt)),
			[]any{look.HTML(`<div class="actions">`), act("resend", "Send again"), act("withdraw", "Withdraw"), look.HTML(`</div>`)}}})
	}
	return look.Card{ID: "invitations", Title: "Invitations", Lead: "Each link is good for 72 hours and for its address alone. Sending again ends the link before.", Flush: true, Body: []any{t}}
}

// inviting is the form for a newcomer, or for an invitation that is changed.
func (p *pages) inviting(f *frame.Page, m organisation.Member, status int, which string, v invite.Form, problems look.Problems) error {
	title, act, action := "Invite a user", "Send invitation", invitePath
	if which != "" {
		title, act, action = "Change the invitation", "Save and send again", "/settings/invitations/"+which
	}
	s := f.Frame(title, frame.Users)
	s.Crumbs = below("Users", path(f, m, "/settings/users"), "Invite")
	s.Lead = "We send a link that only this address can use. Whoever has a profile joins with it; anybody else chooses a password of their own."
	policy := m.Demand.Policy
	email := look.Email("email", v.Email, problems.For("email"))
	email.Autocomplete = "off"
	number := look.Mobile("number", "Mobile number", v.Number, problems.For("number"))
	number.Optional = true
	number.Hint = "A suggestion: it counts once its owner has proved it by SMS. As it is dialled at home (" + phone.CountryName(m.Home(p.Home)) + "), or beginning with +."
	switch {
	case policy.Required && policy.Least(organisation.FullMember, "") == organisation.ByEmail:
		number.Hint = "Left empty, a member for whom you choose no second factor gets in by a code by email (weak). " + number.Hint
	case policy.Required:
		number.Hint = "Needed for SMS while two-factor is required; left empty, it is asked for at the first log-in. " + number.Hint
	}
	if v.Role == "" {
		v.Role = organisation.FullMember
	}
	return p.form(f, m, status, s, frame.Form{Action: action, Problems: problems, Fields: []any{
		look.Text{Name: "name", Label: "Name", Value: v.Name, Error: problems.For("name"), Autocomplete: "off", Optional: true}, email,
		look.Radios{Name: "role", Label: "Role", Value: string(v.Role), Error: problems.For("role"), Options: []look.Option{
			{Value: "member", Label: "Member", Note: "Everything that you tick below, never users, security or business details."}, {Value: "owner", Label: "Owner", Note: "Everything that you may do."}}},
		look.Select{Name: "method", Label: "Second factor", Value: string(v.Method), Error: problems.For("method"), Width: "medium", Options: choices("", "As the policy says"),
			Hint: "The least that you accept. SMS is better than email; an authenticator app or a passkey is better than both."},
		number, permissionTicks(v.Permissions, problems.For("permissions")),
		look.Select{Name: "language", Label: "Language of the email", Value: string(v.Language), Width: "medium", Options: languages(), Error: problems.For("language")}},
		Buttons: frame.Save(act, path(f, m, "/settings/users"))})
}

func languages() []look.Option {
	out := []look.Option{{Label: "Mine"}}
	for _, l := range wording.Languages() {
		out = append(out, look.Option{Value: string(l.Code), Label: l.Name})
	}
	return out
}

// typedInvitation reads the form.
func (p *pages) typedInvitation(f *frame.Page) invite.Form {
	v := f.Q.Value
	return invite.Form{Name: v("name"), Email: v("email"), Role: organisation.Role(v("role")), Method: organisation.Method(v("method")), Number: v("number"),
		Permissions: asPermissions(f.Q.Values("permissions")), Language: wording.Language(v("language"))}
}

func (p *pages) invite(f *frame.Page, m organisation.Member) error {
	form := p.typedInvitation(f)
	v, err := p.Invitations.Invite(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, form)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.inviting(f, m, status, "", form, problems) })
	}
	return done(f, m, "/settings/users", "The invitation is on its way to "+v.Email+". The link is good until "+lower(f.When(v.ExpiresAt))+".")
}

func (p *pages) editInvitation(f *frame.Page, m organisation.Member) error {
	v, err := p.Invitations.Get(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id"))
	if err != nil {
		return err
	}
	form := invite.Form{Name: v.Name, Email: v.Email, Role: v.Role, Method: v.Method, Permissions: v.May, Language: v.Language}
	return p.inviting(f, m, http.StatusOK, v.ID, form, nil)
}

// saveInvitation changes an invitation. Another address kills the link that the former one has (B10).
func (p *pages) saveInvitation(f *frame.Page, m organisation.Member) error {
	which, form := f.Q.R.PathValue("id"), p.typedInvitation(f)
	v, err := p.Invitations.Edit(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, which, form)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.inviting(f, m, status, which, form, problems) })
	}
	return done(f, m, "/settings/users", "The invitation of "+v.Email+" is changed.")
}

func (p *pages) resend(f *frame.Page, m organisation.Member) error {
	v, err := p.Invitations.Resend(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id"))
	if err != nil {
		return err
	}
	return done(f, m, "/settings/users", "A new link is on its way to "+v.Email+". The one before no longer works.")
}

func (p *pages) withdraw(f *frame.Page, m organisation.Member) error {
	if err := p.Invitations.Withdraw(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id")); err != nil {
		return err
	}
	return done(f, m, "/settings/users", "The invitation is withdrawn. Its link no longer works.")
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
