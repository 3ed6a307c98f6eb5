package sms

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"

	"watchword/base/store"
)

// arrived is a message or a part of one as a carrier delivered it.
type arrived struct {
	Inbound
	carrier string
	ack     func(bool)
}

// inbox holds what waits to be stored.
type inbox struct {
	mu   sync.Mutex
	list []arrived
	wake chan struct{}
}

func (b *inbox) put(a arrived) {
	b.mu.Lock()
	b.list = append(b.list, a)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *inbox) take() []arrived {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(b.list), 32)
	out := b.list[:n:n]
	b.list = b.list[n:]
	return out
}

// storeInbound stores what phones sent, in order, several in one operation; when that fails each by itself, so that one
// bad message does not hold up the others.
func (o *Outbox) storeInbound(ctx context.Context) {
	for {
		batch := o.inbox.take()
		if len(batch) == 0 {
			select {
			case <-o.inbox.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		if o.storeBatch(batch) == nil {
			continue
		}
		for _, a := range batch {
			if err := o.storeBatch([]arrived{a}); err != nil {
				o.Log.Error("texts: a message from a phone could not be stored; its carrier will deliver it again",
					"carrier", a.carrier, "error", err)
				a.ack(false)
			}
		}
	}
}

func (o *Outbox) storeBatch(batch []arrived) error {
	fresh, again := 0, 0
	err := o.DB.Write(context.Background(), func(tx *store.Tx) error {
		fresh, again = 0, 0
		for _, a := range batch {
			n, repeated, err := o.storeOne(tx, a)
			if err != nil {
				return err
			}
			fresh += n
			if repeated {
				again++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	o.count.inbound.Add(uint64(fresh))
	o.count.inboundAgain.Add(uint64(again))
	for _, a := range batch {
		a.ack(true)
	}
	return nil
}

// storeOne stores a whole message, or a part and, with the last one, the message.
func (o *Outbox) storeOne(tx *store.Tx, a arrived) (fresh int, repeated bool, err error) {
	known, err := o.seen(tx, a)
	if err != nil || known {
		return 0, known, err
	}
	if a.Total <= 1 {
		return 1, false, o.storeWhole(tx, a, 1, 0)
	}
	_, err = tx.Exec(`INSERT INTO sms_inbound_part (carrier, from_number, to_number, ref, total, part, body, carrier_id, network,
		country, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (carrier, from_number, to_number, ref, total, part) DO NOTHING`, a.carrier, a.From, a.To, int(a.Ref), a.Total,
		a.Part, a.Text, a.CarrierID, a.Network, a.Country, tx.Now)
	if err != nil {
		return 0, false, err
	}
	parts, err := readParts(tx, a)
	if err != nil || len(parts) < a.Total {
		return 0, false, err
	}
	return 1, false, o.join(tx, a, parts)
}

// seen says whether this delivery was stored before, and notes it otherwise. A carrier's own id is good for a day; without
// one the same words between the same numbers within a short time are one delivery.
func (o *Outbox) seen(tx *store.Tx, a arrived) (bool, error) {
	h := fnv.New128a()
	fmt.Fprintf(h, "%q %q %q %q %d %d %d", a.carrier, a.From, a.To, a.Text, a.Ref, a.Part, a.Total)
	keep := store.Micros(o.InboundSame)
	if a.CarrierID != "" {
		fmt.Fprintf(h, " %q", a.CarrierID)
		keep = store.Micros(o.KeepEarly)
	} else if a.Total > 1 {
		keep = store.Micros(o.InboundWait)
	}
	n, err := tx.Exec(`INSERT INTO sms_inbound_seen (mark, seen_until) VALUES ($1, $2) ON CONFLICT (mark) DO UPDATE
		SET seen_until = excluded.seen_until WHERE sms_inbound_seen.seen_until <= $3`, fmt.Sprintf("%x", h.Sum(nil)), tx.Now+keep, tx.Now)
	return n == 0, err
}

func readParts(tx *store.Tx, a arrived) ([]arrived, error) {
	rows, err := tx.Query(`SELECT part, body, carrier_id, network, country FROM sms_inbound_part WHERE carrier = $1
		AND from_number = $2 AND to_number = $3 AND ref = $4 AND total = $5 ORDER BY part`, a.carrier, a.From, a.To, int(a.Ref), a.Total)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []arrived
	for rows.Next() {
		p := a
		if err := rows.Scan(&p.Part, &p.Text, &p.CarrierID, &p.Network, &p.Country); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, rows.Err()
}

// join makes a message of the parts there are; "…" stands for missing ones.
func (o *Outbox) join(tx *store.Tx, a arrived, parts []arrived) error {
	var text strings.Builder
	next := 1
	for _, p := range parts {
		if p.Part > next {
			text.WriteString("…")
		}
		text.WriteString(p.Text)
		next = p.Part + 1
	}
	if next <= a.Total {
		text.WriteString("…")
	}
	_, err := tx.Exec(`DELETE FROM sms_inbound_part WHERE carrier = $1 AND from_number = $2 AND to_number = $3 AND ref = $4
		AND total = $5`, a.carrier, a.From, a.To, int(a.Ref), a.Total)
	if err != nil {
		return err
	}
	whole := a
	whole.Inbound = parts[0].Inbound
	whole.Text = text.String()
	return o.storeWhole(tx, whole, a.Total, a.Total-len(parts))
}

func (o *Outbox) storeWhole(tx *store.Tx, a arrived, parts, missing int) error {
	var seq int64
	err := tx.QueryRow(`INSERT INTO sms_inbound_head (id, seq) VALUES (1, 1) ON CONFLICT (id) DO UPDATE
		SET seq = sms_inbound_head.seq + 1 RETURNING seq`).Scan(&seq)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO sms_inbound (seq, carrier, from_number, to_number, body, carrier_id, network, country, parts,
		missing, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, seq, a.carrier, a.From, a.To, a.Text,
		a.CarrierID, a.Network, a.Country, parts, missing, tx.Now)
	if err != nil || o.OnInbound == nil {
		return err
	}
	m := a.Inbound
	m.Part, m.Total, m.Ref = 1, 1, 0
	return o.OnInbound(tx, m)
}

// sweepParts shows what came of messages whose other parts never did, and forgets old marks of repeated deliveries.
func (o *Outbox) sweepParts(ctx context.Context) error {
	wait := store.Micros(o.InboundWait)
	for _, q := range []string{fmt.Sprintf(`SELECT COUNT(*) FROM sms_inbound_part WHERE received_at + %d <= $1`, wait),
		`SELECT COUNT(*) FROM (SELECT 1 FROM sms_inbound_seen WHERE seen_until <= $1 LIMIT 1) AS x`} {
		some, err := o.some(ctx, q)
		if err != nil {
			return err
		}
		if some {
			return o.DB.Write(ctx, func(tx *store.Tx) error { return o.giveUpParts(tx, wait) })
		}
	}
	return nil
}

func (o *Outbox) giveUpParts(tx *store.Tx, wait int64) error {
	if _, err := tx.Exec(`DELETE FROM sms_inbound_seen WHERE seen_until <= $1`, tx.Now); err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT carrier, from_number, to_number, ref, total FROM sms_inbound_part
		GROUP BY carrier, from_number, to_number, ref, total HAVING MIN(received_at) <= $1 LIMIT 50`, tx.Now-wait)
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []arrived
	for rows.Next() {
		var a arrived
		if err := rows.Scan(&a.carrier, &a.From, &a.To, &a.Ref, &a.Total); err != nil {
			return err
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, a := range list {
		parts, err := readParts(tx, a)
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			continue
		}
		if err := o.join(tx, a, parts); err != nil {
			return err
		}
	}
	return nil
}
