package wording

var englishTeam = book{
	textUntil: "Takes effect {until}.",
	textBy:    "by {by}",
	action: map[Action]string{
		EnterOrganisation: "open an organisation",
		ChangePolicy:      "change the log-in rules",
		BusinessDetails:   "change business details",
	},
	word: map[string]string{
		"owner": "owner", "member": "member", "password": "password", "email": "email code", "sms": "SMS code",
		"totp": "authenticator app", "passkey": "passkey", "recovery": "recovery code",
		"lost_phone":     "new start of two-factor for a lost phone",
		"two_factor_off": "two-factor off for the organisation",
		"other":          "other request",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "You joined an organisation",
			body:   []string{"The invitation to the organisation below was accepted with your profile. You are now a member of it."},
			button: "This was not me",
		},
		MemberJoined: {
			event:  "A member joined",
			body:   []string{"The person below accepted the invitation and is now a member of your organisation."},
			button: "See the members",
		},
		MemberRemoved: {
			event:  "A membership was ended",
			body:   []string{"The membership in the organisation below was ended. Open sessions, pending codes and trusted browsers no longer open it."},
			button: "See the members",
		},
		MemberDisabled: {
			event:  "A membership was switched off",
			body:   []string{"The membership in the organisation below was switched off. Until an owner switches it on again, it does not open the organisation."},
			button: "See the members",
		},
		MemberEnabled: {
			event:  "A membership was switched on again",
			body:   []string{"The membership in the organisation below was switched on again. It opens the organisation at the next log-in."},
			button: "See the members",
		},
		MethodChanged: {
			event:  "A log-in method was changed",
			body:   []string{"An owner chose how this member proves who they are in the organisation below. Sessions and trusted browsers from before no longer open it: the next log-in asks for the new method."},
			button: "See the members",
		},
		RoleChanged: {
			event:  "A role was changed",
			body:   []string{"The role of a member in the organisation below was changed. It holds from the next click on."},
			button: "See the members",
		},
		OwnershipTransferred: {
			event:  "The ownership was transferred",
			body:   []string{"The organisation below has a new owner. The former owner is now a member. Password and code were asked for before."},
			button: "See the members",
		},
		OrganisationDeleted: {
			event:  "An organisation was deleted",
			body:   []string{"The organisation below was deleted. All memberships and invitations ended with it."},
			button: "This was not me",
		},
		OrganisationSuspended: {
			event:  "An organisation was suspended",
			body:   []string{"The operator of this service has suspended the organisation below. Until it is restored, nobody can work in it; nothing is deleted."},
			button: "See the organisation",
		},
		OrganisationRestored: {
			event:  "An organisation was restored",
			body:   []string{"The operator of this service has lifted the suspension of the organisation below. Its members can work in it again."},
			button: "See the organisation",
		},
		TwoFactorRequired: {
			event:  "Two-factor is now required",
			body:   []string{"An owner of the organisation below has decided that every member logs in with a second factor. If you have none yet, you set it up at your next log-in; that takes about a minute. You need your mobile phone or an authenticator app."},
			button: "Set it up now",
		},
		TwoFactorNotRequired: {
			event:  "Two-factor is no longer required",
			body:   []string{"The organisation below no longer requires a second factor. Your own second factors stay as they are, and we advise you to keep using them."},
			button: "See the organisation",
		},
		NumberSuggested: {
			event:  "This number was entered for log-in codes",
			body:   []string{"An owner of the organisation below has entered a mobile number for your log-in codes. It is used only after you have proved at your next log-in that it is yours."},
			button: "See the number",
		},
		ContactsExported: {
			event:   "Contacts were exported",
			counted: "Contacts exported: {count}",
			body:    []string{"Contacts of the organisation below were exported to a file, or more than a thousand of them read page by page, after a fresh code. This mail is the receipt: it says who, when, how many, and by which code. With the hash you can tell later whether a file is this one."},
			button:  "See the exports",
		},
		MemberGuessed: {
			event:  "Many wrong passwords for a member",
			body:   []string{"A wrong password was entered many times for a member of your organisation. Nobody got in, and the member has been told. Further guesses are slowed down more and more."},
			button: "See the members",
		},
		DeviceTrusted: {
			event:  "A browser is now trusted",
			body:   []string{"After a complete log-in your profile trusts the browser below. Until the time given, logging in there needs no code where your organisations allow that."},
			button: "This was not me",
		},
		DevicesEnded: {
			event:  "Trusted browsers were ended",
			body:   []string{"Browsers that your profile had trusted are no longer trusted. The next log-in there asks for a code again."},
			button: "This was not me",
		},
		SupportAsked: {
			event:  "A request for help is waiting",
			body:   []string{"Somebody has asked the support of {product} for help with what is named below. The request waits in the console until an operator takes it."},
			button: "See the request",
		},
		SupportStarted: {
			event:  "The support was asked to lower a protection",
			body:   []string{"The support of {product} has received the request below, and an operator has checked it. It takes effect at the time given, or as soon as a second operator confirms it."},
			linked: "Every owner of the organisation can cancel it until then, with one click.",
			button: "Cancel the request",
		},
		SupportFactorsRemoved: {
			event:  "The support has removed second factors",
			body:   []string{"The second factors and trusted browsers of the person below no longer count. The next log-in asks for the password and a code by email."},
			button: "This was not me",
		},
		SupportTwoFactorOff: {
			event:  "The support has switched two-factor off",
			body:   []string{"The organisation below no longer asks its members for a second factor."},
			button: "This was not me",
		},
		SupportCancelled: {
			event:  "A request to the support was cancelled",
			body:   []string{"The request below was cancelled. Nothing was changed."},
			button: "See the request",
		},
		SupportLookedIn: {
			event:  "The support looked into your organisation",
			body:   []string{"An operator of this service opened the organisation below to look at it. Looking lasts at most 30 minutes; nothing can be changed, sent or exported meanwhile. It stands in your audit log."},
			button: "See the audit log",
		},
		SupportAnswered: {
			event:  "The support has answered",
			body:   []string{"The support of {product} has answered your request."},
			button: "See the request",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Log in on {site}, look at the members and the audit log of the organisation, and remove whoever does not belong there.",
		adviceOwner:  "Ask an owner of the organisation: its audit log says who did it and when. Do not pass your password or a code on to anyone, whoever asks.",
		adviceNumber: "You need do nothing. A number is used only after its holder has proved it; nobody can log in with it before.",
		adviceExport: "Ask the person named above at once. If it was somebody else, switch their membership off on the page of users on {site}: that ends their access, also to the file.",
		adviceMember: "Ask the person named above whether it was they. If not, see that they use a second factor, and a password that they use nowhere else.",
		adviceCancel: "Cancel the request at once; if you cannot, write to the support of {product}. Give no password and no code to anyone who calls about it.",
		adviceAsk:    "Write to the support of {product} and name the time given above. The support never asks for a password or a code.",
		adviceDesk:   "Nothing of what was typed there is proved. Make sure who asks before you start anything, and write down what you compared.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "Unexpected? Check the members on {site}.",
		adviceOwner:  "Unexpected? Ask an owner.",
		adviceNumber: "You prove it at your next log-in. Not yours? Do nothing.",
		adviceExport: "Unexpected? Switch the membership off on {site}.",
		adviceMember: "Ask whether it was they.",
		adviceCancel: "Not you? Write to our support at once.",
		adviceAsk:    "Questions? Write to our support.",
		adviceDesk:   "Nothing typed there is proved.",
	},
	label: map[label]string{
		labelUnexpected:   "If you did not expect this",
		labelMember:       "Member",
		labelBy:           "Done by",
		labelUntil:        "Takes effect",
		labelTrustedUntil: "Trusted until",
		labelMethod:       "Method",
		labelRole:         "Role",
		labelReason:       "Reason",
		labelContacts:     "Contacts",
		labelHash:         "SHA-256 of the file",
	},
}
