package team_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/web"
	"watchword/web/webtest"
)

// forOwners are the places of an organisation that only its owners may enter (LF19, OU6): by their beginning.
var forOwners = []string{"/settings/users", "/settings/invitations", "/settings/security", "/settings/organisation", "/settings/audit"}

// forMembers stand below them and are for every member.
var forMembers = []string{"/settings/organisation/leave"}

// Proves C48, C49, OU6, OU17, LF19 and B15's neighbour of foreign ids: every route of the table against owner, member,
// switched off, stranger, visitor and an operator who looks, in two organisations. Ids of another organisation are not
// found, in the address, in the path and in the form.
func TestEveryRoleOnEveryRoute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, me, ours := h.owner("maya", "Harbour Dental")
		stranger, other, theirs := h.owner("tom", "Pennine Cycling")
		member, anna := h.in("anna")
		h.joins(anna, ours)
		h.visit(member, ours)
		disabled, dan := h.in("dan")
		h.joins(dan, ours)
		h.visit(disabled, ours)
		h.Write(t, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE organisation_member SET disabled_at = $1, version = version + 1 WHERE profile_id = $2`, tx.Now, dan.ID)
			return err
		})
		invited := h.invitation(owner, "new@example.com")
		routes := 0
		for _, pattern := range h.door.Routes() {
			method, path, _ := strings.Cut(pattern, " ")
			if !strings.HasPrefix(path, "/settings") || path == "/settings" {
				continue
			}
			routes++
			mine := strings.ReplaceAll(path, "{id}", string(anna.ID))
			if strings.Contains(path, "/invitations/") {
				mine = strings.ReplaceAll(path, "{id}", invited)
			}
			members := contains(forMembers, path)
			if !members && !contains(forOwners, path) {
				t.Errorf("%s: say in this test who may enter it", pattern)
			}
			// Visitors are led to the log-in, whatever the id.
			v := h.browser()
			h.ask(v, method, mine, "")
			if v.Page.URL.Path != "/login" {
				t.Errorf("%s by a visitor: %d at %s", pattern, v.Page.Status, v.Page.URL)
			}
			for _, org := range []id.Organisation{"", ours} {
				if members && method == http.MethodPost {
					continue // it would work
				}
				want := http.StatusForbidden
				if members {
					want = http.StatusOK
				}
				if h.ask(member, method, mine, org); member.Page.Status != want {
					t.Errorf("%s by a member (%s): %d, want %d", pattern, org, member.Page.Status, want)
				}
			}
			// Whose membership is switched off has no session there; one that goes on elsewhere is refused.
			if h.ask(disabled, method, mine, ours); disabled.Page.Status != http.StatusForbidden && disabled.Page.URL.Path != "/login" {
				t.Errorf("%s by somebody who is switched off: %d at %s", pattern, disabled.Page.Status, disabled.Page.URL)
			}
			if h.ask(stranger, method, mine, ours); stranger.Page.Status != http.StatusNotFound {
				t.Errorf("%s of another organisation: %d", pattern, stranger.Page.Status)
			}
			if strings.Contains(path, "{id}") { // the own organisation, another one's id in the path
				if h.ask(stranger, method, mine, theirs); stranger.Page.Status != http.StatusNotFound {
					t.Errorf("%s with another organisation's id: %d", pattern, stranger.Page.Status)
				}
			}
			if strings.Contains(stranger.Page.Text, "Harbour") {
				t.Errorf("%s shows a stranger the name", pattern)
			}
			if method == http.MethodGet {
				if h.ask(owner, method, mine, ""); owner.Page.Status != http.StatusOK {
					t.Errorf("%s by the owner: %d", pattern, owner.Page.Status)
				}
			}
		}
		if routes < 25 {
			t.Fatalf("only %d routes: the table is not read", routes)
		}
		h.looking(t, ours, me.ID, anna.ID)
		_ = other
		// Nothing of all that was done.
		owner.Get("/settings/users")
		if n := len(owner.Page.All("#users tbody tr")); n != 3 {
			t.Errorf("%d users are left of 3", n)
		}
	})
}

// looking proves that an operator who looks in reads the pages of one organisation and posts nothing (SO12).
func (h *house) looking(t *testing.T, org id.Organisation, owner, member id.Profile) {
	t.Helper()
	h.door.Looking = func(_ context.Context, token string, o access.Origin) (access.Actor, web.Looked, error) {
		return access.Actor{Kind: access.KindOperator, Operator: "OP1", Session: "SE1", Organisation: org, Looking: true, Name: "ops", Origin: o, Level: access.LevelTwoFactor}, web.Looked{Name: "Harbour Dental"}, nil
	}
	defer func() { h.door.Looking = nil }()
	b := h.browser()
	u, _ := url.Parse(b.Base)
	b.Client.Jar.SetCookies(u, []*http.Cookie{{Name: h.door.CookieName(web.OperatorCookie), Value: "x", Secure: true, Path: "/"}})
	for _, pattern := range h.door.Routes() {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/settings") || path == "/settings" || contains(forMembers, path) || strings.Contains(path, "/invitations/") {
			continue
		}
		want := http.StatusForbidden
		if method == http.MethodGet {
			want = http.StatusOK
		}
		if h.ask(b, method, strings.ReplaceAll(path, "{id}", string(member)), ""); b.Page.Status != want {
			t.Errorf("%s by an operator who looks: %d, want %d\n%s", pattern, b.Page.Status, want, b.Page.Words())
		}
	}
	if b.Get("/profile"); b.Page.Status != http.StatusForbidden {
		t.Errorf("an operator who looks sees a profile: %d", b.Page.Status)
	}
}

// ask calls a route as a person whose form names the organisation, or without naming any.
func (h *house) ask(b *webtest.Browser, method, path string, org id.Organisation) {
	if method == http.MethodPost {
		b.Post(path, url.Values{"organisation": {string(org)}, "name": {"Mine"}})
		return
	}
	if org != "" {
		path += "?organisation=" + string(org)
	}
	b.Get(path)
}

func contains(places []string, path string) bool {
	for _, p := range places {
		if path == p || strings.HasPrefix(path, p+"/") || path == p+".csv" {
			return true
		}
	}
	return false
}

// visit switches a person's session to an organisation.
func (h *house) visit(b *webtest.Browser, org id.Organisation) {
	h.t.Helper()
	if b.Post("/organisations/switch", url.Values{"organisation": {string(org)}}); b.Page.Status != http.StatusOK {
		h.t.Fatalf("switching: %d\n%s", b.Page.Status, b.Page.Words())
	}
}

// invitation invites an address and returns the invitation's id.
func (h *house) invitation(b *webtest.Browser, email string) string {
	h.t.Helper()
	b.Get("/settings/users/invite")
	b.Submit("Send invitation", map[string]string{"Email address": email})
	if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
		h.prove(b)
	}
	at(h.t, b, "/settings/users", 200)
	for _, row := range b.Page.All("#invitations tr") {
		for _, a := range row.Attr {
			if a.Key == "id" && strings.Contains(b.Page.TextOf("#"+a.Val), email) {
				return strings.TrimPrefix(a.Val, "invitation-")
			}
		}
	}
	h.t.Fatalf("no invitation of %s:\n%s", email, b.Page.Words())
	return ""
}
