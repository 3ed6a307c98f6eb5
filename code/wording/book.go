package wording

import "maps"

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
	textUntil string // {until}
	textBy    string // {by}

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
	advice       map[advice]string // {site} {support}; what to do if it was not you
	adviceText   map[advice]string // the same in a text; {site}
	cancelText   map[Notice]string // {url}; NumberChanged has its own, "" holds for all others
	label        map[label]string
	word         map[string]string // Words
	footProfile  string            // {product}; to those who have a profile
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
	event   string // a sentence without its full stop: subject, heading and text
	counted string // the same when Count is known; {count}
	body    []string
	linked  string // one more sentence when a URL is given
	button  string // when a URL is given
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
	adviceTeam     advice = "team"     // an owner should look at the members
	adviceOwner    advice = "owner"    // a member should ask an owner
	adviceNumber   advice = "number"   // the number may be somebody else's
	adviceExport   advice = "export"   // a member may be somebody else
	adviceMember   advice = "member"   // somebody guesses a member's password
	adviceCancel   advice = "cancel"   // support acts for somebody else
	adviceAsk      advice = "ask"      // the support knows more
	adviceDesk     advice = "desk"     // for operators who help others
	adviceConsole  advice = "console"  // for operators who look after each other
)

// byOthers is advice about what somebody else did rightly or wrongly: "if you did not expect this".
var byOthers = map[advice]bool{adviceTeam: true, adviceOwner: true, adviceNumber: true, adviceExport: true,
	adviceMember: true, adviceAsk: true}

// forOperators is advice to those who run the service.
var forOperators = map[advice]bool{adviceOperator: true, adviceDesk: true, adviceConsole: true}

var codeAdvice = map[Purpose]advice{Login: advicePassword, ProveNumber: adviceIgnore, ChangeNumber: adviceSecure,
	StepUp: adviceSecure, RecoverAccount: adviceIgnore, ProveEmail: adviceIgnore}

var noticeAdvice = map[Notice]advice{NewBrowser: adviceSecure, NumberAdded: adviceSecure, NumberChanged: adviceSecure,
	NumberRemoved: adviceSecure, FactorAdded: adviceSecure, FactorRemoved: adviceSecure, FactorOff: advicePassword,
	ManyWrongCodes: advicePassword, RecoveryCodeUsed: adviceSecure, RecoveryCodesMade: adviceSecure,
	PasswordChanged: adviceReset, PasswordReset: adviceReset, EmailChanged: adviceSupport, UsernameChanged: adviceSecure,
	TwoFactorOff: adviceSecure, ManyWrongPasswords: adviceGuess, StopReceived: adviceSecure,
	RecoveryAddressAdded: adviceSecure, RecoveryAddressRemoved: adviceSecure, SessionsEnded: adviceSecure,
	ProfileClosed: adviceSupport, PasskeyCloned: adviceSecure, SpendHalf: adviceOperator, SpendOut: adviceOperator,
	InvitationAccepted: adviceSecure, MemberJoined: adviceTeam, MemberRemoved: adviceOwner, MemberDisabled: adviceOwner,
	MemberEnabled: adviceOwner, MethodChanged: adviceOwner, RoleChanged: adviceOwner, OwnershipTransferred: adviceSupport,
	OrganisationDeleted: adviceSupport, OrganisationSuspended: adviceAsk, OrganisationRestored: adviceAsk,
	TwoFactorRequired: adviceOwner, TwoFactorNotRequired: adviceOwner, NumberSuggested: adviceNumber,
	ContactsExported: adviceExport, MemberGuessed: adviceMember, DeviceTrusted: adviceSecure, DevicesEnded: adviceSecure,
	SupportAsked: adviceDesk, SupportStarted: adviceCancel, SupportFactorsRemoved: adviceSupport, SupportTwoFactorOff: adviceSupport,
	SupportCancelled: adviceSupport, SupportLookedIn: adviceAsk, SupportAnswered: adviceSecure,
	OperatorProofs: adviceConsole, OperatorRecovery: adviceConsole}

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
	labelUnexpected   label = "unexpected" // heading of the advice about what others did
	labelMember       label = "member"
	labelNewOwner     label = "new_owner"
	labelBy           label = "by"
	labelUntil        label = "until"
	labelTrustedUntil label = "trusted_until"
	labelMethod       label = "method"
	labelRole         label = "role"
	labelReason       label = "reason"
	labelContacts     label = "contacts"
	labelHash         label = "hash"
)

var detailLabel = map[Notice]label{NumberAdded: labelNumber, NumberChanged: labelNewNumber, NumberRemoved: labelNumber,
	FactorAdded: labelFactor, FactorRemoved: labelFactor, FactorOff: labelFactor, ManyWrongCodes: labelFactor,
	EmailChanged: labelNewEmail, UsernameChanged: labelUsername, StopReceived: labelNumber,
	RecoveryAddressAdded: labelEmail, RecoveryAddressRemoved: labelEmail, PasskeyCloned: labelFactor,
	SpendHalf: labelSpent, SpendOut: labelSpent, MethodChanged: labelMethod, RoleChanged: labelRole,
	OrganisationSuspended: labelReason, OrganisationRestored: labelReason, SupportLookedIn: labelReason,
	NumberSuggested: labelNumber, ContactsExported: labelFactor, OperatorProofs: labelFactor}

// Words lists the Details that are written in the reader's language.
func Words() []string {
	return []string{"owner", "member", "password", "email", "sms", "totp", "passkey", "recovery", "lost_phone",
		"two_factor_off", "other"}
}

// books holds the languages; Languages gives their order. A language stands in two files: what concerns a person alone,
// and what organisations and support do.
var books = map[Language]*book{English: english.with(&englishTeam), German: german.with(&germanTeam),
	French: french.with(&frenchTeam), Spanish: spanish.with(&spanishTeam),
	Portuguese: portuguese.with(&portugueseTeam), Italian: italian.with(&italianTeam)}

// with adds the sentences of the second file.
func (b *book) with(team *book) *book {
	b.word, b.textUntil, b.textBy = team.word, team.textUntil, team.textBy
	maps.Copy(b.action, team.action)
	maps.Copy(b.link, team.link)
	maps.Copy(b.notice, team.notice)
	maps.Copy(b.advice, team.advice)
	maps.Copy(b.adviceText, team.adviceText)
	maps.Copy(b.label, team.label)
	return b
}
