package settings

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// perPage bounds one page of the list; filters find the others.
const perPage = 50

func (p *pages) mountUsers(get, post register) {
	get("/settings/users", p.users)
	p.mountInvitations(get, post)
	p.mountMember(get, post)
}

// sieve is what the list of users is narrowed to.
type sieve struct {
	words, role, state, sort string
	page                     int
}

func asked(f *frame.Page) sieve {
	n, _ := strconv.Atoi(f.Q.Query("page"))
	return sieve{words: strings.TrimSpace(f.Q.Query("q")), role: f.Q.Query("role"), state: f.Q.Query("state"), sort: f.Q.Query("sort"), page: max(1, n)}
}

func (s sieve) narrowed() bool { return s.words != "" || s.role != "" || s.state != "" }

// address is the list as asked, at another page or in another order.
func (s sieve) address(page int, sort string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": s.words, "role": s.role, "state": s.state, "sort": sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	if len(v) == 0 {
		return "/settings/users"
	}
	return "/settings/users?" + v.Encode()
}

func (s sieve) fits(x user) bool {
	text := strings.ToLower(x.Name + " " + x.Username + " " + x.Email)
	return strings.Contains(text, strings.ToLower(s.words)) && (s.role == "" || string(x.Role) == s.role) && (s.state == "" || x.state() == s.state)
}

// users lists who can log in to the organisation, how each proves it and who is not ready yet (part 4 row 1).
func (p *pages) users(f *frame.Page, m organisation.Member) error {
	all, err := p.people(f, m)
	if err != nil {
		return err
	}
	open, err := p.invitations(f, m)
	if err != nil {
		return err
	}
	a := asked(f)
	var shown []user
	for _, x := range all {
		if a.fits(x) {
			shown = append(shown, x)
		}
	}
	if a.sort == "seen" {
		slices.SortStableFunc(shown, func(x, y user) int { return cmp.Compare(y.LastLoginAt, x.LastLoginAt) })
	}
	s := f.Frame("Users", frame.Users)
	s.Crumbs, s.Tabs, s.Lead = crumbs(m), tabs("Users"), "Everybody who can log in to "+m.OrgName+"."
	s.Actions = append(s.Actions, openWindow(f, m, m.Demand.Policy))
	s.Actions = append(s.Actions, look.Button{Label: "Invite a user", Icon: "user-plus", Kind: look.Filled, Href: "/settings/users/invite"})
	body := []any{readiness(all, m)}
	body = append(body, tools(a, len(all), len(open))...)
	body = append(body, usersTable(f, m, a, shown))
	if len(open) > 0 {
		body = append(body, invitationsCard(f, m, open))
	}
	if owners(all) == 1 && len(all) > 1 {
		body = append(body, look.Banner{Icon: "user-plus", Title: "You are the only owner.", Words: "A second one keeps the organisation open when you cannot log in. Open a user and choose “Make owner”."})
	}
	return p.desk.ShowParts(f, s, append(body, p.dialog(f, m, all))...)
}

func owners(all []user) (n int) {
	for _, x := range all {
		if x.Role == organisation.Owner {
			n++
		}
	}
	return n
}

func tools(a sieve, users, open int) []any {
	end := look.Counted(users, "user")
	if open > 0 {
		end += ", " + look.Counted(open, "invitation") + " open"
	}
	return []any{look.HTML(`<form class="tools" method="get" action="/settings/users">`), look.Text{Name: "q", Label: "Search users", Value: a.words, Search: true,
		Placeholder: "Name or email address", HX: "/settings/users", Target: "users"},
		look.Select{Name: "role", Label: "Role", Quiet: true, Value: a.role, Options: []look.Option{{Label: "Every role"}, {Value: "owner", Label: "Owners"}, {Value: "member", Label: "Members"}}},
		look.Select{Name: "state", Label: "Readiness", Quiet: true, Value: a.state, Options: []look.Option{{Label: "Ready or not"}, {Value: ready, Label: "Ready"}, {Value: weak, Label: "Ready by email (weak)"}, {Value: notProved, Label: "Number not proved"},
			{Value: lacking, Label: "No second factor"}, {Value: off, Label: "Switched off"}}},
		look.Button{Label: "Search"}, look.HTML(`<span class="tools-end">`), end, look.HTML(`</span></form>`)}
}

func usersTable(f *frame.Page, m organisation.Member, a sieve, shown []user) look.Table {
	t := look.Table{ID: "users", Caption: "Users of " + m.OrgName, Columns: []look.Column{{Title: "Name"}, {Title: "Role", Phone: look.PhoneSide}, {Title: "Second factor"}, {Title: "Readiness"},
		{Title: "Permissions"}, {Title: "Last log-in", Sort: a.address(1, "seen")}, {Title: "More", Quiet: true, Fit: true, Phone: look.PhoneActs}},
		Empty: &look.Empty{Title: "Nobody fits", Words: "Search for another name or address.", Actions: []look.Component{look.Button{Label: "Show everybody", Href: "/settings/users"}}}}
	if a.sort == "seen" {
		t.Columns[5].Sort, t.Columns[5].Sorted = a.address(1, ""), "down"
	}
	from := min((a.page-1)*perPage, len(shown))
	to := min(from+perPage, len(shown))
	for _, x := range shown[from:to] {
		t.Rows = append(t.Rows, userRow(f, m, x))
	}
	if len(shown) == 0 {
		return t
	}
	foot := look.Paging{Words: "Users " + look.Number(from+1) + " to " + look.Number(to) + " of " + look.Number(len(shown))}
	if from > 0 {
		foot.Previous = a.address(a.page-1, a.sort)
	}
	if to < len(shown) {
		foot.Next = a.address(a.page+1, a.sort)
	}
	t.Foot = &foot
	return t
}

func userRow(f *frame.Page, m organisation.Member, x user) look.Row {
	at := path(f, m, "/settings/users/"+string(x.Profile))
	pair := look.Pair{Avatar: x.Called(), Main: x.Called(), Note: x.Email, Href: at}
	if x.Profile == f.Me.ID {
		pair.Note = x.Email + ", you"
	}
	items := []look.Component{look.Button{Label: "Manage", Href: at}}
	if x.Role != organisation.Owner {
		items = append(items, look.Button{Label: "Remove", Href: path(f, m, "/settings/users/"+string(x.Profile)+"/remove")})
	}
	return look.Row{ID: "user-" + string(x.Profile), Cells: []any{pair, role(x.Role), x.factorWords(), x.mark(), permitted(x.Member), look.Muted(f.Seen(x.LastLoginAt)),
		look.Menu{About: "More for " + x.Called(), Items: items}}}
}

// readiness is the bar of who could log in with a second factor today.
func readiness(all []user, m organisation.Member) look.Component {
	count := map[string]int{}
	n := 0
	for _, x := range all {
		if x.DisabledAt == 0 {
			count[x.state()]++
			n++
		}
	}
	able := count[ready] + count[weak]
	bar := look.Bar{Title: strconv.Itoa(able) + " of " + look.Counted(n, "user") + areReady(able) + " for two-factor", Thin: true, Parts: parts(count, "no second factor")}
	if able < n && !m.Demand.Policy.Required {
		bar.Note = look.Anchor{Label: "See what is missing", Href: "/settings/security/require"}
	}
	return look.Well{Body: []any{bar}}
}

// parts are those of a bar of readiness; the one by email only is left out where there is none.
func parts(count map[string]int, lack string) []look.Part {
	out := []look.Part{{Count: count[ready], Label: "ready", Colour: "good"}}
	if count[weak] > 0 {
		out = append(out, look.Part{Count: count[weak], Label: "ready by email (weak)", Colour: "c2"})
	}
	return append(out, look.Part{Count: count[notProved], Label: "number not proved", Colour: "warn"}, look.Part{Count: count[lacking], Label: lack, Colour: "bad"})
}
