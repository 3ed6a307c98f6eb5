package person_test

import (
	"strings"
	"testing"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves RP1 and RP10 for the number: a mistake stands at the field, the line above leads to that field, and what was
// typed is kept.
func TestMistakesInANumberStandAtItsField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		for _, typed := range []string{"", "123", "abc", "+999 123"} {
			b.Get("/profile/phone")
			b.Submit("Send a code to this number", map[string]string{"Mobile number": typed})
			if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
				h.prove(b)
			}
			at(t, b, "/profile/phone", 422)
			words := b.Page.Errors()
			if len(words) != 1 || b.Page.Attr(".problems a", "href") != "#number" || !strings.Contains(b.Page.TextOf("#number-error"), words[0]) ||
				b.Page.Attr("#number", "value") != typed {
				t.Errorf("%q: %v leads to %s; at the field %q", typed, words, b.Page.Attr(".problems a", "href"), b.Page.TextOf("#number-error"))
			}
		}
	})
}

// Proves RP11 in words: after a change the page says where codes no longer go, and that it can be taken back. One name
// for a factor on every page about oneself.
func TestAChangedNumberSaysWhatChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		bind := func(number string) {
			b.Get("/profile/phone")
			b.Submit("Send a code to this number", map[string]string{"Mobile number": number})
			if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
				h.prove(b)
			}
			b.Submit("Confirm the number", map[string]string{"Code": h.code()})
		}
		bind("07400 123456")
		says(t, b, "From now on we ask for a code at each log-in")
		b.Submit("Continue", map[string]string{"saved": "yes"})
		bind("07400 654321")
		at(t, b, "/profile/security", 200)
		says(t, b, "no longer go to 07400 ••• 456", "72 hours")
		for _, path := range []string{"/profile", "/profile/security", "/profile/security/history"} {
			b.Get(path)
			if says(t, b, "SMS"); strings.Contains(b.Page.Words(), "Text message") {
				t.Errorf("%s has two names for SMS", path)
			}
		}
	})
}

// Proves LF24 and decisions 16 as people see them: every recognised browser is named, so that one knows which to forget.
func TestRecognisedBrowsersAreNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		phone := h.browser()
		phone.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1")
		phone.Get("/login")
		phone.Submit("Log in", map[string]string{"Username": "maya", "Password": "plover sandbank tremolo 7"})
		phone.Submit("Continue", map[string]string{"Code": h.code()})
		b.Get("/profile/security")
		b.Submit("Forget Safari on iPhone", nil)
		says(t, b, "is a stranger again")
		if strings.Contains(b.Page.Words(), "Forget Safari on iPhone") {
			t.Error("it is still recognised")
		}
	})
}

// The start page of an organisation leads on to what its owner does next, and of none to making one.
func TestTheStartPageLeadsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/")
		says(t, b, "Make your first organisation")
		b.Get("/organisations/new")
		b.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		says(t, b, "Go on in Harbour Dental", "Import contacts")
		b.Follow("Invite a user")
		at(t, b, "/settings/users/invite", 200)
	})
}

// Proves B11 and OU5 in words: whatever is the matter with a mailed link, its page says so in its heading and offers the
// next step.
func TestDeadLinksSaySo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := build(t, db).browser()
		for _, path := range []string{"/register/confirm", "/reset-password", "/profile/email/confirm", "/profile/recovery-address/confirm", "/profile/number/cancel", "/login/unlock", "/invitation"} {
			b.Get(path + "?token=nonsense")
			at(t, b, path, 404)
			if says(t, b, "does not work"); !strings.HasSuffix(b.Page.Title(), "does not work") || !b.Page.Has("main a") {
				t.Errorf("%s: %q", path, b.Page.Words())
			}
		}
	})
}

// Proves decisions 26 and RP9 for somebody invited: the second factor that was chosen with the invitation is set up
// after the first log-in, where no organisation forces it; a used invitation leads on.
func TestInvitedPeopleSetUpWhatTheyChose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner := h.in("maya")
		owner.Get("/organisations/new")
		owner.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		owner.Get("/settings/users/invite")
		owner.Submit("Send invitation", map[string]string{"Email address": "new@example.com"})
		h.prove(owner)
		link := "/invitation?token=" + h.Newest(t, "new@example.com").Token(t)
		b := h.browser()
		b.Get(link)
		b.Submit("Join Harbour Dental", map[string]string{"Password": accounttest.Password, "method": "passkey", "I agree": "yes"})
		at(t, b, "/login", 200)
		says(t, b, "Your profile is ready")
		b.Submit("Log in", map[string]string{"Username": "new@example.com", "Password": accounttest.Password})
		b.Submit("Continue", map[string]string{"Code": h.code()})
		at(t, b, "/welcome/two-factor", 200)
		b.Get(link)
		at(t, b, "/invitation", 409)
		says(t, b, "This invitation does not work", "accepted already")
		b.Get("/profile/phone")
		b.Submit("Send a code to this number", map[string]string{"Mobile number": "07400 123456"})
		if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			h.prove(b)
		}
		b.Submit("Confirm the number", map[string]string{"Code": h.code()})
		b.Submit("Continue", map[string]string{"saved": "yes"})
		b.Get("/welcome/two-factor")
		at(t, b, "/", 200)
	})
}

// Proves LF24 and C42 in words: whoever is sent to log in because the session was ended is told so; a visitor is not.
func TestAnEndedSessionIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b, two := h.in("maya"), h.browser()
		two.Get("/login")
		two.Submit("Log in", map[string]string{"Username": "maya", "Password": accounttest.Password})
		two.Submit("Continue", map[string]string{"Code": h.code()})
		b.Get("/profile/security")
		b.Submit("Log out everywhere else", nil)
		h.prove(b)
		two.Get("/profile")
		at(t, two, "/login", 200)
		says(t, two, "the session has ended")
		if two.Get("/profile"); strings.Contains(two.Page.Words(), "has ended") {
			t.Error("it is said twice")
		}
	})
}
