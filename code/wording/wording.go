// Package wording holds every sentence that Watchword sends by text and mail, in six languages. Pure functions: no
// database, no clock, no network. What strangers typed (names, browsers) is cleaned here, at the last place before it
// leaves, so that no caller can forget it.
package wording

import "time"

// Purpose is what a code proves. A text always names it (security.md C64).
type Purpose string

const (
	Login          Purpose = "login"
	ProveNumber    Purpose = "prove_number"  // bind a mobile number
	ChangeNumber   Purpose = "change_number" // bind another in its place
	StepUp         Purpose = "step_up"       // Params.Action says for what
	RecoverAccount Purpose = "recover_account"
	ProveEmail     Purpose = "prove_email"
)

// Purposes lists all purposes.
func Purposes() []Purpose {
	return []Purpose{Login, ProveNumber, ChangeNumber, StepUp, RecoverAccount, ProveEmail}
}

// Action is what a step-up code allows. An unknown action is worded as "confirm a change".
type Action string

const (
	ChangeUsername     Action = "change_username"
	ChangeEmailAddress Action = "change_email"
	ChangePassword     Action = "change_password"
	ChangeMobileNumber Action = "change_number"
	AddFactor          Action = "add_factor"
	RemoveFactor       Action = "remove_factor"
	MakeRecoveryCodes  Action = "make_recovery_codes"
	AddRecoveryAddress Action = "add_recovery_address"
	EndSessions        Action = "end_sessions"
	TurnOffTwoFactor   Action = "turn_off_two_factor"
	CloseProfile       Action = "close_profile"
	ContactsExport     Action = "contacts_export" // with Params.Count the text says how many
	DeleteOrganisation Action = "delete_organisation"
	TransferOwnership  Action = "transfer_ownership"
	APIKeys            Action = "api_keys"
	ManageUsers        Action = "manage_users"
	EnterOrganisation  Action = "enter_organisation" // prove what an organisation asks at its door
	ChangePolicy       Action = "change_policy"      // what an organisation asks of its people
	BusinessDetails    Action = "business_details"
	unknownAction      Action = ""
	exportOne          Action = "contacts_export/one"
	exportMany         Action = "contacts_export/many"
)

// Actions lists all actions a caller may name.
func Actions() []Action {
	return []Action{ChangeUsername, ChangeEmailAddress, ChangePassword, ChangeMobileNumber, AddFactor, RemoveFactor,
		MakeRecoveryCodes, AddRecoveryAddress, EndSessions, TurnOffTwoFactor, CloseProfile, ContactsExport,
		DeleteOrganisation, TransferOwnership, APIKeys, ManageUsers, EnterOrganisation, ChangePolicy, BusinessDetails}
}

// Link is a mail whose point is one link.
type Link string

const (
	VerifyEmail            Link = "verify_email"       // registration; carries no typed name, a stranger may have typed the address
	AlreadyRegistered      Link = "already_registered" // URL: the log-in page
	ChangeEmail            Link = "change_email"       // to the new address; Person is not shown
	ResetPassword          Link = "reset_password"
	ConfirmRecoveryAddress Link = "confirm_recovery_address"
	UnlockLogin            Link = "unlock_login" // Tries: how many the browser that opens it gets
	WakeLogin              Link = "wake_login"   // unused for 12 months
	Invitation             Link = "invitation"   // Person: who invites; Organisation: to what
	ConfirmOperatorAddress Link = "confirm_operator_address"
)

// Links lists all links.
func Links() []Link {
	return []Link{VerifyEmail, AlreadyRegistered, ChangeEmail, ResetPassword, ConfirmRecoveryAddress, UnlockLogin,
		WakeLogin, Invitation, ConfirmOperatorAddress}
}

// Notice is a security event that its person is told of (security.md C35), or an operator.
type Notice string

// The comment says what Params.Detail holds, where it holds something.
const (
	NewBrowser             Notice = "new_browser"
	NumberAdded            Notice = "number_added"   // the masked number
	NumberChanged          Notice = "number_changed" // the new number, masked; URL cancels for 72 hours
	NumberRemoved          Notice = "number_removed" // the masked number
	FactorAdded            Notice = "factor_added"   // its kind, one of Words
	FactorRemoved          Notice = "factor_removed" // the same
	FactorOff              Notice = "factor_off"     // the same; Failures: wrong codes in a row
	ManyWrongCodes         Notice = "many_wrong_codes"
	RecoveryCodeUsed       Notice = "recovery_code_used"  // Tries: how many codes are left
	RecoveryCodesMade      Notice = "recovery_codes_made" // the old ones no longer work
	PasswordChanged        Notice = "password_changed"
	PasswordReset          Notice = "password_reset"
	EmailChanged           Notice = "email_changed"    // the new address, masked; goes to the old one
	UsernameChanged        Notice = "username_changed" // the new username
	TwoFactorOff           Notice = "two_factor_off"
	ManyWrongPasswords     Notice = "many_wrong_passwords"   // URL: to change the password
	StopReceived           Notice = "stop_received"          // the masked number
	RecoveryAddressAdded   Notice = "recovery_address_added" // the masked address
	RecoveryAddressRemoved Notice = "recovery_address_removed"
	SessionsEnded          Notice = "sessions_ended"
	ProfileClosed          Notice = "profile_closed"
	PasskeyCloned          Notice = "passkey_cloned" // name of the passkey; its signature counter went back
	SpendHalf              Notice = "spend_half"     // for operators: spent and limit, e.g. "100.00 of 200.00"
	SpendOut               Notice = "spend_out"      // for operators: the same

	// Of organisations. Params.Organisation names it, Member the person it is about and By who did it; the words fit
	// both the person and the owners. A Detail that is one of Words is written in the reader's language.
	InvitationAccepted    Notice = "invitation_accepted" // to the person who accepted
	MemberJoined          Notice = "member_joined"       // to the owners
	MemberRemoved         Notice = "member_removed"
	MemberDisabled        Notice = "member_disabled"
	MemberEnabled         Notice = "member_enabled"
	MethodChanged         Notice = "method_changed"         // the method: "sms"
	RoleChanged           Notice = "role_changed"           // the role: "owner"
	OwnershipTransferred  Notice = "ownership_transferred"  // to both; Member: the new owner, By: the former
	OrganisationDeleted   Notice = "organisation_deleted"   //
	OrganisationSuspended Notice = "organisation_suspended" // the reason
	OrganisationRestored  Notice = "organisation_restored"  // the reason
	TwoFactorRequired     Notice = "two_factor_required"    // to the members; Until: from when everybody is bound
	TwoFactorNotRequired  Notice = "two_factor_not_required"
	NumberSuggested       Notice = "number_suggested"  // the masked number; its text has no link and no code
	ContactsExported      Notice = "contacts_exported" // the method ("sms"); Count: rows; Hash: SHA-256 of the file
	MemberGuessed         Notice = "member_guessed"    // to the owners (LF13); Failures: wrong passwords
	DeviceTrusted         Notice = "device_trusted"    // Until: for how long at most
	DevicesEnded          Notice = "devices_ended"

	// Of support. URL cancels.
	SupportAsked          Notice = "support_asked"           // to operators: what was asked
	SupportStarted        Notice = "support_started"         // what was asked: "lost_phone"; Until: when it takes effect
	SupportFactorsRemoved Notice = "support_factors_removed" // what was asked: "lost_phone"
	SupportTwoFactorOff   Notice = "support_two_factor_off"  // the same
	SupportCancelled      Notice = "support_cancelled"
	SupportLookedIn       Notice = "support_looked_in" // the reason; By: the operator
	SupportAnswered       Notice = "support_answered"  // Answer: what the operator wrote

	// To operators, about one of them: By is the operator.
	OperatorProofs   Notice = "operator_proofs"   // what was changed: "passkey", "totp", "recovery"
	OperatorRecovery Notice = "operator_recovery" // proved by a recovery code
)

// Notices lists all notices.
func Notices() []Notice {
	return []Notice{NewBrowser, NumberAdded, NumberChanged, NumberRemoved, FactorAdded, FactorRemoved, FactorOff,
		ManyWrongCodes, RecoveryCodeUsed, RecoveryCodesMade, PasswordChanged, PasswordReset, EmailChanged,
		UsernameChanged, TwoFactorOff, ManyWrongPasswords, StopReceived, RecoveryAddressAdded, RecoveryAddressRemoved,
		SessionsEnded, ProfileClosed, PasskeyCloned, SpendHalf, SpendOut,
		InvitationAccepted, MemberJoined, MemberRemoved, MemberDisabled, MemberEnabled, MethodChanged, RoleChanged,
		OwnershipTransferred, OrganisationDeleted, OrganisationSuspended, OrganisationRestored, TwoFactorRequired,
		TwoFactorNotRequired, NumberSuggested, ContactsExported, MemberGuessed, DeviceTrusted, DevicesEnded,
		SupportAsked, SupportStarted, SupportFactorsRemoved, SupportTwoFactorOff, SupportCancelled, SupportLookedIn, SupportAnswered,
		OperatorProofs, OperatorRecovery}
}

// Params is what the sentences are about. Everything but Host and Code (for codes) and URL (for links) may be missing:
// what is not known is left out, never guessed.
type Params struct {
	Product      string         // "Watchword" when empty
	Host         string         // of the log-in origin, for "@host #code"; a port is dropped, an IDN written as punycode
	Site         string         // the configured base URL: letters without a code lead there; texts and codes name the Host alone
	Code         string         // letters and digits, 4 to 10
	Minutes      int            // life of the code or link; whole hours are written as hours
	Person       string         // username or address of the profile it is about
	Device       string         // "Firefox on Windows": browser and system where the request came from
	Address      string         // IP address of the request
	Country      string         // only where the operator supplies a database (decision 21)
	Action       Action         // for StepUp
	Count        int            // for ContactsExport and ContactsExported: how many contacts
	Detail       string         // what exactly: see the notices; for StepUp an organisation, a factor, a masked number
	Organisation string         // for Invitation and the notices of organisations
	Member       string         // name of the person that a notice to others is about
	By           string         // name of who did it
	Until        time.Time      // when something takes effect or ends
	Hash         string         // of a file, hexadecimal
	Answer       string         // free text of several paragraphs, at most 4,000 characters
	URL          string         // http or https; anything else is left out
	When         time.Time      // of the event; zero: not shown
	Zone         *time.Location // the person's; nil: UTC
	Tries        int            // tries granted or left, recovery codes left
	Failures     int            // wrong codes or passwords in a row
}
