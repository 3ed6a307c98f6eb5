package login

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"watchword/account/device"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
)

// byDevice stands among the methods of a session that a trusted device saved the code for. It is no factor.
const byDevice = "device"

// measure reads what the person's organisations ask, and names the memberships it was read from.
func (l *row) measure(tx *store.Tx) (err error) {
	if l.demands, err = organisation.Demands(tx, l.profile); err != nil || len(l.demands) == 0 {
		l.memberships = ""
		return err
	}
	h := sha256.New()
	for _, d := range l.demands {
		fmt.Fprintf(h, "%s %s %d\n", d.Organisation, d.Role, d.Version)
	}
	l.memberships = hex.EncodeToString(h.Sum(nil)[:16])
	return nil
}

// required says whether an organisation requires a second factor of somebody who has none bound. Where a code by email
// is enough, the mailbox makes everybody ready.
func (l row) required(now int64) bool {
	for _, d := range l.demands {
		if d.InForce(now, d.Meets(organisation.ByEmail)) {
			return true
		}
	}
	return false
}

// device says whether a trusted device saves the code. On a shared computer none does, and what was trusted there ends.
func (r *Room) device(tx *store.Tx, who access.Actor, l row, p profile.Profile, offered map[string]string) (device.Made, bool, error) {
	if l.shared {
		return device.Made{}, false, device.EndBrowser(tx, p.ID, l.browser)
	}
	return r.Devices.Use(tx, who.Origin, p, offered, l.demands)
}

// trust makes the browser of a complete log-in a trusted device, unless the person shares the computer (TD1). Complete is
// one by a second factor: a recovery code is for the day that is lost, and the emailed code of somebody without a factor
// counts where an organisation asks for it.
func (r *Room) trust(tx *store.Tx, who access.Actor, l row, p profile.Profile) (*device.Made, error) {
	by := organisation.Method("")
	for _, m := range strings.Fields(l.methods) {
		if m == byDevice {
			return nil, nil
		}
		if w := proof.Way(m); w != proof.Recovery && w.Method().Rank() > by.Rank() {
			by = w.Method()
		}
	}
	if by == "" || l.shared {
		return nil, nil
	}
	if by == organisation.ByEmail && !l.required(tx.Now) {
		all, err := r.Proofs.Factors.List(tx, p.ID)
		if err != nil || len(all) == 0 {
			return nil, err
		}
	}
	m, ok, err := r.Devices.Trust(tx, who, p, l.browser, by, l.demands)
	if err != nil || !ok {
		return nil, err
	}
	if l.recognised && m.First {
		err = r.Post.Tell(tx, who, p, wording.DeviceTrusted, wording.Params{Until: store.Time(m.ExpiresAt)})
	}
	return &m, err
}
