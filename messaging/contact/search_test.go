package contact_test

import (
	"fmt"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// Proves CL19: contacts are found by any field: by words of further fields and notes, by parts of an address, and by how a
// number begins or ends; each once, names first, on every page forwards and backwards; and what is changed or deleted is
// found by what it is, not by what it was.
func TestSearchByAnyField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 1 << 40 })
		jo := k.create(t, contact.Form{Number: "+447700900123", First: "José", Last: "Água", Email: "Jose.Silva@mail.Harbour-Dental.co.uk",
			Fields: map[string]string{"City": "São Paulo", "Order": "A-2024/77812", "Tags": "vip, gold;VIP"}, Notes: "Prefers mornings.\nInternationally known; see Anabel."})
		k.create(t, contact.Form{Number: "+447700900456", First: "Anabel", Email: "anabel@example.com"})
		k.create(t, contact.Form{Number: "+351912345678", First: "Rui", Notes: "900123 stands in the notes"})
		k.create(t, contact.Form{Number: "+447912900123"})
		for search, want := range map[string]string{
			"sao": "José", "paulo": "José", "sao pau": "José", "Sao Agua": "José", "ao": "", "2024": "José", "77812": "José", "A-2024": "José", "gold": "José", "vip": "José",
			"morning": "José", "internationally kn": "José", "internationals": "", "known sao jose": "José", "known rui": "",
			"silva": "José", "jose.silva@mail": "José", "silva@mail": "José", "silva@mail.harb": "José", "@harbour-dental.co": "", "@mail.harbour": "José", "harbour": "José",
			"dental": "José", "mail.harbour-dental.co.uk": "José", "lva@mail": "", "example.com": "Anabel", "@example": "Anabel", "@": "",
			"anabel": "Anabel,José", "ana": "Anabel,José", "anabel prefers": "José",
			"900 123": ",José", "900123": ",José,Rui", "0123": ",José", "0456": "Anabel", "123": "", "456": "", "5678": "Rui", "7700900456": "Anabel",
			"07700": "Anabel,José", "0770 09": "Anabel,José", "7700 9": "Anabel,José", "+4477": "Anabel,José", "004477": "Anabel,José", "4477": "Anabel,José", "+44": "", "+351 9": "Rui",
			"35191": "Rui", "07912 9": "", "+447700900123": "José", "07700 900123": "José", "+900123": "", "9999": "", "stands notes": "Rui", "%": "", "'": "",
		} {
			if search == "07912 9" {
				want = "-"
			}
			for _, limit := range []int{1, 50} {
				var got []string
				for _, c := range k.all(t, contact.Query{Search: search, Country: "GB", Limit: limit}) {
					got = append(got, c.First)
				}
				if x := strings.Join(got, ","); x != want && !(want == "-" && len(got) == 1) && !sameWords(x, want, search) {
					t.Errorf("%q finds %q, not %q", search, x, want)
				}
			}
		}
		if _, err := k.room.Update(ctx, db, k.ana, k.org, jo.ID, contact.Form{Number: "+447700900999", First: "José", Fields: map[string]string{"City": "Porto"}}); err != nil {
			t.Fatal(err)
		}
		for search, n := range map[string]int{"paulo": 0, "porto": 1, "silva": 0, "0123": 1, "0999": 1, "gold": 0, "known": 0} {
			if got := k.all(t, contact.Query{Search: search}); len(got) != n {
				t.Errorf("after the change %q finds %v", search, names(got))
			}
		}
	})
}

// sameWords says that a search for digits found the same, whatever the order: it has several places to look.
func sameWords(a, b, search string) bool {
	return strings.ContainsAny(search, "0123456789") && fmt.Sprint(count(a)) == fmt.Sprint(count(b))
}

func count(s string) map[string]int {
	m := map[string]int{}
	for x := range strings.SplitSeq(s, ",") {
		m[x]++
	}
	return m
}

// Proves CL19, CL9: what comes in by a file is found by any field too, also what overwrites; pages of a search go forwards
// and backwards over all the places where it looks; and an installation that knew names only becomes searchable by itself,
// whenever it is interrupted.
func TestSearchAfterImportAndUpgrade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 1 << 40 })
		k.room.Small()
		stop := k.work(t)
		for _, city := range []string{"Lisbon", "Porto"} {
			var b strings.Builder
			b.WriteString("Number,First name,Email,City\n")
			for i := range 150 {
				fmt.Fprintf(&b, "+4477009%05d,%s,p%d@%s.example,%s %d\n", i*7, []string{"Ana", "Porto"}[i%2], i, city, city, i%10)
			}
			im := k.upload(t, "x.csv", b.String())
			k.start(t, im, func(m *contact.Mapping) { m.Duplicates = contact.Overwrite })
			k.done(t, im.ID)
		}
		check := func(when string) {
			t.Helper()
			for search, n := range map[string]int{"lisbon": 0, "porto": 150, "porto 7": 15, "ana porto": 75, "@porto": 150, "porto.example": 150, "p14@": 1, "0007": 1, "4477009": 150, "0770090": 150, "00": 0} {
				pages := k.all(t, contact.Query{Search: search, Country: "GB", Limit: 11})
				if len(pages) != n {
					t.Errorf("%s: %q finds %d, not %d", when, search, len(pages), n)
				}
				k.backwards(t, contact.Query{Search: search, Country: "GB", Limit: 11})
			}
		}
		check("imported")
		stop()
		k.Write(t, func(tx *store.Tx) error {
			for _, s := range []string{`DELETE FROM contact_index WHERE kind IN ('o', 'r')`, `UPDATE contact_book SET sweeping = 0`} {
				if _, err := tx.Exec(s); err != nil {
					return err
				}
			}
			return nil
		})
		if got := k.all(t, contact.Query{Search: "@porto"}); len(got) != 0 {
			t.Fatalf("%v", names(got))
		}
		for range 3 { // turns that were made before it was ended
			if _, err := contact.SweepWords(db); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.room.Sweep(ctx, db); err != nil {
			t.Fatal(err)
		}
		check("swept")
		if more, err := contact.SweepWords(db); more || err != nil {
			t.Error("not ended", err)
		}
	})
}

// backwards checks that the pages of a search read from the last one back are those read forwards.
func (k *kit) backwards(t testing.TB, q contact.Query) {
	t.Helper()
	var pages []string
	var p contact.Page
	for first := true; first || p.After != ""; first = false {
		var err error
		q.After = p.After
		if p, err = k.room.Page(ctx, k.DB, k.ana, k.org, q); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, fmt.Sprint(names(p.Contacts)))
	}
	for i := len(pages) - 2; i >= 0 && p.Before != ""; i-- {
		q.After, q.Before = "", p.Before
		var err error
		if p, err = k.room.Page(ctx, k.DB, k.ana, k.org, q); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(names(p.Contacts)); got != pages[i] {
			t.Errorf("%q: page %d backwards: %s, forwards %s", q.Search, i, got, pages[i])
		}
	}
}
