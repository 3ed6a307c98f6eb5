package stories

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/descope/virtualwebauthn"
)

// device is a security key in software.
type device struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func (p *person) newDevice() (*device, error) {
	u, err := url.Parse(p.Base)
	if err != nil {
		return nil, err
	}
	d := &device{rp: virtualwebauthn.RelyingParty{Name: "Watchword", ID: u.Hostname(), Origin: p.Base}, auth: virtualwebauthn.NewAuthenticator(),
		key: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(d.key.Key.AttestationData()) != 77 { // a coordinate that begins with a zero octet loses it in this library
		d.key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	d.auth.AddCredential(d.key)
	return d, nil
}

// add-passkey: what the page's script does, without it.
func (p *person) addPasskey([]string) error {
	if _, err := p.Get("/profile/security/passkey"); err != nil {
		return err
	}
	if _, err := p.Submit("Continue", map[string]string{"Name": "Laptop"}); err != nil {
		return err
	}
	if err := p.prove(nil); err != nil {
		return err
	}
	page := p.Page
	options, err := p.Do(http.MethodPost, "/profile/security/passkey/options", url.Values{})
	if err != nil || options.Status != http.StatusOK {
		return fmt.Errorf("no options: %v %s", err, p.where())
	}
	o, err := virtualwebauthn.ParseAttestationOptions(wrap(options.Body))
	if err != nil {
		return fmt.Errorf("%w: %s", err, options.Body)
	}
	if p.key, err = p.newDevice(); err != nil {
		return err
	}
	p.key.auth.Options.UserHandle = []byte(o.UserID)
	answer := virtualwebauthn.CreateAttestationResponse(p.key.rp, p.key.auth, p.key.key, *o)
	f, err := page.Fill("Create passkey", nil)
	if err != nil {
		return err
	}
	f.Values.Set("credential", answer)
	if _, err := p.Press(f); err != nil {
		return err
	}
	return p.afterFactor()
}

// wrap adds what the library expects around the options.
func wrap(options string) string {
	if strings.HasPrefix(strings.TrimSpace(options), `{"publicKey"`) {
		return options
	}
	return `{"publicKey":` + options + `}`
}

// passkey [first]: uses the passkey on the page that asks for it, or as the only proof from the log-in page.
func (p *person) passkey(a []string) error {
	options, action, button := "/login/passkey/options", "", "Use your passkey"
	if strings.HasPrefix(p.Page.Path(), "/stepup") {
		options = "/stepup/passkey/options?" + p.Page.URL.RawQuery
	}
	if len(a) > 0 {
		if _, err := p.Get("/login"); err != nil {
			return err
		}
		options, action, button = "/login/first/options", "/login/first", ""
	}
	page := p.Page
	got, err := p.Do(http.MethodPost, options, url.Values{})
	if err != nil || got.Status != http.StatusOK {
		return fmt.Errorf("no options: %v", err)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(wrap(got.Body))
	if err != nil {
		return fmt.Errorf("%w: %s", err, got.Body)
	}
	answer := virtualwebauthn.CreateAssertionResponse(p.key.rp, p.key.auth, p.key.key, *o)
	if button == "" {
		_, err = p.Post(action, url.Values{"credential": {answer}})
		return err
	}
	f, err := page.Fill(button, nil)
	if err != nil {
		return err
	}
	f.Values.Set("credential", answer)
	_, err = p.Press(f)
	return err
}
