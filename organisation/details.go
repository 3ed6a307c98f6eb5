package organisation

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/mailbox"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
)

// Details are who the organisation is to the outside (RP18). All but the name may be empty; without a billing email no
// copies of invoices are sent.
type Details struct {
	Name         string
	Country      string // two letters; how its phone numbers are read
	ContactName  string
	ContactEmail string
	ContactPhone string // typed freely, kept as E.164
	Address      string // postal, lines apart by \n
	TaxNumber    string
	BillingEmail string
}

// GetDetails reads the business details; owners only.
func GetDetails(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (d Details, err error) {
	err = db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		if _, err = Enter(tx, org, who, Owns); err != nil {
			return err
		}
		d, err = details(tx, org)
		return err
	})
	return d, err
}

func details(tx *store.Tx, org id.Organisation) (d Details, err error) {
	err = tx.QueryRow(`SELECT name, country, contact_name, contact_email, contact_phone, address, tax_number, billing_email
		FROM organisation WHERE organisation_id = $1`, org).Scan(&d.Name, &d.Country, &d.ContactName, &d.ContactEmail, &d.ContactPhone,
		&d.Address, &d.TaxNumber, &d.BillingEmail)
	return d, err
}

// SetDetails changes the business details; owners only, at once (RP18). The audit log says which fields changed.
func (r *Rooms) SetDetails(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, d Details) (saved Details, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := Own(tx, who, org); err != nil {
			return err
		}
		before, err := details(tx, org)
		if err != nil {
			return err
		}
		if saved, err = d.check(); err != nil {
			return err
		}
		changed := saved.differ(before)
		if len(changed) == 0 {
			return nil
		}
		if _, err := tx.Exec(`UPDATE organisation SET name = $2, country = $3, contact_name = $4, contact_email = $5, contact_phone = $6,
			address = $7, tax_number = $8, billing_email = $9 WHERE organisation_id = $1`, org, saved.Name, saved.Country, saved.ContactName,
			saved.ContactEmail, saved.ContactPhone, saved.Address, saved.TaxNumber, saved.BillingEmail); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "organisation.details_changed", Target: string(org),
			Detail: map[string]string{"fields": strings.Join(changed, " ")}}, string(org))
	})
	return saved, err
}

func (d Details) differ(from Details) (fields []string) {
	for _, f := range []struct{ name, a, b string }{{"name", from.Name, d.Name}, {"country", from.Country, d.Country},
		{"contact_name", from.ContactName, d.ContactName}, {"contact_email", from.ContactEmail, d.ContactEmail},
		{"contact_phone", from.ContactPhone, d.ContactPhone}, {"address", from.Address, d.Address}, {"tax_number", from.TaxNumber, d.TaxNumber},
		{"billing_email", from.BillingEmail, d.BillingEmail}} {
		if f.a != f.b {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// check tidies the details and names every mistake at its field.
func (d Details) check() (Details, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	name, err := cleanName(d.Name)
	if p := problem.As(err); p != nil {
		e.Fields = append(e.Fields, p.Fields...)
	}
	d.Name = name
	if d.Country = strings.ToUpper(strings.TrimSpace(d.Country)); d.Country != "" && phone.Calling(d.Country) == "" {
		e.At("country", "country_unknown", "Choose a country from the list.")
		d.Country = ""
	}
	d.ContactName = line(e, "contact_name", "the contact's name", d.ContactName, 200, false)
	d.ContactEmail = address(e, "contact_email", d.ContactEmail)
	if strings.TrimSpace(d.ContactPhone) != "" {
		n, err := phone.Parse(d.ContactPhone, d.Country)
		if p := problem.As(err); p != nil {
			for _, f := range p.Fields {
				e.At("contact_phone", f.Code, f.Message)
			}
		}
		d.ContactPhone = n.E164
	} else {
		d.ContactPhone = ""
	}
	d.Address = line(e, "address", "the address", d.Address, 500, true)
	d.TaxNumber = line(e, "tax_number", "the tax number", d.TaxNumber, 50, false)
	d.BillingEmail = address(e, "billing_email", d.BillingEmail)
	return d, e.OrNil()
}

func address(e *problem.Error, field, typed string) string {
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	a, bad := mailbox.Parse(field, typed)
	if bad != nil {
		e.Fields = append(e.Fields, *bad)
	}
	return a.Spelling
}

// line trims free text and refuses what cannot be shown or stored. most is in code points.
func line(e *problem.Error, field, called, s string, most int, several bool) string {
	if !utf8.ValidString(s) {
		e.At(field, field+"_not_text", "Enter "+called+" again: it contains bytes that are not text.")
		return ""
	}
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	for _, c := range s {
		if several && c == '\n' {
			continue
		}
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			e.At(field, field+"_characters", "Remove the invisible control characters from "+called+".")
			return ""
		}
	}
	if utf8.RuneCountInString(s) > most {
		e.At(field, field+"_too_long", "Shorten "+called+".")
	}
	return s
}
