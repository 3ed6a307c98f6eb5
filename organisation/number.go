package organisation

import (
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/secret"
	"watchword/base/store"
)

// purpose separates suggested numbers from everything else that is sealed.
const purpose = "suggested number"

// SealNumber closes a number that an owner typed, so that it opens for this membership only.
func SealNumber(ring *secret.Ring, org id.Organisation, p id.Profile, n phone.Number) []byte {
	return ring.Seal(purpose, string(org)+" "+string(p), []byte(n.E164))
}

// SuggestNumber keeps a number that an owner typed for a member: a suggestion, until its person proves it by SMS
// (decisions 24). sealed is SealNumber's; message is the id of the text that announced it, may be empty. Without sealed
// the suggestion is forgotten, as when it was proved.
func (r *Rooms) SuggestNumber(tx *store.Tx, org id.Organisation, p id.Profile, sealed []byte, masked, message string) error {
	_, err := tx.Exec(`UPDATE organisation_member SET number_sealed = $3, number_masked = $4, number_message = $5
		WHERE organisation_id = $1 AND profile_id = $2`, org, p, sealed, masked, message)
	return err
}

// Suggested is a number that an owner typed for a member.
type Suggested struct {
	Number  phone.Number
	Masked  string
	Message string // id of the announcing text in the outbox; may be empty
}

// SuggestedNumber reads it; ok is false when there is none.
func SuggestedNumber(tx *store.Tx, ring *secret.Ring, org id.Organisation, p id.Profile) (s Suggested, ok bool, err error) {
	var sealed []byte
	err = tx.QueryRow(`SELECT number_sealed, number_masked, number_message FROM organisation_member
		WHERE organisation_id = $1 AND profile_id = $2`, org, p).Scan(&sealed, &s.Masked, &s.Message)
	if store.IsNoRows(err) || err == nil && len(sealed) == 0 {
		return Suggested{}, false, nil
	}
	if err != nil {
		return s, false, err
	}
	e164, err := ring.Open(purpose, string(org)+" "+string(p), sealed)
	if err != nil {
		return s, false, err
	}
	s.Number, err = phone.Parse(string(e164), "")
	return s, err == nil, err
}
