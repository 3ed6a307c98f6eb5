package profile

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
	xlanguage "golang.org/x/text/language"

	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// Longest values, in code points.
const (
	MaxName   = 200
	MaxPostal = 500
)

// DateFormats are the ways to write 22 November 2026; the first is the default.
var DateFormats = []string{"2 January 2006", "02/01/2006", "01/02/2006", "02.01.2006", "2006-01-02"}

// Encodings are the default alphabets for texts: let the text decide, only GSM 03.38, only Unicode.
var Encodings = []string{"auto", "gsm7", "unicode"}

// Details are what a person edits without proving anything (RP12, RP19).
type Details struct {
	Name, Language, Zone, DateFormat, Currency, Encoding, Postal, Country string
}

// Details of a profile, to fill the form.
func (p Profile) Details() Details {
	return Details{p.Name, p.Language, p.Zone, p.DateFormat, p.Currency, p.Encoding, p.Postal, p.Country}
}

// euroSince are countries that took the euro after the tables of x/text were made.
var euroSince = map[string]bool{"HR": true, "BG": true}

// CurrencyOf is the currency that a new profile of a country begins with (RP19): "GBP" for "GB". Where the country is
// not known it is the euro.
func CurrencyOf(country string) string {
	region, err := xlanguage.ParseRegion(country)
	if err != nil || euroSince[strings.ToUpper(country)] {
		return "EUR"
	}
	unit, ok := currency.FromRegion(region)
	if !ok {
		return "EUR"
	}
	return unit.String()
}

// Check tidies the details and names every mistake at its field.
func (d Details) Check() (Details, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	d.Name = CheckLine(e, "name", "your name", d.Name, MaxName)
	d.Postal = strings.TrimSpace(strings.ReplaceAll(d.Postal, "\r\n", "\n"))
	if m := textMistake(d.Postal, "the postal address", MaxPostal, true); m != "" {
		e.At("postal", "postal_invalid", m)
	}
	if !wording.Language(d.Language).Known() {
		e.At("language", "language_unknown", "Choose a language from the list.")
	}
	if !ZoneKnown(d.Zone) {
		e.At("zone", "zone_unknown", "Choose a time zone from the list, like Europe/London.")
	}
	if !oneOf(d.DateFormat, DateFormats) {
		e.At("date_format", "date_format_unknown", "Choose a date format from the list.")
	}
	if !oneOf(d.Encoding, Encodings) {
		e.At("encoding", "encoding_unknown", "Choose an encoding from the list.")
	}
	d.Currency = strings.ToUpper(strings.TrimSpace(d.Currency))
	if _, err := currency.ParseISO(d.Currency); err != nil || len(d.Currency) != 3 {
		e.At("currency", "currency_unknown", "Enter a currency as three letters, like EUR.")
	}
	d.Country = strings.ToUpper(strings.TrimSpace(d.Country))
	if d.Country != "" && phone.Calling(d.Country) == "" {
		e.At("country", "country_unknown", "Choose a country from the list.")
	}
	return d, e.OrNil()
}

// Edit stores the details (RP12, RP19).
func Edit(tx *store.Tx, who id.Profile, d Details) error {
	d, err := d.Check()
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE account_profile SET name = $2, language = $3, zone = $4, date_format = $5, currency = $6, encoding = $7,
		postal = $8, country = $9 WHERE id = $1`, who, d.Name, d.Language, d.Zone, d.DateFormat, d.Currency, d.Encoding, d.Postal, d.Country)
	if err == nil && n == 0 {
		return problem.NotFound("profile")
	}
	return err
}

// CheckLine tidies a field of one line and adds its mistake, if any, to e: too long, NUL, control or bidi characters,
// not UTF-8. called is how the sentence names the field: "your name". limit is in code points.
func CheckLine(e *problem.Error, field, called, value string, limit int) string {
	value = strings.TrimSpace(value)
	if m := textMistake(value, called, limit, false); m != "" {
		e.At(field, field+"_invalid", m)
	}
	return value
}

func textMistake(s, called string, limit int, lines bool) string {
	if len(s) > 4*limit || utf8.RuneCountInString(s) > limit {
		return "Shorten " + called + " to " + strconv.Itoa(limit) + " characters or fewer."
	}
	if !utf8.ValidString(s) {
		return "Remove the characters from " + called + " that are not text."
	}
	for _, r := range s {
		if r == '\n' && lines {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return "Remove the invisible characters from " + called + "."
		}
	}
	return ""
}

// ZoneKnown says whether this is an IANA time zone.
func ZoneKnown(zone string) bool {
	if zone == "" || zone == "Local" || len(zone) > 64 {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

// Location is the person's time zone, UTC when it is not known.
func (p Profile) Location() *time.Location {
	l, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return l
}

func oneOf(s string, all []string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}
