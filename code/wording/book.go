package wording

// book is one language. Every sentence has one place, and a test compares the books: same keys, nothing empty, same
// placeholders. A placeholder is a word in braces; params.go says what fills it.
type book struct {
	name string

	// Texts. Accents that the phone alphabet lacks are dropped when sending, so words are chosen to have few.
	textCode  string // {code} {product} {purpose}
	textFrom  string // {place}
	textNever string // never tell anyone
	textLife  string // {life}; sent when there is room in the segment
	textStaff string // sent when there is room in the segment
	textEvent string // {product} {event}

	purpose map[Purpose]string // follows "code to"; StepUp stands in action
	action  map[Action]string

	codeSubject string // {product} {purpose}
	codeHeading string
	codeLead    string // {purpose} {product}
	codeLife    string // {life}
	codeNever   string

	linkLife   string // {life}
	buttonHelp string // stands before the naked address

	link         map[Link]letterWords
	notice       map[Notice]noticeWords
	advice       map[advice]string // {site}; what to do if it was not you
	adviceText   map[advice]string // the same in a text; {site}
	cancelText   map[Notice]string // {url}; NumberChanged has its own, "" holds for all others
	label        map[label]string
	footProfile  string // {product}; to those who have a profile
	footAll      string
	footOperator string // {product}; alone, to operators

	on        string // {browser} {system}
	months    [12]string
	date      string // {day} {month} {year} {time}
	shortDate string // in texts: {dd} {mm} or {day} {mon}, {time}
	thousands string
	minutes   [2]string // one, {n} many
	hours     [2]string
}

// letterWords is a mail with a link.
type letterWords struct {
	subject string   // also the heading
	body    []string // {product} {person} {organisation}
	button  string
	notYou  string // what to do if you did not ask; {site}; an invitation says it in its body
}

// noticeWords is a mail, and the sentence of a text, about an event.
type noticeWords struct {
	event  string // a sentence without its full stop: subject, heading and text
	body   []string
	linked string // one more sentence when a URL is given
	button string // when a URL is given
}

// advice is a kind of "if this was not you" that several letters share.
type advice string

const (
	adviceIgnore   advice = "ignore"   // nothing has happened and nothing will
	advicePassword advice = "password" // somebody may know the password
	adviceSecure   advice = "secure"   // somebody is in: password, sessions, factors
	adviceReset    advice = "reset"    // the person may be locked out
	adviceSupport  advice = "support"  // the person can no longer help himself
	adviceGuess    advice = "guess"    // nobody got in
	adviceOperator advice = "operator" // for those who run the service
)

var codeAdvice = map[Purpose]advice{Login: advicePassword, ProveNumber: adviceIgnore, ChangeNumber: adviceSecure,
	StepUp: adviceSecure, RecoverAccount: adviceIgnore, ProveEmail: adviceIgnore}

var noticeAdvice = map[Notice]advice{NewBrowser: adviceSecure, NumberAdded: adviceSecure, NumberChanged: adviceSecure,
	NumberRemoved: adviceSecure, FactorAdded: adviceSecure, FactorRemoved: adviceSecure, FactorOff: advicePassword,
	ManyWrongCodes: advicePassword, RecoveryCodeUsed: adviceSecure, RecoveryCodesMade: adviceSecure,
	PasswordChanged: adviceReset, PasswordReset: adviceReset, EmailChanged: adviceSupport, UsernameChanged: adviceSecure,
	TwoFactorOff: adviceSecure, ManyWrongPasswords: adviceGuess, StopReceived: adviceSecure,
	RecoveryAddressAdded: adviceSecure, RecoveryAddressRemoved: adviceSecure, SessionsEnded: adviceSecure,
	ProfileClosed: adviceSupport, PasskeyCloned: adviceSecure, SpendHalf: adviceOperator, SpendOut: adviceOperator}

// label names a fact in a mail.
type label string

const (
	labelNotYou       label = "not_you" // heading of the advice
	labelProfile      label = "profile"
	labelInviter      label = "inviter"
	labelOrganisation label = "organisation"
	labelWhen         label = "when"
	labelDevice       label = "device"
	labelAddress      label = "address"
	labelCountry      label = "country"
	labelConcerns     label = "concerns" // Detail of a step-up
	labelNumber       label = "number"
	labelNewNumber    label = "new_number"
	labelFactor       label = "factor"
	labelEmail        label = "email"
	labelNewEmail     label = "new_email"
	labelUsername     label = "username"
	labelSpent        label = "spent"
	labelFailures     label = "failures"
	labelTries        label = "tries"
	labelCodesLeft    label = "codes_left"
)

var detailLabel = map[Notice]label{NumberAdded: labelNumber, NumberChanged: labelNewNumber, NumberRemoved: labelNumber,
	FactorAdded: labelFactor, FactorRemoved: labelFactor, FactorOff: labelFactor, ManyWrongCodes: labelFactor,
	EmailChanged: labelNewEmail, UsernameChanged: labelUsername, StopReceived: labelNumber,
	RecoveryAddressAdded: labelEmail, RecoveryAddressRemoved: labelEmail, PasskeyCloned: labelFactor,
	SpendHalf: labelSpent, SpendOut: labelSpent}

// books holds the languages; Languages gives their order.
var books = map[Language]*book{English: &english, German: &german, French: &french, Spanish: &spanish,
	Portuguese: &portuguese, Italian: &italian}
