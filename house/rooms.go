package house

import (
	"net/url"
	"os"

	"watchword/account/accept"
	"watchword/account/captcha"
	"watchword/account/device"
	"watchword/account/factor"
	"watchword/account/join"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/operator"
	"watchword/account/password"
	"watchword/account/recovery"
	"watchword/account/require"
	"watchword/account/team"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/change"
	"watchword/signin/entry"
	"watchword/signin/login"
	"watchword/signin/proof"
	"watchword/signin/reset"
	"watchword/signin/stepup"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web/signedout/papers"
)

// Rooms are what people and operators do, one field for each room.
type Rooms struct {
	Organisations *organisation.Rooms
	Invitations   *invite.Room
	Team          *team.Room
	Accept        *accept.Room
	Links         link.Book
	Post          *notice.Post
	Hasher        *password.Hasher
	Policy        password.Policy
	Factors       *factor.Room
	Recovery      *recovery.Room
	Join          *join.Desk
	Operators     *operator.Desk
	Proofs        *proof.Desk
	Devices       *device.Room
	Login         *login.Room
	StepUp        *stepup.Room
	Change        *change.Room
	Reset         *reset.Room
	Entry         *entry.Room
	Require       *require.Room
	Requests      *request.Room
	Console       *console.Room
	Contacts      *contact.Room
	Texts         papers.Texts
}

// rooms makes them, lower ones first.
func (h *House) rooms(base *url.URL) (err error) {
	c, r := h.Config, &h.Rooms
	if r.Texts, err = texts(c.TermsFile, c.PrivacyFile, c.Support); err != nil {
		return err
	}
	terms := papers.Version(r.Texts.Terms)
	r.Organisations = &organisation.Rooms{Log: h.Audit}
	r.Links = link.Book{Ring: h.Ring, BaseURL: c.BaseURL}
	r.Post = &notice.Post{SMS: h.Texts, Email: h.Mails, Product: c.Name, Host: base.Hostname(), Site: c.BaseURL, Home: c.HomeCountry}
	r.Hasher = password.NewHasher(h.Ring, password.Settings{Memory: uint32(c.Password.MemoryKiB), Passes: uint32(c.Password.Passes),
		Slots: c.Password.Slots, Queue: c.Password.Queue})
	r.Policy = password.Policy{Min: c.Password.Minimum, Words: []string{c.Name, base.Hostname()}}
	if c.Password.BreachList != "" {
		if r.Policy.Breached, err = password.OpenBreached(c.Password.BreachList); err != nil {
			return c.Mistake("password.breach_list", err.Error(), "name a file that \"watchword passwords import\" wrote")
		}
	}
	f := factor.Defaults()
	f.RecoveryDelay = c.Limits.YoungNumber
	if r.Factors, err = factor.New(factor.Options{Ring: h.Ring, Log: h.Audit, Budget: h.Codes.Budget, Product: c.Name, BaseURL: c.BaseURL,
		Home: c.HomeCountry, Settings: f}); err != nil {
		return err
	}
	r.Recovery = &recovery.Room{Ring: h.Ring, Log: h.Audit, Budget: h.Codes.Budget, Links: r.Links, Post: r.Post, Settings: ofRecovery(c)}
	js := join.Defaults()
	js.TermsVersion, js.LinkLife = terms, c.Links.Verify
	js.CaptchaHere, js.CaptchaAll, js.HeldAnHour = c.Limits.CaptchaHere, c.Limits.CaptchaAll, c.Limits.HeldAnHour
	r.Join = &join.Desk{Ring: h.Ring, Log: h.Audit, Hasher: r.Hasher, Policy: r.Policy, Links: r.Links, Post: r.Post, Settings: js,
		Captcha: captcha.Maker{Ring: h.Ring, Settings: captcha.Defaults()}}
	r.Operators = &operator.Desk{Ring: h.Ring, Log: h.Audit, Hasher: r.Hasher, Policy: r.Policy, Factors: r.Factors, Codes: r.Recovery,
		Links: r.Links, Post: r.Post, Settings: ofOperators(c)}
	h.team(terms)
	h.signin(terms)
	r.support(c, h.Audit)
	h.contacts()
	return nil
}

// team makes the rooms of who belongs to an organisation.
func (h *House) team(terms string) {
	c, r := h.Config, &h.Rooms
	is := invite.Defaults()
	is.Day, is.Open, is.Address, is.AddressD = c.Limits.Invitations, c.Limits.InvitationsOpen, c.Limits.InvitedAnHour, c.Limits.InvitedADay
	r.Invitations = &invite.Room{Ring: h.Ring, Log: h.Audit, Post: r.Post, BaseURL: c.BaseURL, Home: c.HomeCountry, Settings: is}
	r.Team = &team.Room{Organisations: r.Organisations, Factors: r.Factors, Post: r.Post}
	r.Accept = &accept.Room{Ring: h.Ring, Log: h.Audit, Organisations: r.Organisations, Invitations: r.Invitations, Factors: r.Factors,
		Hasher: r.Hasher, Policy: r.Policy, Post: r.Post, Terms: terms, Home: c.HomeCountry}
}

// signin makes the rooms of proving who one is.
func (h *House) signin(terms string) {
	c, r := h.Config, &h.Rooms
	r.Proofs = &proof.Desk{Codes: h.Codes, Factors: r.Factors, Recovery: r.Recovery, Post: r.Post}
	r.Devices = &device.Room{Ring: h.Ring, Log: h.Audit, Post: r.Post}
	ls := login.Defaults()
	ls.Tell, ls.Free, ls.Gate = int64(c.Limits.PasswordNotice), int64(c.Limits.PasswordWaits), int64(c.Limits.PasswordLink)
	ls.Recognised, ls.Asleep, ls.Terms = int64(c.Limits.RecognisedFailures), c.Session.UnusedAfter, terms
	ls.Address, ls.AddressWindow = c.Limits.LoginPerAddress.N, c.Limits.LoginPerAddress.Window
	r.Login = &login.Room{Ring: h.Ring, Log: h.Audit, Hasher: r.Hasher, Policy: r.Policy, Proofs: r.Proofs, Devices: r.Devices, Sessions: h.Sessions,
		Joining: r.Join, Captcha: r.Join.Captcha, Links: r.Links, Post: r.Post, Settings: ls, Alert: h.alert}
	r.StepUp = &stepup.Room{Log: h.Audit, Hasher: r.Hasher, Proofs: r.Proofs, Sessions: h.Sessions, Post: r.Post, Settings: stepup.Defaults()}
	cs := change.Settings{EmailLink: c.Links.Verify, CancelLink: c.Links.Cancel, NumberLife: c.Limits.NumberWaits, FirstFactor: c.Limits.FirstFactor}
	r.Change = &change.Room{Ring: h.Ring, Log: h.Audit, Hasher: r.Hasher, Policy: r.Policy, Codes: h.Codes, Factors: r.Factors, Recovery: r.Recovery,
		Links: r.Links, Post: r.Post, Organisations: r.Organisations, Sessions: h.Sessions, StepUp: r.StepUp, Home: c.HomeCountry, Settings: cs}
	r.Reset = &reset.Room{Ring: h.Ring, Log: h.Audit, Hasher: r.Hasher, Policy: r.Policy, Recovery: r.Recovery, Proofs: r.Proofs,
		Sessions: h.Sessions, Post: r.Post}
	r.Require = &require.Room{Ring: h.Ring, Organisations: r.Organisations, Factors: r.Factors, Post: r.Post, Guard: h.Guard, Price: h.Texts.Price,
		Home: c.HomeCountry, Settings: require.Settings{Grace: c.Limits.TwoFactorGrace, Texts: c.Limits.ConfirmingTexts}}
	r.Entry = &entry.Room{Ring: h.Ring, Proofs: r.Proofs, Change: r.Change}
}

// texts reads the operator's terms and privacy notice.
func texts(terms, privacy, support string) (papers.Texts, error) {
	t := papers.Texts{Support: support}
	for file, into := range map[string]*string{terms: &t.Terms, privacy: &t.Privacy} {
		if file == "" {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return t, err
		}
		*into = string(b)
	}
	return t.Filled(), nil
}
