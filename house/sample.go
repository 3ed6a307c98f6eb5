package house

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/operator"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/organisation"
	"watchword/organisation/invite"
)

// Sample is one log-in of the demo.
type Sample struct {
	Role     string // "owner", "member" or "operator"
	Name     string
	Username string
	Email    string
	Password string
	Phone    string   // E.164; empty without one
	Seed     string   // base32 of the authenticator app; empty without one
	Codes    []string // recovery codes
}

// samples are who lives in the demo. The numbers are kept for fiction by Ofcom.
var samples = []Sample{
	{Role: "owner", Name: "Maya Osei", Username: "maya", Email: "maya@harbour-books.example", Phone: "+447700900101", Seed: "app"},
	{Role: "member", Name: "Tom Hale", Username: "tom", Email: "tom@harbour-books.example", Phone: "+447700900102"},
	{Role: "member", Name: "Ines Duarte", Username: "ines", Email: "ines@harbour-books.example", Seed: "app"},
	{Role: "member", Name: "Yusuf Demir", Username: "yusuf", Email: "yusuf@harbour-books.example"},
	{Role: "operator", Name: "Olga Petrenko", Username: "olga", Email: "olga@operators.example", Seed: "app"},
	{Role: "operator", Name: "Ravi Menon", Username: "ravi", Email: "ravi@operators.example", Seed: "app"},
}

// SampleOrganisation is where the owner and the members belong.
const SampleOrganisation = "Harbour Books"

const settingSamples = "samples"

// Samples makes the demo's people once; made is false when they are there already. Their passwords are random and are
// known only to the caller.
func (h *House) Samples(ctx context.Context) (list []Sample, made bool, err error) {
	if !h.Config.Demo {
		return nil, false, errors.New("only the demo has sample people")
	}
	var state string
	if err := h.DB.Read(ctx, func(tx *store.Tx) (err error) { state, err = tx.Setting(settingSamples); return err }); err != nil || state != "" {
		return nil, false, err
	}
	list = append(list, samples...)
	hashes := make([]string, len(list))
	errs := make([]error, len(list))
	var work sync.WaitGroup
	for i := range list {
		list[i].Password = newPassword()
		work.Go(func() { hashes[i], errs[i] = h.Rooms.Hasher.Hash(ctx, list[i].Password) })
	}
	work.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, false, err
	}
	var team []profile.Profile
	for i := range list {
		if list[i].Role == "operator" {
			err = h.sampleOperator(ctx, &list[i])
		} else {
			var p profile.Profile
			p, err = h.samplePerson(ctx, &list[i], hashes[i])
			team = append(team, p)
		}
		if err != nil {
			return nil, false, fmt.Errorf("sample %s: %w", list[i].Username, err)
		}
	}
	if err := h.sampleTeam(ctx, team); err != nil {
		return nil, false, err
	}
	err = h.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(settingSamples, "made") })
	return list, true, err
}

// samplePerson makes a person with confirmed address and the factors that the sample says.
func (h *House) samplePerson(ctx context.Context, s *Sample, hash string) (profile.Profile, error) {
	r := &h.Rooms
	var p profile.Profile
	var seed string
	var codes []string
	who := access.System("demo")
	err := h.DB.Write(ctx, func(tx *store.Tx) (err error) {
		p, err = profile.Create(tx, profile.New{Username: s.Username, Email: s.Email, Name: s.Name, Language: "en", Zone: "Europe/London",
			Country: "GB", TermsVersion: r.Login.Settings.Terms, TermsAt: tx.Now})
		if err != nil {
			return err
		}
		if err := password.Set(tx, string(p.ID), hash, password.Count(s.Password)); err != nil {
			return err
		}
		if s.Phone != "" {
			n, err := phone.Parse(s.Phone, "")
			if err != nil {
				return err
			}
			if _, _, _, err := r.Factors.BindNumber(tx, who, p.ID, n); err != nil {
				return err
			}
		}
		if s.Seed != "" {
			if seed, err = h.sampleApp(tx, who, p); err != nil {
				return err
			}
		}
		if s.Phone == "" && s.Seed == "" {
			return nil
		}
		if codes, err = r.Recovery.Make(tx, who, p.ID); err != nil {
			return err
		}
		return r.Recovery.Saved(tx, p.ID)
	})
	s.Seed, s.Codes = seed, codes
	return p, err
}

// sampleApp binds an authenticator app. It uses the code of the half-minute before, because each half-minute's code works
// once: the present one is left for whoever logs in now.
func (h *House) sampleApp(tx *store.Tx, who access.Actor, p profile.Profile) (string, error) {
	s, err := h.Rooms.Factors.BeginTOTP(tx, p.ID, p.Username)
	if err != nil {
		return "", err
	}
	seed := strings.ReplaceAll(s.Secret, " ", "")
	code, err := totp.GenerateCode(seed, store.Time(tx.Now).Add(-30*time.Second))
	if err != nil {
		return "", err
	}
	_, refused, err := h.Rooms.Factors.FinishTOTP(tx, who, p.ID, s.ID, code, "Sample app")
	if err == nil && refused != nil {
		err = refused
	}
	return seed, err
}

// joining is how the sample members differ from each other: what the owner accepts of each, and what each may do.
var joining = map[string]organisation.Joining{
	"tom":   {Role: organisation.FullMember, Method: organisation.BySMS},
	"ines":  {Role: organisation.FullMember, Method: organisation.ByTOTP, May: []organisation.Permission{organisation.Contacts, organisation.Exports, organisation.Sends}},
	"yusuf": {Role: organisation.FullMember, Method: organisation.ByEmail},
}

// sampleTeam puts the people into one organisation, the first as its owner, and invites another.
func (h *House) sampleTeam(ctx context.Context, team []profile.Profile) error {
	r := &h.Rooms
	owner := access.Actor{Kind: access.KindPerson, Profile: team[0].ID, Session: id.Session(id.New("SE", h.DB.Now())), Name: team[0].Username,
		Level: access.LevelTwoFactor}
	o, err := r.Organisations.Create(ctx, h.DB, owner, organisation.Form{Name: SampleOrganisation})
	if err != nil {
		return err
	}
	err = h.DB.Write(ctx, func(tx *store.Tx) error {
		for _, p := range team[1:] {
			if err := r.Organisations.Add(tx, owner, o.ID, p.ID, joining[p.Username]); err != nil {
				return err
			}
		}
		return grant.Give(tx, owner.Session, organisation.ManageUsers)
	})
	if err != nil {
		return err
	}
	if _, err := r.Organisations.SetDetails(ctx, h.DB, owner, o.ID, organisation.Details{Name: SampleOrganisation, Country: "GB", ContactName: team[0].Name,
		ContactEmail: team[0].Email, ContactPhone: "+442079460100", Address: "4 Quay Street\nPort Ellery", BillingEmail: "bills@harbour-books.example"}); err != nil {
		return err
	}
	_, err = r.Invitations.Invite(ctx, h.DB, owner, o.ID, invite.Form{Name: "Nora Lind", Email: "nora@harbour-books.example", Method: organisation.BySMS,
		Number: "+447700900104"})
	return err
}

// sampleOperator makes an operator the way a person does: token, password, authenticator app.
func (h *House) sampleOperator(ctx context.Context, s *Sample) error {
	d, who := h.Rooms.Operators, access.System("demo")
	token, err := d.Token(ctx, h.DB, who)
	if err != nil {
		return err
	}
	ticket, err := d.Create(ctx, h.DB, who, operator.Form{Token: token, Username: s.Username, Name: s.Name, Email: s.Email, Password: s.Password})
	if err != nil {
		return err
	}
	_, setup, err := d.Setup(ctx, h.DB, ticket.Token)
	if err != nil {
		return err
	}
	s.Seed = strings.ReplaceAll(setup.Secret, " ", "")
	code, err := totp.GenerateCode(s.Seed, h.DB.Clock().Now().Add(-30*time.Second))
	if err != nil {
		return err
	}
	_, codes, refused, err := d.FinishTOTP(ctx, h.DB, who, ticket.Token, code)
	if err == nil && refused != nil {
		err = refused
	}
	s.Codes = codes
	return err
}

// newPassword draws twenty letters and digits in four groups: about 100 bits.
func newPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789" // none that look alike
	b := make([]byte, 0, 23)
	for len(b) < 23 {
		if len(b)%6 == 5 {
			b = append(b, '-')
			continue
		}
		var r [1]byte
		rand.Read(r[:])
		if int(r[0]) < 256-256%len(letters) { // no letter likelier than another
			b = append(b, letters[int(r[0])%len(letters)])
		}
	}
	return string(b)
}
