package profile_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves RP2: no white space of any kind, no invisible characters, 1 to 64 code points, symbols welcome.
func TestUsernameForm(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"ana", ""}, {"a", ""}, {"Ana_M-1.x!#", ""}, {"李小龍", ""}, {"😀", ""}, {"👩‍🚀", ""}, {"josé", ""}, {strings.Repeat("é", 64), ""}, {"@ana", ""},
		{"", "username_missing"}, {strings.Repeat("a", 65), "username_too_long"}, {strings.Repeat("x", 1<<20), "username_too_long"},
		{"ana m", "username_space"}, {" ana", "username_space"}, {"ana\t", "username_space"}, {"ana\u00a0m", "username_space"}, {"ana\u3000m", "username_space"}, {"a\u2003b", "username_space"}, {"a\u2028b", "username_space"}, {"a\nb", "username_space"},
		{"a\x00b", "username_characters"}, {"a\u202eb", "username_characters"}, {"a\u200bb", "username_characters"}, {"a\xffb", "username_characters"}, {"a\u3164b", "username_characters"}, {"\u200d", "username_characters"},
		{"eve@example.com", "username_taken"}, {"eve＠example.com", "username_taken"}, {"ana@example.com", ""},
	} {
		got := ""
		if f := profile.CheckUsername(c.name, "Ana@Example.com"); f != nil {
			got = f.Code
			if f.Name != "username" || f.Message == "" {
				t.Errorf("%q: %+v", c.name, f)
			}
		}
		if got != c.want {
			t.Errorf("%.40q: %q, want %q", c.name, got, c.want)
		}
	}
}

// Proves B18 for addresses, RP1: what is an address and what is not.
func TestAddressForm(t *testing.T) {
	for in, want := range map[string]string{"ana@example.com": "ana@example.com", "  Ana@EXAMPLE.com ": "ana@example.com", "a+b@x.example": "a+b@x.example",
		"ana@bücher.example": "ana@xn--bcher-kva.example", "o'hara@example.ie": "o'hara@example.ie"} {
		if a, f := profile.ParseAddress("email", in); f != nil || a.Key != want {
			t.Errorf("%q: %+v %v", in, a, f)
		}
	}
	for _, in := range []string{"", " ", "ana", "@example.com", "ana@", "ana@localhost", "ana@192.0.2.1", "a b@example.com", "ana@exa mple.com", "ana@example..com",
		".ana@example.com", "an..a@example.com", "ana@-x.com", "ana@@example.com", "<ana@example.com>", "ana@example.com\x00", "ana\r\nBcc: x@example.com", "ána@example.com",
		strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b.", 200) + "com", strings.Repeat("a", 1<<20), "a\xff@example.com"} {
		if a, f := profile.ParseAddress("email", in); f == nil || f.Name != "email" {
			t.Errorf("%.40q was accepted as %+v", in, a)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("ana@example.com")
	f.Add("a@bücher.example")
	f.Fuzz(func(t *testing.T, s string) {
		a, bad := profile.ParseAddress("email", s)
		if bad == nil {
			if again, bad := profile.ParseAddress("email", a.Spelling); bad != nil || again != a {
				t.Fatalf("%q gives %+v, which gives %+v", s, a, again)
			}
			if strings.ContainsAny(a.Spelling, "\r\n\x00 <>,;") {
				t.Fatal(a.Spelling)
			}
		}
		if profile.CheckUsername(s, "") == nil && (!utf8.ValidString(s) || s == "") {
			t.Fatalf("%q accepted", s)
		}
	})
}

// Proves RP2, B18: one name in any case and in look-alike letters; LF1: log in by either name, in any case.
func TestOneNamespace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "Paypal")
		for _, twin := range []string{"paypal", "PAYPAL", "pаypal", "рaypal", "ｐａｙｐａｌ", "paypa1"} {
			err := db.Write(context.Background(), func(tx *store.Tx) error {
				_, err := profile.Create(tx, profile.New{Username: twin, Email: "other@example.com", Language: "en", Zone: "UTC"})
				return err
			})
			if !problem.HasCode(err, "username_taken") {
				t.Errorf("%s: %v", twin, err)
			}
		}
		find := func(name string) id.Profile {
			var p profile.Profile
			k.Write(t, func(tx *store.Tx) (err error) {
				p, err = profile.ByLogin(tx, name)
				if problem.Is(err, problem.KindNotFound) {
					p, err = profile.Profile{}, nil
				}
				return err
			})
			return p.ID
		}
		for _, name := range []string{"Paypal", "pAYPAL", " paypal ", "paypal@example.com", "PAYPAL@Example.COM"} {
			if find(name) != ana.ID {
				t.Errorf("%q does not log in", name)
			}
		}
		for _, name := range []string{"pаypal", "paypa1", "", "nobody", "nobody@example.com", "\x00", "a\xff", strings.Repeat("x", 1<<20)} {
			if find(name) != "" {
				t.Errorf("%.20q logs in", name)
			}
		}
	})
}

// Proves RP3 and decisions 11: a new username follows the same rules, the old one is kept for its owner for 30 days.
func TestChangeOfUsername(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana, eve := k.Person(t, "ana"), k.Person(t, "eve")
		set := func(p profile.Profile, name string) error {
			return db.Write(context.Background(), func(tx *store.Tx) error { return profile.SetUsername(tx, p.ID, name) })
		}
		if err := set(ana, "maria"); err != nil {
			t.Fatal(err)
		}
		if err := set(eve, "ANA"); !problem.HasCode(err, "username_taken") {
			t.Fatal(err)
		}
		if err := set(ana, "Ana"); err != nil {
			t.Fatal("the owner may take it back:", err)
		}
		if err := set(ana, "maria"); err != nil {
			t.Fatal(err)
		}
		db.Clock().Advance(31 * 24 * time.Hour)
		k.Write(t, profile.Sweep)
		if err := set(eve, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := set(ana, "ana@example.com"); err != nil {
			t.Fatal("one's own address is allowed:", err)
		}
		a, _ := profile.ParseAddress("email", "ana.new@example.com")
		k.Write(t, func(tx *store.Tx) error { return profile.SetEmail(tx, ana.ID, a) })
		k.Write(t, func(tx *store.Tx) error {
			p, err := profile.ByLogin(tx, "ana.new@example.com")
			if p.ID != ana.ID || p.Username != "ana.new@example.com" {
				t.Errorf("%+v", p)
			}
			if _, err := profile.ByLogin(tx, "ana@example.com"); !problem.Is(err, problem.KindNotFound) {
				t.Error("the former address still logs in", err)
			}
			return err
		})
	})
}

// Proves B15 for names: of fifty who want one username at once, one gets it.
func TestFiftyWantOneName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var people []id.Profile
		k := accounttest.New(t, db)
		for i := range 50 {
			people = append(people, k.Person(t, "person"+strings.Repeat("x", i)).ID)
		}
		next := make(chan id.Profile, 50)
		for _, p := range people {
			next <- p
		}
		won := accounttest.Race(50, func() bool {
			p := <-next
			err := db.Write(context.Background(), func(tx *store.Tx) error { return profile.SetUsername(tx, p, "Wanted") })
			if err != nil && !problem.HasCode(err, "username_taken") {
				t.Error(err)
			}
			return err == nil
		})
		if won != 1 {
			t.Fatal(won)
		}
	})
}

// Proves RP19: a new profile reckons in the currency of its country, and in euros where none is known.
func TestCurrencyOfACountry(t *testing.T) {
	for country, want := range map[string]string{"GB": "GBP", "US": "USD", "AU": "AUD", "CH": "CHF", "LI": "CHF", "DE": "EUR", "FR": "EUR",
		"IE": "EUR", "PT": "EUR", "HR": "EUR", "BG": "EUR", "PL": "PLN", "BR": "BRL", "JP": "JPY", "": "EUR", "ZZ": "EUR", "x": "EUR"} {
		got := profile.CurrencyOf(country)
		if got != want {
			t.Errorf("%q: %s, not %s", country, got, want)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			p, err := profile.Create(tx, profile.New{Username: "ana", Email: "ana@example.com", Language: "en", Zone: "UTC", Country: "GB"})
			if err == nil && p.Currency != "GBP" {
				t.Error(p.Currency)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Proves RP12, RP19: what is edited, with every mistake at its field; RP16, RP17: closing frees the names.
func TestEditAndClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "ana")
		d := ana.Details()
		d.Name, d.Language, d.Zone, d.DateFormat, d.Currency, d.Encoding, d.Postal, d.Country = " Ana 👋 ", "pt", "Europe/Lisbon", "2006-01-02", "eur", "gsm7", "Rua 1\r\nLisboa", "pt"
		k.Write(t, func(tx *store.Tx) error { return profile.Edit(tx, ana.ID, d) })
		k.Write(t, func(tx *store.Tx) error {
			p, err := profile.ByID(tx, ana.ID)
			if got := p.Details(); got != (profile.Details{Name: "Ana 👋", Language: "pt", Zone: "Europe/Lisbon", DateFormat: "2006-01-02", Currency: "EUR", Encoding: "gsm7", Postal: "Rua 1\nLisboa", Country: "PT"}) {
				t.Errorf("%+v", got)
			}
			return err
		})
		bad := profile.Details{Name: strings.Repeat("x", 1<<20), Language: "xx", Zone: "../etc/passwd", DateFormat: "?", Currency: "E\x00R", Encoding: "?", Postal: "a\x00", Country: "ZZ"}
		err := db.Write(context.Background(), func(tx *store.Tx) error { return profile.Edit(tx, ana.ID, bad) })
		if p := problem.As(err); p == nil || len(p.Fields) != 8 {
			t.Fatal(err)
		}
		k.Write(t, func(tx *store.Tx) error { return profile.Close(tx, ana.ID) })
		if again := k.Person(t, "ana"); again.ID == ana.ID {
			t.Fatal("same id")
		}
		k.Write(t, func(tx *store.Tx) error {
			p, err := profile.ByID(tx, ana.ID)
			if p.ClosedAt == 0 || p.Email != "" || p.Name != "" || p.SecurityVersion != ana.SecurityVersion+1 {
				t.Errorf("%+v", p)
			}
			return err
		})
	})
}

// Proves C34: only confirmed further addresses count, and they differ from the log-in address.
func TestFurtherAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "ana")
		own, _ := profile.ParseAddress("address", "ANA@example.com")
		other, _ := profile.ParseAddress("address", "ana@other.example")
		if err := db.Write(context.Background(), func(tx *store.Tx) error { return profile.AddExtra(tx, ana.ID, own) }); !problem.HasCode(err, "address_same") {
			t.Fatal(err)
		}
		k.Write(t, func(tx *store.Tx) error { return profile.AddExtra(tx, ana.ID, other) })
		confirmed := func() (out []string) {
			k.Write(t, func(tx *store.Tx) (err error) { out, err = profile.Confirmed(tx, ana); return err })
			return out
		}
		if got := confirmed(); len(got) != 1 {
			t.Fatal(got)
		}
		k.Write(t, func(tx *store.Tx) error { _, err := profile.ConfirmExtra(tx, ana.ID, other.Key); return err })
		if got := confirmed(); len(got) != 2 || got[1] != "ana@other.example" {
			t.Fatal(got)
		}
	})
}
