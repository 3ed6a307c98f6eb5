package contact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// Proves CL1, CL2, CL4, CL10, OU17: one number one contact; lists count; whoever said STOP stays unsubscribed although the
// contact was deleted; another organisation's ids answer 404 everywhere.
func TestContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		list, err := k.room.CreateList(ctx, db, k.ana, k.org, " Members ")
		if err != nil || list.Name != "Members" {
			t.Fatal(list, err)
		}
		_, err = k.room.CreateList(ctx, db, k.ana, k.org, "MEMBERS")
		is(t, err, "list_name_taken")
		c := k.create(t, contact.Form{Number: "07700 900123", Country: "GB", First: "José", Last: "d'Água", Email: "Jose@Example.com",
			Fields: map[string]string{"City": "Lisbon", "Odd": `a"b\c` + "\n=1"}, Notes: "two\nlines", Lists: []contact.ListID{list.ID}})
		if c.Number != "+447700900123" || c.Fields["Odd"] != `a"b\c`+"\n=1" || c.Notes != "two\nlines" || len(c.Lists) != 1 {
			t.Fatalf("%+v", c)
		}
		again, err := k.room.Get(ctx, db, k.ana, k.org, c.ID)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(c) {
			t.Fatalf("%+v %v", again, err)
		}
		_, err = k.room.Create(ctx, db, k.ana, k.org, contact.Form{Number: "+44 (0)7700 900123"})
		is(t, err, "number_taken")
		_, err = k.room.Create(ctx, db, k.ana, k.org, contact.Form{Number: "12", Country: "GB", Email: "nobody", First: "a\x00b"})
		for _, code := range []string{"phone_too_short", "email_invalid", "not_text"} {
			is(t, err, code)
		}
		for _, s := range []string{"jose", "AGUA", "josé d", "d'ag agua jos", "jose@example.com", "jose@example.co", "07700900123", "+447700900123"} {
			if got := k.all(t, contact.Query{Search: s, Country: "GB", List: list.ID}); len(got) != 1 {
				t.Errorf("%q finds %v", s, got)
			}
		}
		for _, s := range []string{"ose", "jose x", "ose@example.com", "07700900124", "%", "\x00"} {
			if got := k.all(t, contact.Query{Search: s, Country: "GB"}); len(got) != 0 {
				t.Errorf("%q finds %v", s, got)
			}
		}
		k.Write(t, func(tx *store.Tx) error { return k.room.Optouts.Add(tx, k.org, c.Number, "stop") })
		if n, err := k.room.Delete(ctx, db, k.ana, k.org, c.ID, c.ID); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if c = k.create(t, contact.Form{Number: "+447700900123"}); !c.OptedOut {
			t.Error("resubscribed by being made anew")
		}
		lists, all, err := k.room.Lists(ctx, db, k.ana, k.org)
		if err != nil || all != 1 || len(lists) != 1 || lists[0].Contacts != 0 {
			t.Fatal(lists, all, err)
		}

		bob := k.person(t, "bob")
		other := k.organisation(t, bob, "Other")
		for i, f := range []func() error{
			func() error { _, err := k.room.Get(ctx, db, bob, other, c.ID); return err },
			func() error { _, err := k.room.Get(ctx, db, bob, k.org, c.ID); return err },
			func() error {
				_, err := k.room.Update(ctx, db, bob, other, c.ID, contact.Form{Number: "+447700900123"})
				return err
			},
			func() error { _, err := k.room.Delete(ctx, db, bob, other, c.ID); return err },
			func() error { return k.room.RenameList(ctx, db, bob, other, list.ID, "x") },
			func() error { return k.room.DeleteList(ctx, db, bob, other, list.ID) },
			func() error { _, err := k.room.AddTo(ctx, db, bob, other, list.ID, c.ID); return err },
			func() error { _, err := k.room.Page(ctx, db, bob, other, contact.Query{List: list.ID}); return err },
			func() error { _, _, err := k.room.Lists(ctx, db, bob, k.org); return err },
		} {
			if err := f(); err == nil || !strings.Contains(err.Error(), "not_found") {
				t.Errorf("%d: %v", i, err)
			}
		}
	})
}

// Proves CL4, CL5, CL19: whatever is made, changed, moved and removed, every order and list shows exactly what is there,
// forwards and backwards, and every name is found by the beginning of each of its words.
func TestContactsAgainstModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 1 << 40 })
		type kept struct {
			contact.Contact
			lists map[contact.ListID]bool
		}
		model := map[contact.ID]*kept{}
		var lists []contact.ListID
		for i := range 3 {
			l, err := k.room.CreateList(ctx, db, k.ana, k.org, fmt.Sprint("list ", i))
			if err != nil {
				t.Fatal(err)
			}
			lists = append(lists, l.ID)
		}
		word := rapid.SampledFrom([]string{"", "ana", "Ana", "Anabel", "Silva", "silva santos", "Ünal", "O'Neil", "x"})
		rapid.Check(t, func(rt *rapid.T) {
			pick := func() contact.ID {
				var ids []contact.ID
				for c := range model {
					ids = append(ids, c)
				}
				slices.Sort(ids)
				if len(ids) == 0 {
					rt.Skip()
				}
				return rapid.SampledFrom(ids).Draw(rt, "who")
			}
			rt.Repeat(map[string]func(*rapid.T){
				"make": func(rt *rapid.T) {
					f := contact.Form{Number: fmt.Sprintf("+4477009%05d", rapid.IntRange(0, 99999).Draw(rt, "n")), First: word.Draw(rt, "first"), Last: word.Draw(rt, "last")}
					c, err := k.room.Create(ctx, db, k.ana, k.org, f)
					if err == nil {
						model[c.ID] = &kept{c, map[contact.ListID]bool{}}
					}
				},
				"change": func(rt *rapid.T) {
					m := model[pick()]
					f := contact.Form{Number: m.Number, First: word.Draw(rt, "first"), Last: word.Draw(rt, "last")}
					for l := range m.lists {
						f.Lists = append(f.Lists, l)
					}
					c, err := k.room.Update(ctx, db, k.ana, k.org, m.ID, f)
					if err != nil {
						rt.Fatal(err)
					}
					m.Contact = c
				},
				"delete": func(rt *rapid.T) {
					c := pick()
					if n, err := k.room.Delete(ctx, db, k.ana, k.org, c); n != 1 || err != nil {
						rt.Fatal(n, err)
					}
					delete(model, c)
				},
				"move": func(rt *rapid.T) {
					c, from, to := pick(), rapid.SampledFrom(lists).Draw(rt, "from"), rapid.SampledFrom(lists).Draw(rt, "to")
					if _, err := k.room.Move(ctx, db, k.ana, k.org, from, to, c); err != nil {
						rt.Fatal(err)
					}
					delete(model[c].lists, from)
					model[c].lists[to] = true
				},
			})
			for _, l := range append(lists, "") {
				want := map[string]bool{}
				for _, m := range model {
					if l == "" || m.lists[l] {
						want[m.Name()+" "+m.Number] = true
					}
				}
				sorts := []contact.Sort{contact.ByName, contact.Newest, contact.Oldest}
				if l == "" {
					sorts = append(sorts, contact.ByNumber)
				}
				for _, s := range sorts {
					got := k.all(t, contact.Query{List: l, Sort: s, Limit: 7})
					if len(got) != len(want) {
						rt.Fatalf("%s by %s: %d of %d", l, s, len(got), len(want))
					}
					for _, c := range names(got) {
						if !want[c] {
							rt.Fatalf("%s by %s shows %s", l, s, c)
						}
					}
				}
			}
			for _, s := range []string{"an", "silva", "sant", "unal", "neil", "ana silva"} {
				want := 0
				for _, m := range model {
					if matches(m.Name(), s) {
						want++
					}
				}
				if got := k.all(t, contact.Query{Search: s, Limit: 5}); len(got) != want {
					rt.Fatalf("%q finds %d, not %d: %v", s, len(got), want, names(got))
				}
			}
			lists, all, err := k.room.Lists(ctx, db, k.ana, k.org)
			if err != nil || all != int64(len(model)) {
				rt.Fatal(all, len(model), err)
			}
			for _, l := range lists {
				n := int64(0)
				for _, m := range model {
					if m.lists[l.ID] {
						n++
					}
				}
				if l.Contacts != n {
					rt.Fatalf("%s counts %d, not %d", l.Name, l.Contacts, n)
				}
			}
		})
	})
}

func matches(name, search string) bool {
	name = strings.ToLower(strings.NewReplacer("Ü", "u", "'", " ").Replace(name))
	for _, w := range strings.Fields(search) {
		if !slices.ContainsFunc(strings.Fields(name), func(x string) bool { return strings.HasPrefix(x, w) }) {
			return false
		}
	}
	return true
}

// Proves decisions 27: more than a thousand contacts read in a session and a day are an export, by whichever path; the
// proof allows as many again, once; another session has a count of its own.
func TestReadingManyIsAnExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 40 })
		for i := range 30 {
			k.create(t, contact.Form{Number: fmt.Sprintf("+4477009001%02d", i)})
		}
		read := func() error {
			_, err := k.room.Page(ctx, db, k.ana, k.org, contact.Query{Limit: 10})
			return err
		}
		for range 4 {
			if err := read(); err != nil {
				t.Fatal(err)
			}
		}
		err := read()
		k.give(t, k.ana, err)
		_, other := k.room.Page(ctx, db, k.person(t, "eve"), k.org, contact.Query{Limit: 10})
		is(t, other, "not_found")
		for range 4 {
			if err := read(); err != nil {
				t.Fatal(err)
			}
		}
		is(t, read(), "step_up_required")
		again := k.ana
		again.Session = "SEother"
		if _, err := k.room.Page(ctx, db, again, k.org, contact.Query{Limit: 10}); err != nil {
			t.Fatal(err)
		}
	})
}
