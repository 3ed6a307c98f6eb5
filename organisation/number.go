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
	_, err := tx.Exec(`UPDATE organisation_member SET number_sealed = $3, number_masked = $4, number_message = $5, number_next = 0
		WHERE organisation_id = $1 AND profile_id = $2`, org, p, sealed, masked, message)
	return err
}

// AnnounceNumber keeps what became of the text about a suggested number: its id, or why it is held and when it is tried
// again (micros; 0: never).
func (r *Rooms) AnnounceNumber(tx *store.Tx, org id.Organisation, p id.Profile, message string, next int64) error {
	_, err := tx.Exec(`UPDATE organisation_member SET number_message = $3, number_next = $4
		WHERE organisation_id = $1 AND profile_id = $2`, org, p, message, next)
	return err
}

// HeldNumber is a text about a suggested number that waits for another try at Next (micros).
type HeldNumber struct {
	Next         int64
	Organisation id.Organisation
	Profile      id.Profile
}

// HeldNumbers lists those that are due, from after the given one on, at most so many.
func HeldNumbers(tx *store.Tx, after HeldNumber, most int) (out []HeldNumber, err error) {
	rows, err := tx.Query(`SELECT number_next, organisation_id, profile_id FROM organisation_member WHERE number_next > 0 AND number_next <= $1
		AND (number_next, organisation_id, profile_id) > ($2, $3, $4) ORDER BY number_next, organisation_id, profile_id LIMIT $5`,
		tx.Now, after.Next, after.Organisation, after.Profile, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h HeldNumber
		if err := rows.Scan(&h.Next, &h.Organisation, &h.Profile); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// Suggested is a number that an owner typed for a member.
type Suggested struct {
	Number  phone.Number
	Masked  string
	Message string // id of the announcing text in the outbox; may be empty
	Next    int64  // micros; when an announcing text that was held is tried again; 0: none is
}

// SuggestedNumber reads it; ok is false when there is none.
func SuggestedNumber(tx *store.Tx, ring *secret.Ring, org id.Organisation, p id.Profile) (s Suggested, ok bool, err error) {
	var sealed []byte
	err = tx.QueryRow(`SELECT number_sealed, number_masked, number_message, number_next FROM organisation_member
		WHERE organisation_id = $1 AND profile_id = $2`, org, p).Scan(&sealed, &s.Masked, &s.Message, &s.Next)
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
