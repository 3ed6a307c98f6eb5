package web_test

import (
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/session"
	"watchword/web"
)

// What was typed survives the proof of a code, nobody else gets it, and no client has to post twice: the press that needs
// a code begins the step-up, and the press that proves it repeats the form, with the renewed session (contract of
// problem.NeedsCode, C38).
func TestKeptForm(t *testing.T) { storetest.Each(t, testKeptForm) }

func testKeptForm(t *testing.T, db *store.DB) {
	s := open(t, db, nil)
	_, ana := s.person(t, "ana")
	eve, old := s.person(t, "eve")
	_, ben := s.person(t, "ben")
	var asked url.Values
	var renewed session.Made
	err := s.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		renewed, err = s.book.Create(tx, access.Origin{}, session.Proof{Profile: eve.ID, Version: eve.SecurityVersion, Level: access.LevelTwoFactor, Source: session.LogIn})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	s.PostIn("/change", func(q *web.Request) error {
		if q.Cookie(web.SessionCookie) != renewed.Token {
			return problem.NeedsCode("change_email", "")
		}
		if q.Value("code") != "" {
			t.Error("the code came along")
		}
		got = q.Value("email")
		if got == "bad" {
			return problem.Invalid("bad_address", "That is no address.")
		}
		return q.Go("/changed")
	})
	s.PostIn("/stepup/begin", func(q *web.Request) error { asked = q.R.URL.Query(); return q.Go("/stepup/code") })
	s.PostIn("/stepup/done", func(q *web.Request) error { return q.Again(q.Query("post"), q.Query("kept"), q.Query("next")) })
	s.PostIn("/stepup/renew", func(q *web.Request) error {
		q.Begin(renewed)
		return q.Again("/change", q.Query("kept"), "/")
	})
	change := func(m session.Made, email string) string {
		a := s.do(t, "POST", "/change", url.Values{"email": {email}}, cookie(m))
		if a.StatusCode != 303 || a.Header.Get("Location") != "/stepup/code" || asked.Get("action") != "change_email" ||
			asked.Get("post") != "/change" || strings.Contains(asked.Encode(), "example.com") {
			t.Fatalf("%d %s %v", a.StatusCode, a.Header.Get("Location"), asked)
		}
		return asked.Encode()
	}
	query, typed := change(ana, "new@example.com"), url.Values{"code": {"123456"}}
	if a := s.do(t, "POST", "/stepup/done?"+query, typed, cookie(ben)); a.Header.Get("Location") != "/change" || got != "" {
		t.Errorf("somebody else's form: %d %s %q", a.StatusCode, a.Header.Get("Location"), got)
	}
	// A proof that does not satisfy the action leads to the page that asks for one, once.
	if a := s.do(t, "POST", "/stepup/done?"+query, typed, cookie(ana)); !strings.HasPrefix(a.Header.Get("Location"), "/stepup?") || got != "" {
		t.Errorf("unproved: %d %s %q", a.StatusCode, a.Header.Get("Location"), got)
	}
	a := s.do(t, "POST", "/stepup/renew?"+change(old, "new@example.com"), typed, cookie(old))
	if a.StatusCode != 303 || a.Header.Get("Location") != "/changed" || got != "new@example.com" || !strings.Contains(a.Header.Get("Set-Cookie"), renewed.Token) {
		t.Errorf("%d %s kept %q", a.StatusCode, a.Header, got)
	}
	// A page as the answer stands at its own address: once, and for this person alone.
	a = s.do(t, "POST", "/stepup/renew?"+change(old, "bad"), typed, cookie(old))
	to := a.Header.Get("Location")
	if a.StatusCode != 303 || !strings.HasPrefix(to, "/change?answer=") || !strings.Contains(a.Header.Get("Set-Cookie"), renewed.Token) {
		t.Fatalf("%d %s", a.StatusCode, a.Header)
	}
	for _, x := range []struct {
		who    session.Made
		status int
	}{{ben, 303}, {renewed, 422}, {renewed, 303}} {
		a := s.do(t, "GET", to, nil, cookie(x.who))
		body, _ := io.ReadAll(a.Body)
		if a.StatusCode != x.status || strings.Contains(string(body), "That is no address.") != (x.status == 422) || len(a.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%d instead of %d: %s %s", a.StatusCode, x.status, a.Header, body)
		}
	}
}

// Whoever presses a button twice sees what it made, although that exists only now: both presses lead to one page, which is
// shown once. Where nothing more can be kept it is shown at once rather than lost (LF21, B15).
func TestShownOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db, nil)
		_, ana := s.person(t, "ana")
		made := 0
		s.PostIn("/make", func(q *web.Request) error {
			made++
			q.SetCookie("made", "yes", 0)
			return q.ShowOnce("/codes", func() error { return q.JSON(200, "secret words") })
		})
		s.GetIn("/codes", func(q *web.Request) error { return q.JSON(200, "make new ones") })
		form := url.Values{"once": {"0123456789abcdef"}}
		first := s.do(t, "POST", "/make", form, cookie(ana))
		second := s.do(t, "POST", "/make", form, cookie(ana))
		to := first.Header.Get("Location")
		if first.StatusCode != 303 || !strings.HasPrefix(to, "/codes?answer=") || second.StatusCode != 303 || second.Header.Get("Location") != to || made != 1 ||
			second.Header.Get("Set-Cookie") == "" || second.Header.Get("Set-Cookie") != first.Header.Get("Set-Cookie") {
			t.Fatalf("%d %s, then %d %s, made %d times", first.StatusCode, first.Header, second.StatusCode, second.Header, made)
		}
		shown := s.do(t, "GET", to, nil, cookie(ana))
		if body, _ := io.ReadAll(shown.Body); shown.StatusCode != 200 || !strings.Contains(string(body), "secret words") {
			t.Errorf("%d %s", shown.StatusCode, body)
		}
		if a := s.do(t, "GET", to, nil, cookie(ana)); a.StatusCode != 303 || a.Header.Get("Location") != "/codes" {
			t.Errorf("shown twice: %d %s", a.StatusCode, a.Header)
		}
		for range 20 { // nobody fetches these
			s.do(t, "POST", "/make", nil, cookie(ana))
		}
		full := s.do(t, "POST", "/make", nil, cookie(ana))
		if body, _ := io.ReadAll(full.Body); full.StatusCode != 200 || !strings.Contains(string(body), "secret words") || full.Header.Get("Set-Cookie") == "" {
			t.Errorf("lost: %d %s", full.StatusCode, full.Header)
		}
	})
}

// A form that one server interrupted is repeated by another, with the answer shown by a third: they share the database
// and the key ring, nothing else.
func TestKeptFormOnSeveralServers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first := open(t, db, nil)
		_, ana := first.person(t, "ana")
		servers := []*site{first}
		for range 2 {
			servers = append(servers, open(t, db, func(o *web.Options) { o.Sessions = first.book }))
		}
		proved, posts := false, []url.Values{}
		var asked url.Values
		for _, s := range servers {
			s.PostIn("/change", func(q *web.Request) error {
				if !proved {
					return problem.NeedsCode("change_email", "")
				}
				posts = append(posts, url.Values{"email": q.Values("email"), "code": q.Values("code")})
				return problem.Invalid("bad_address", "That is no address.")
			})
			s.GetIn("/change", func(q *web.Request) error { return q.JSON(200, "the page itself") })
			s.PostIn("/stepup/begin", func(q *web.Request) error { asked = q.R.URL.Query(); return q.Go("/stepup/code") })
			s.PostIn("/stepup/done", func(q *web.Request) error { return q.Again(q.Query("post"), q.Query("kept"), q.Query("next")) })
		}
		servers[0].do(t, "POST", "/change", url.Values{"email": {"a@b", "c@d"}, "once": {"0123456789abcdef"}}, cookie(ana))
		proved = true
		a := servers[1].do(t, "POST", "/stepup/done?"+asked.Encode(), url.Values{"code": {"123456"}}, cookie(ana))
		if len(posts) != 1 || len(posts[0]["email"]) != 2 || len(posts[0]["code"]) != 0 {
			t.Fatalf("%d %s %v", a.StatusCode, a.Header, posts)
		}
		for _, status := range []int{422, 303} {
			a := servers[2].do(t, "GET", a.Header.Get("Location"), nil, cookie(ana))
			if a.StatusCode != status {
				t.Errorf("%d instead of %d", a.StatusCode, status)
			}
		}
	})
}
