package wording

var english = book{
	name: "English",

	textCode:  "{code} is your {product} code to {purpose}.",
	textFrom:  "Request from {place}.",
	textNever: "Never tell anyone.",
	textLife:  "Good for {life}.",
	textStaff: "Our staff never ask for it.",
	textEvent: "{product}: {event}.",

	purpose: map[Purpose]string{
		Login:          "log in",
		ProveNumber:    "add this mobile number",
		ChangeNumber:   "change to this mobile number",
		RecoverAccount: "recover your profile",
		ProveEmail:     "confirm this email address",
	},
	action: map[Action]string{
		unknownAction:      "confirm a change",
		ChangeUsername:     "change your username",
		ChangeEmailAddress: "change your email address",
		ChangePassword:     "change your password",
		ChangeMobileNumber: "change your mobile number",
		AddFactor:          "add a second factor",
		RemoveFactor:       "remove a second factor",
		MakeRecoveryCodes:  "make new recovery codes",
		AddRecoveryAddress: "add a recovery address",
		EndSessions:        "end sessions",
		TurnOffTwoFactor:   "turn two-factor off",
		CloseProfile:       "close your profile",
		ContactsExport:     "export contacts",
		exportOne:          "export 1 contact",
		exportMany:         "export {count} contacts",
		DeleteOrganisation: "delete an organisation",
		TransferOwnership:  "transfer the ownership",
		APIKeys:            "manage API keys",
		ManageUsers:        "manage users",
	},

	codeSubject: "{product}: code to {purpose}",
	codeHeading: "Your code",
	codeLead:    "Enter this code to {purpose}.",
	codeLife:    "It is good for {life}.",
	codeNever:   "Never tell it to anyone. Our staff never ask for it, by phone or otherwise.",

	linkLife:   "The link is good for {life} and works once.",
	buttonHelp: "If the button does not work, copy this address into your browser:",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Confirm your email address",
			body: []string{
				"Somebody registered on {product} with this email address. If it was you, confirm the address and the registration is complete.",
			},
			button: "Confirm email address",
			notYou: "Do nothing, and the address stays unconfirmed and cannot be used. If you open the link, you can also say there that you did not register: the registration is then deleted at once.",
		},
		AlreadyRegistered: {
			subject: "You already have a profile",
			body: []string{
				"Somebody tried to register on {product} with this email address. There is already a profile with it, so nothing was created and nothing was changed.",
				"If it was you, log in. If you have forgotten your password, you can set a new one from the log-in page.",
			},
			button: "Log in",
			notYou: "You need do nothing. Whoever tried does not learn that this address is registered.",
		},
		ChangeEmail: {
			subject: "Confirm your new email address",
			body: []string{
				"Somebody wants to use this email address for a profile on {product}. If it was you, confirm the address. Until then the old one stays in use.",
			},
			button: "Confirm new address",
			notYou: "Do nothing. Without the confirmation this address is not used.",
		},
		ResetPassword: {
			subject: "Set a new password",
			body: []string{
				"Somebody asked to set a new password for your {product} profile. If it was you, open the link. If you use a second factor, you will be asked for it as well.",
			},
			button: "Set a new password",
			notYou: "Do nothing: your password stays as it is. Do not pass this mail or the link on to anyone.",
		},
		ConfirmRecoveryAddress: {
			subject: "Confirm your recovery address",
			body: []string{
				"Somebody wants to use this email address to recover a profile on {product}. If it was you, confirm the address. Security notices will then come here too.",
			},
			button: "Confirm recovery address",
			notYou: "Do nothing. Without the confirmation this address is not used.",
		},
		UnlockLogin: {
			subject: "Log in after many wrong passwords",
			body: []string{
				"There were very many wrong passwords for your {product} profile. To keep strangers from guessing on, browsers that we do not recognise must open this link first. Your password is unchanged.",
				"The link gives the browser in which you open it some further tries.",
			},
			button: "Go on to log in",
			notYou: "Do not open the link. Nobody got in. If you use the same password elsewhere or it is short, change it on {site} from a browser that you have used there before.",
		},
		WakeLogin: {
			subject: "Confirm your log-in",
			body: []string{
				"Your {product} profile has not been used for more than 12 months. The right password was just entered. If it was you, open the link to go on logging in.",
			},
			button: "Go on to log in",
			notYou: "Do not open the link. Somebody knows your password: set a new one on {site}.",
		},
		Invitation: {
			subject: "Invitation to an organisation on {product}",
			body: []string{
				"You have been invited to join an organisation on {product}. Check that you know the organisation and the person below, then accept.",
				"If you do not know them, do nothing. Nothing happens unless you accept.",
			},
			button: "See the invitation",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Log-in from a new browser",
			body:   []string{"Somebody logged in to your profile from a browser that had not been used with it before."},
			button: "This was not me",
		},
		NumberAdded: {
			event:  "A mobile number was added",
			body:   []string{"A mobile number was added to your profile. Log-in codes can now be sent to it."},
			button: "This was not me",
		},
		NumberChanged: {
			event:  "Your mobile number was changed",
			body:   []string{"Log-in codes now go to the new number and no longer to the old one."},
			linked: "You can cancel the change for 72 hours.",
			button: "Cancel the change",
		},
		NumberRemoved: {
			event:  "Your mobile number was removed",
			body:   []string{"The mobile number was removed from your profile. No more codes are sent to it."},
			button: "This was not me",
		},
		FactorAdded: {
			event:  "A second factor was added",
			body:   []string{"A new second factor was added to your profile. From now on it can be used to log in."},
			button: "This was not me",
		},
		FactorRemoved: {
			event:  "A second factor was removed",
			body:   []string{"A second factor was removed from your profile. It can no longer be used to log in."},
			button: "This was not me",
		},
		FactorOff: {
			event:  "A second factor was switched off",
			body:   []string{"There were too many wrong codes in a row, so this factor was switched off. To use it again, log in with another factor or a recovery code and set it up anew."},
			button: "This was not me",
		},
		ManyWrongCodes: {
			event:  "Many wrong codes",
			body:   []string{"Wrong codes were entered for your profile several times. Codes are asked for after the password, so somebody may know it."},
			button: "Change the password",
		},
		RecoveryCodeUsed: {
			event:  "A recovery code was used",
			body:   []string{"One of your recovery codes was used. It does not work a second time."},
			button: "This was not me",
		},
		RecoveryCodesMade: {
			event:  "New recovery codes were made",
			body:   []string{"New recovery codes were made for your profile. The earlier ones no longer work."},
			button: "This was not me",
		},
		PasswordChanged: {
			event:  "Your password was changed",
			body:   []string{"The password of your profile was changed. Other sessions were ended."},
			button: "This was not me",
		},
		PasswordReset: {
			event:  "Your password was reset",
			body:   []string{"A new password was set for your profile by a link sent by email. All sessions were ended."},
			button: "This was not me",
		},
		EmailChanged: {
			event:  "Your email address was changed",
			body:   []string{"Your profile now uses another email address. This mail goes to the old one, which no longer opens the profile."},
			button: "Cancel the change",
		},
		UsernameChanged: {
			event:  "Your username was changed",
			body:   []string{"Your profile has a new username. The old one no longer opens it."},
			button: "This was not me",
		},
		TwoFactorOff: {
			event:  "Two-factor was turned off",
			body:   []string{"Two-factor was turned off for your profile. The password is now its main protection."},
			button: "This was not me",
		},
		ManyWrongPasswords: {
			event:  "Several wrong passwords",
			body:   []string{"A wrong password was entered for your profile several times. Nobody got in. If it was you, there is nothing to do."},
			button: "Change the password",
		},
		StopReceived: {
			event:  "STOP was received from your number",
			body:   []string{"A text with the word STOP came from your mobile number. Your own log-in codes are still sent to it; nobody else can have codes sent there. If you no longer want codes there, remove the number from your profile."},
			button: "This was not me",
		},
		RecoveryAddressAdded: {
			event:  "A recovery address was added",
			body:   []string{"A recovery address was added to your profile. It receives security notices and can help to recover the profile."},
			button: "This was not me",
		},
		RecoveryAddressRemoved: {
			event:  "A recovery address was removed",
			body:   []string{"The recovery address was removed from your profile. It receives no more notices."},
			button: "This was not me",
		},
		SessionsEnded: {
			event:  "Sessions were ended",
			body:   []string{"Sessions of your profile were ended. Whoever used them must log in again."},
			button: "This was not me",
		},
		ProfileClosed: {
			event:  "Your profile was closed",
			body:   []string{"Your profile was closed and all its sessions were ended. Nobody can log in to it any more."},
			button: "This was not me",
		},
		PasskeyCloned: {
			event:  "A passkey may have been copied",
			body:   []string{"A passkey of your profile reported a lower count of uses than before. That can mean that a copy of it exists, so the log-in was refused."},
			button: "This was not me",
		},
		SpendHalf: {
			event:  "Half of today's budget for codes is spent",
			body:   []string{"Half of the daily budget for codes by text is spent. When all of it is spent, no more codes of this kind go out until tomorrow."},
			button: "See the guard",
		},
		SpendOut: {
			event:  "Today's budget for codes is spent",
			body:   []string{"The daily budget for codes by text is spent. No more codes of this kind go out until tomorrow or until the budget is raised."},
			button: "See the guard",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "You need do nothing: without the code nothing happens. Do not pass it on to anyone, whoever asks.",
		advicePassword: "Somebody may know your password. Log in on {site} and change it at once. Do not pass a code on to anyone.",
		adviceSecure:   "Log in on {site} at once, change your password, end all other sessions and check your second factors. If you can no longer log in, set a new password from the log-in page.",
		adviceReset:    "Set a new password from the log-in page of {site} at once. If that does not work, write to the support of {product}{support}.",
		adviceSupport:  "Write to the support of {product}{support} at once and say when it happened. Do not wait: the earlier it is known, the more can be undone.",
		adviceGuess:    "Somebody is guessing your password. Change it if it is short or if you use it elsewhere, and add a second factor.",
		adviceOperator: "If you did not expect this, look at which countries and number prefixes the codes go to before you raise the budget. Sudden growth is often fraud.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "Not you? Do nothing.",
		advicePassword: "Not you? Change your password on {site}.",
		adviceSecure:   "Not you? Change your password on {site} at once.",
		adviceReset:    "Not you? Set a new password on {site} at once.",
		adviceSupport:  "Not you? Write to our support at once.",
		adviceGuess:    "Not you? Change your password if it is short.",
		adviceOperator: "Check countries and prefixes first.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "Not you? Cancel within 72 hours: {url}",
		anyNotice:     "Not you? Cancel it: {url}",
	},

	label: map[label]string{
		labelNotYou:       "If this was not you",
		labelProfile:      "Profile",
		labelInviter:      "Invited by",
		labelOrganisation: "Organisation",
		labelWhen:         "When",
		labelDevice:       "Browser",
		labelAddress:      "IP address",
		labelCountry:      "Country",
		labelConcerns:     "Concerns",
		labelNumber:       "Mobile number",
		labelNewNumber:    "New mobile number",
		labelFactor:       "Factor",
		labelEmail:        "Email address",
		labelNewEmail:     "New email address",
		labelUsername:     "New username",
		labelSpent:        "Spent",
		labelFailures:     "Wrong tries in a row",
		labelTries:        "Tries",
		labelCodesLeft:    "Recovery codes left",
	},
	footProfile:  "{product} sends this mail for the security of your profile. It cannot be switched off.",
	footAll:      "We never ask for your password or for a code, by mail, text or phone.",
	footOperator: "{product} sends this mail to those who run it.",

	on: "{browser} on {system}",
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"},
	date:      "{day} {month} {year}, {time}",
	shortDate: "{day} {mon} {time}",
	thousands: ",",
	minutes:   [2]string{"1 minute", "{n} minutes"},
	hours:     [2]string{"1 hour", "{n} hours"},
}
