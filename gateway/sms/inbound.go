package sms

import "watchword/base/store"

// Received is a stored message from a phone.
type Received struct {
	Seq     int64  // order of arrival, from 1
	Carrier string // the route it came by
	At      int64  // microseconds UTC
	Parts   int
	Missing int // parts that never came; the text shows what did
	Inbound
}

// Inbounds reads what arrived after the given Seq, in order, at most limit messages.
func (o *Outbox) Inbounds(tx *store.Tx, after int64, limit int) ([]Received, error) {
	rows, err := tx.Query(`SELECT seq, carrier, received_at, parts, missing, from_number, to_number, body, carrier_id,
		network, country FROM sms_inbound WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Received
	for rows.Next() {
		r := Received{Inbound: Inbound{Part: 1, Total: 1}}
		if err := rows.Scan(&r.Seq, &r.Carrier, &r.At, &r.Parts, &r.Missing, &r.From, &r.To, &r.Text, &r.CarrierID,
			&r.Network, &r.Country); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
