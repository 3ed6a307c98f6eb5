package contact

// reason is why a row got its verdict, one octet for each row. The octets are kept: new ones go to the end.
type reason byte

const (
	unknown reason = iota // no verdict yet
	fine                  // imported
	changed
	unsubscribed
	exists
	existsListed // was a contact already, and was added to the list
	unchanged    // overwriting would have changed nothing
	repeated
	tooFull // the organisation's limit of lists of one contact
	noNumber
	shortened
	tooShort
	tooLong
	wrongLength
	noCountry
	unknownCountry
	noDigits
	badEmail
	badText
	longText
	manyCells
	manyFields
	openQuote
	neither
)

var reasons = map[reason]struct {
	verdict Verdict
	words   string
}{
	fine:           {VerdictImported, ""},
	changed:        {VerdictUpdated, ""},
	unsubscribed:   {VerdictUnsubscribed, "This number opted out. It is kept as a contact and gets no messages."},
	exists:         {VerdictSkipped, "There is a contact with this number already."},
	existsListed:   {VerdictSkipped, "There is a contact with this number already. It was added to the list."},
	unchanged:      {VerdictSkipped, "There is a contact with this number already, and nothing about it differs."},
	repeated:       {VerdictSkipped, "The number stands further up in the file."},
	tooFull:        {VerdictSkipped, "There is a contact with this number already, and it is in as many lists as a contact can be in."},
	noNumber:       {VerdictInvalid, "The number is missing."},
	shortened:      {VerdictInvalid, "A spreadsheet has shortened this number, so that digits are lost. Format the column as text and save the file anew."},
	tooShort:       {VerdictInvalid, "The number is too short: digits are missing."},
	tooLong:        {VerdictInvalid, "The number is too long."},
	wrongLength:    {VerdictInvalid, "No number there has this many digits."},
	noCountry:      {VerdictInvalid, "The number has no country code."},
	unknownCountry: {VerdictInvalid, "No country has this country code."},
	noDigits:       {VerdictInvalid, "This is no phone number."},
	badEmail:       {VerdictInvalid, "The email address is not one."},
	badText:        {VerdictInvalid, "The row holds characters that are no text."},
	longText:       {VerdictInvalid, "A cell is too long. A name has at most 100 characters, a further field 500, notes 2,000, an email address 254."},
	manyCells:      {VerdictInvalid, "The row has more cells than the file has columns: perhaps quotation marks are missing around a value."},
	openQuote:      {VerdictInvalid, "A quotation mark is opened and not closed in this row. Close it, or take it away."},
	neither:        {VerdictInvalid, "Whether the number opted out is neither yes nor no."},
	manyFields:     {VerdictInvalid, "A contact can have 30 further fields, and the row has more. Leave out some columns."},
}
