package stories

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"watchword/attack/client"
)

// register [PASSWORD]: fills the form and sends it.
func (p *person) register([]string) error {
	if _, err := p.Get("/register"); err != nil {
		return err
	}
	if _, err := p.Submit("Register", map[string]string{"Username": p.name, "Email address": p.email, "Password": p.secret, "I agree": "yes"}); err != nil {
		return err
	}
	return p.at([]string{"/register/waiting"})
}

// mail [ADDRESS]: opens the link of the newest mail.
func (p *person) mail(a []string) error {
	to := p.email
	if len(a) > 0 {
		to = a[0]
	}
	link, err := p.newest(to, client.Message.Link)
	if err != nil {
		return err
	}
	_, err = p.Get(link)
	return err
}

// peek: opens the link of the newest mail as a mail scanner does, and leaves it for its reader.
func (p *person) peek([]string) error {
	before, _ := p.s.used.Load(p.email)
	err := p.mail(nil)
	if before == nil {
		before = ""
	}
	p.s.used.Store(p.email, before)
	return err
}

// verify: opens the link of the registration and confirms.
func (p *person) verify([]string) error {
	if err := p.mail(nil); err != nil {
		return err
	}
	_, err := p.Submit("Confirm my email address", nil)
	return err
}

// login [WAY]: name, password and the second proof that is asked for ("code", "totp", "recovery" or "passkey" to choose one).
func (p *person) login(a []string) error {
	if _, err := p.Get("/login"); err != nil {
		return err
	}
	if err := p.forget(nil); err != nil { // two may share a phone in a story: what came before is not for this log-in
		return err
	}
	if _, err := p.Submit("Log in", map[string]string{"Username": p.name, "Password": p.secret}); err != nil {
		return err
	}
	if len(a) > 0 && !strings.HasSuffix(p.Page.Path(), "/"+a[0]) {
		words := map[string]string{"totp": "Authenticator app", "recovery": "Recovery code", "passkey": "Passkey", "code": "SMS", "email": "Email"}[a[0]]
		if err := p.otherWay(words); err != nil {
			return err
		}
	}
	if err := p.proveOnce(); err != nil {
		return err
	}
	if strings.HasPrefix(p.Page.Path(), "/login") || p.Page.Status != http.StatusOK {
		return errors.New("not logged in")
	}
	return nil
}

// otherWay chooses another proof, by button or by link.
func (p *person) otherWay(words string) error {
	if p.Page.HasButton(words) {
		_, err := p.Submit(words, nil)
		return err
	}
	_, err := p.Follow(words)
	return err
}

// proveOnce answers what the page asks for: a code by SMS or email, from the app, from the list, or a passkey.
func (p *person) proveOnce() error {
	switch path := p.Page.Path(); {
	case strings.HasSuffix(path, "/totp"):
		return p.totp(nil)
	case strings.HasSuffix(path, "/recovery"):
		return p.recover(nil)
	case strings.HasSuffix(path, "/passkey"):
		return p.passkey(nil)
	case strings.HasSuffix(path, "/code"):
		return p.code(nil)
	}
	return nil
}

// code [BUTTON]: types the newest code that came for this page.
func (p *person) code(a []string) error {
	to := p.phone
	if to == "" || p.Page.Says("by email to") {
		to = p.email
	}
	code, err := p.newest(to, client.Message.Code)
	if err != nil {
		return err
	}
	button := "Continue"
	if len(a) > 0 {
		button = a[0]
	}
	_, err = p.Submit(button, map[string]string{"Code": code})
	return err
}

// appCode is what the authenticator app shows. Each half-minute's code works once: where it was used up, the demo's clock
// moves on.
func (p *person) appCode() (string, error) {
	now, err := p.s.sim.Now()
	if err != nil {
		return "", err
	}
	if now.Unix()/30 <= p.lastStep {
		if err := p.s.sim.Advance("30s"); err != nil {
			return "", err
		}
		if now, err = p.s.sim.Now(); err != nil {
			return "", err
		}
	}
	p.lastStep = now.Unix() / 30
	return client.TOTP(p.seed, now)
}

func (p *person) totp(a []string) error {
	code, err := p.appCode()
	if err != nil {
		return err
	}
	_, err = p.Submit("Continue", map[string]string{"Code": code})
	return err
}

// recover: types the next recovery code.
func (p *person) recover([]string) error {
	if len(p.recovery) == 0 {
		return errors.New("no recovery code is left")
	}
	code := p.recovery[0]
	p.recovery = p.recovery[1:]
	_, err := p.Submit("Continue", map[string]string{"Recovery code": code})
	return err
}

// atStepUp says whether the page asks for a proof. What a proof was for may be answered under the step-up's own address.
func (p *person) atStepUp() bool {
	for _, f := range p.Page.Forms() {
		if u, err := url.Parse(f.Action); err == nil && strings.HasPrefix(u.Path, "/stepup") {
			return true
		}
	}
	return false
}

// prove: passes a step-up, if the page is one.
func (p *person) prove([]string) error {
	for range 5 {
		if !p.atStepUp() {
			return nil
		}
		err := error(nil)
		if !p.Page.HasField("code") { // what came before is not for this
			if err = p.forget(nil); err != nil {
				return err
			}
		}
		switch {
		case p.Page.HasField("password"):
			_, err = p.Submit("Continue", map[string]string{"password": p.secret})
		case p.Page.HasField("code"):
			err = p.proveOnce()
		case strings.HasSuffix(p.Page.Path(), "/passkey"):
			err = p.passkey(nil)
		default:
			_, err = p.Submit("Continue", nil)
		}
		if err != nil {
			return err
		}
		if p.Page.Status >= 400 {
			return fmt.Errorf("refused with %d", p.Page.Status)
		}
	}
	return errors.New("still asked for a proof")
}

func (p *person) logout([]string) error {
	if _, err := p.Get("/logout"); err != nil {
		return err
	}
	if _, err := p.Submit("Log out", nil); err != nil {
		return err
	}
	return p.at([]string{"/login"})
}

var recoveryCode = regexp.MustCompile(`[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}`)

// save-codes: writes the recovery codes on the page down and goes on.
func (p *person) saveCodes([]string) error {
	p.recovery = recoveryCode.FindAllString(p.Page.Words(), -1)
	if len(p.recovery) != 10 {
		return fmt.Errorf("%d recovery codes on the page", len(p.recovery))
	}
	_, err := p.Submit("Continue", map[string]string{"saved": "yes"})
	return err
}

// add-phone: adds the mobile number, proves it, and saves recovery codes when some are shown.
func (p *person) addPhone([]string) error {
	if _, err := p.Get("/profile/phone"); err != nil {
		return err
	}
	if _, err := p.Submit("Send a code to this number", map[string]string{"Mobile number": p.phone}); err != nil {
		return err
	}
	phone := p.phone
	if p.atStepUp() && p.Page.Says("no second factor") {
		p.phone = ""
	}
	err := p.prove(nil)
	p.phone = phone
	if err != nil {
		return err
	}
	if err := p.code([]string{"Confirm the number"}); err != nil {
		return err
	}
	return p.afterFactor()
}

// afterFactor saves recovery codes if the page shows them.
func (p *person) afterFactor() error {
	if p.Page.HasField("saved") {
		return p.saveCodes(nil)
	}
	if p.Page.Status != http.StatusOK {
		return errors.New("refused")
	}
	return nil
}

var shownKey = regexp.MustCompile(`secret=([A-Z2-7]+)`)

// scan: takes the key on the page into the app.
func (p *person) scan([]string) error {
	found := shownKey.FindStringSubmatch(p.Page.Body)
	if found == nil {
		return errors.New("no key on the page")
	}
	p.seed, p.lastStep = found[1], 0
	return nil
}

// seed-of NAME: carries the same authenticator app and recovery codes as another of this story.
func (p *person) seedOf(a []string) error {
	o := p.s.people[a[0]]
	p.seed, p.lastStep, p.recovery = o.seed, o.lastStep, o.recovery
	return nil
}

// add-app: adds an authenticator app.
func (p *person) addApp([]string) error {
	if _, err := p.Get("/profile/security/app"); err != nil {
		return err
	}
	if _, err := p.Submit("Continue", nil); err != nil {
		return err
	}
	if err := p.prove(nil); err != nil {
		return err
	}
	if err := p.scan(nil); err != nil {
		return err
	}
	code, err := p.appCode()
	if err != nil {
		return err
	}
	if _, err := p.Submit("Confirm the app", map[string]string{"Code": code}); err != nil {
		return err
	}
	return p.afterFactor()
}
