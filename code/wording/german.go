package wording

var german = book{
	name: "Deutsch",

	textCode:  "{code} ist Ihr {product}-Code {purpose}.",
	textFrom:  "Anfrage von {place}.",
	textNever: "Nie weitergeben.",
	textLife:  "{life} gültig.",
	textStaff: "Wir fragen nie danach.",
	textEvent: "{product}: {event}.",

	purpose: map[Purpose]string{
		Login:          "zum Anmelden",
		ProveNumber:    "zum Hinzufügen dieser Nummer",
		ChangeNumber:   "zum Wechsel auf diese Nummer",
		RecoverAccount: "zum Wiederherstellen des Profils",
		ProveEmail:     "zum Bestätigen dieser E-Mail-Adresse",
	},
	action: map[Action]string{
		unknownAction:      "zum Bestätigen einer Änderung",
		ChangeUsername:     "zum Ändern Ihres Benutzernamens",
		ChangeEmailAddress: "zum Ändern Ihrer E-Mail-Adresse",
		ChangePassword:     "zum Ändern Ihres Passworts",
		ChangeMobileNumber: "zum Ändern Ihrer Mobilnummer",
		AddFactor:          "zum Hinzufügen eines zweiten Faktors",
		RemoveFactor:       "zum Entfernen eines zweiten Faktors",
		MakeRecoveryCodes:  "zum Erzeugen neuer Wiederherstellungscodes",
		AddRecoveryAddress: "zum Hinzufügen einer Wiederherstellungsadresse",
		EndSessions:        "zum Beenden von Sitzungen",
		TurnOffTwoFactor:   "zum Ausschalten der Zwei-Faktor-Anmeldung",
		CloseProfile:       "zum Schließen Ihres Profils",
		ContactsExport:     "zum Exportieren von Kontakten",
		exportOne:          "zum Exportieren von 1 Kontakt",
		exportMany:         "zum Exportieren von {count} Kontakten",
		DeleteOrganisation: "zum Löschen einer Organisation",
		TransferOwnership:  "zum Übertragen der Inhaberschaft",
		APIKeys:            "zum Verwalten von API-Schlüsseln",
		ManageUsers:        "zum Verwalten von Benutzern",
	},

	codeSubject: "{product}: Code {purpose}",
	codeHeading: "Ihr Code",
	codeLead:    "Geben Sie diesen Code {purpose} ein.",
	codeLife:    "Gültigkeit: {life}.",
	codeNever:   "Geben Sie ihn an niemanden weiter. Unsere Mitarbeiter fragen nie danach, weder am Telefon noch auf anderem Weg.",

	linkLife:   "Der Link funktioniert einmal. Gültigkeit: {life}.",
	buttonHelp: "Wenn die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Bestätigen Sie Ihre E-Mail-Adresse",
			body: []string{
				"Jemand hat sich mit dieser E-Mail-Adresse bei {product} registriert. Wenn Sie das waren, bestätigen Sie die Adresse; damit ist die Registrierung abgeschlossen.",
			},
			button: "E-Mail-Adresse bestätigen",
			notYou: "Unternehmen Sie nichts, dann bleibt die Adresse unbestätigt und kann nicht verwendet werden. Wenn Sie den Link öffnen, können Sie dort auch angeben, dass Sie sich nicht registriert haben: Die Registrierung wird dann sofort gelöscht.",
		},
		AlreadyRegistered: {
			subject: "Sie haben bereits ein Profil",
			body: []string{
				"Jemand wollte sich mit dieser E-Mail-Adresse bei {product} registrieren. Zu ihr gibt es bereits ein Profil; es wurde daher nichts angelegt und nichts geändert.",
				"Wenn Sie das waren, melden Sie sich an. Falls Sie Ihr Passwort vergessen haben, können Sie auf der Anmeldeseite ein neues festlegen.",
			},
			button: "Anmelden",
			notYou: "Sie müssen nichts tun. Wer es versucht hat, erfährt nicht, dass diese Adresse registriert ist.",
		},
		ChangeEmail: {
			subject: "Bestätigen Sie Ihre neue E-Mail-Adresse",
			body: []string{
				"Jemand möchte diese E-Mail-Adresse für ein Profil bei {product} verwenden. Wenn Sie das waren, bestätigen Sie die Adresse. Bis dahin gilt weiter die alte.",
			},
			button: "Neue Adresse bestätigen",
			notYou: "Unternehmen Sie nichts. Ohne Bestätigung wird diese Adresse nicht verwendet.",
		},
		ResetPassword: {
			subject: "Legen Sie ein neues Passwort fest",
			body: []string{
				"Jemand hat für Ihr Profil bei {product} ein neues Passwort angefordert. Wenn Sie das waren, öffnen Sie den Link. Falls Sie einen zweiten Faktor verwenden, wird auch danach gefragt.",
			},
			button: "Neues Passwort festlegen",
			notYou: "Unternehmen Sie nichts: Ihr Passwort bleibt, wie es ist. Geben Sie diese E-Mail oder den Link nicht weiter.",
		},
		ConfirmRecoveryAddress: {
			subject: "Bestätigen Sie Ihre Wiederherstellungsadresse",
			body: []string{
				"Jemand möchte diese E-Mail-Adresse verwenden, um ein Profil bei {product} wiederherstellen zu können. Wenn Sie das waren, bestätigen Sie die Adresse. Sicherheitshinweise kommen dann auch hier an.",
			},
			button: "Wiederherstellungsadresse bestätigen",
			notYou: "Unternehmen Sie nichts. Ohne Bestätigung wird diese Adresse nicht verwendet.",
		},
		UnlockLogin: {
			subject: "Anmelden nach vielen falschen Passwörtern",
			body: []string{
				"Für Ihr Profil bei {product} wurden sehr viele falsche Passwörter eingegeben. Damit Fremde nicht weiterraten können, muss in Browsern, die wir nicht wiedererkennen, zuerst dieser Link geöffnet werden. Ihr Passwort ist unverändert.",
				"Der Browser, in dem Sie den Link öffnen, erhält einige weitere Versuche.",
			},
			button: "Weiter zur Anmeldung",
			notYou: "Öffnen Sie den Link nicht. Niemand ist hineingekommen. Wenn Sie dasselbe Passwort anderswo verwenden oder es kurz ist, ändern Sie es auf {site} in einem Browser, den Sie dort schon benutzt haben.",
		},
		WakeLogin: {
			subject: "Bestätigen Sie Ihre Anmeldung",
			body: []string{
				"Ihr Profil bei {product} wurde seit mehr als 12 Monaten nicht benutzt. Soeben wurde das richtige Passwort eingegeben. Wenn Sie das waren, öffnen Sie den Link, um mit der Anmeldung fortzufahren.",
			},
			button: "Weiter zur Anmeldung",
			notYou: "Öffnen Sie den Link nicht. Jemand kennt Ihr Passwort: Legen Sie auf {site} ein neues fest.",
		},
		Invitation: {
			subject: "Einladung in eine Organisation bei {product}",
			body: []string{
				"Sie wurden eingeladen, einer Organisation bei {product} beizutreten. Prüfen Sie, ob Sie die unten genannte Organisation und Person kennen, und nehmen Sie die Einladung dann an.",
				"Wenn Sie beide nicht kennen, unternehmen Sie nichts. Ohne Ihre Annahme geschieht nichts.",
			},
			button: "Einladung ansehen",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Anmeldung in einem neuen Browser",
			body:   []string{"Jemand hat sich in Ihrem Profil mit einem Browser angemeldet, der dafür bisher nicht benutzt wurde."},
			button: "Das war ich nicht",
		},
		NumberAdded: {
			event:  "Eine Mobilnummer wurde hinzugefügt",
			body:   []string{"Ihrem Profil wurde eine Mobilnummer hinzugefügt. Anmeldecodes können nun an sie gesendet werden."},
			button: "Das war ich nicht",
		},
		NumberChanged: {
			event:  "Ihre Mobilnummer wurde geändert",
			body:   []string{"Anmeldecodes gehen nun an die neue Nummer und nicht mehr an die alte."},
			linked: "Sie können die Änderung 72 Stunden lang rückgängig machen.",
			button: "Änderung rückgängig machen",
		},
		NumberRemoved: {
			event:  "Ihre Mobilnummer wurde entfernt",
			body:   []string{"Die Mobilnummer wurde aus Ihrem Profil entfernt. An sie werden keine Codes mehr gesendet."},
			button: "Das war ich nicht",
		},
		FactorAdded: {
			event:  "Ein zweiter Faktor wurde hinzugefügt",
			body:   []string{"Ihrem Profil wurde ein neuer zweiter Faktor hinzugefügt. Er kann ab jetzt zum Anmelden verwendet werden."},
			button: "Das war ich nicht",
		},
		FactorRemoved: {
			event:  "Ein zweiter Faktor wurde entfernt",
			body:   []string{"Aus Ihrem Profil wurde ein zweiter Faktor entfernt. Er kann nicht mehr zum Anmelden verwendet werden."},
			button: "Das war ich nicht",
		},
		FactorOff: {
			event:  "Ein zweiter Faktor wurde ausgeschaltet",
			body:   []string{"Es gab zu viele falsche Codes in Folge, daher wurde dieser Faktor ausgeschaltet. Um ihn wieder zu verwenden, melden Sie sich mit einem anderen Faktor oder einem Wiederherstellungscode an und richten Sie ihn neu ein."},
			button: "Das war ich nicht",
		},
		ManyWrongCodes: {
			event:  "Viele falsche Codes",
			body:   []string{"Für Ihr Profil wurden mehrmals falsche Codes eingegeben. Nach Codes wird erst nach dem Passwort gefragt, es könnte also jemandem bekannt sein."},
			button: "Passwort ändern",
		},
		RecoveryCodeUsed: {
			event:  "Ein Wiederherstellungscode wurde verwendet",
			body:   []string{"Einer Ihrer Wiederherstellungscodes wurde verwendet. Ein zweites Mal funktioniert er nicht."},
			button: "Das war ich nicht",
		},
		RecoveryCodesMade: {
			event:  "Neue Wiederherstellungscodes wurden erzeugt",
			body:   []string{"Für Ihr Profil wurden neue Wiederherstellungscodes erzeugt. Die früheren funktionieren nicht mehr."},
			button: "Das war ich nicht",
		},
		PasswordChanged: {
			event:  "Ihr Passwort wurde geändert",
			body:   []string{"Das Passwort Ihres Profils wurde geändert. Andere Sitzungen wurden beendet."},
			button: "Das war ich nicht",
		},
		PasswordReset: {
			event:  "Ihr Passwort wurde neu festgelegt",
			body:   []string{"Für Ihr Profil wurde über einen Link per E-Mail ein neues Passwort festgelegt. Alle Sitzungen wurden beendet."},
			button: "Das war ich nicht",
		},
		EmailChanged: {
			event:  "Ihre E-Mail-Adresse wurde geändert",
			body:   []string{"Ihr Profil verwendet nun eine andere E-Mail-Adresse. Diese E-Mail geht an die alte, mit der man sich nicht mehr anmelden kann."},
			button: "Änderung rückgängig machen",
		},
		UsernameChanged: {
			event:  "Ihr Benutzername wurde geändert",
			body:   []string{"Ihr Profil hat einen neuen Benutzernamen. Mit dem alten kann man sich nicht mehr anmelden."},
			button: "Das war ich nicht",
		},
		TwoFactorOff: {
			event:  "Die Zwei-Faktor-Anmeldung wurde ausgeschaltet",
			body:   []string{"Die Zwei-Faktor-Anmeldung wurde für Ihr Profil ausgeschaltet. Nun schützt es vor allem das Passwort."},
			button: "Das war ich nicht",
		},
		ManyWrongPasswords: {
			event:  "Mehrere falsche Passwörter",
			body:   []string{"Für Ihr Profil wurde mehrmals ein falsches Passwort eingegeben. Niemand ist hineingekommen. Wenn Sie das waren, müssen Sie nichts tun."},
			button: "Passwort ändern",
		},
		StopReceived: {
			event:  "Von Ihrer Nummer kam STOP",
			body:   []string{"Von Ihrer Mobilnummer kam eine SMS mit dem Wort STOP. Ihre eigenen Anmeldecodes werden weiter an sie gesendet; andere können keine Codes mehr dorthin senden lassen. Wenn Sie dort keine Codes mehr wünschen, entfernen Sie die Nummer aus Ihrem Profil."},
			button: "Das war ich nicht",
		},
		RecoveryAddressAdded: {
			event:  "Eine Wiederherstellungsadresse wurde hinzugefügt",
			body:   []string{"Ihrem Profil wurde eine Wiederherstellungsadresse hinzugefügt. Sie erhält Sicherheitshinweise und kann helfen, das Profil wiederherzustellen."},
			button: "Das war ich nicht",
		},
		RecoveryAddressRemoved: {
			event:  "Eine Wiederherstellungsadresse wurde entfernt",
			body:   []string{"Die Wiederherstellungsadresse wurde aus Ihrem Profil entfernt. Sie erhält keine Hinweise mehr."},
			button: "Das war ich nicht",
		},
		SessionsEnded: {
			event:  "Sitzungen wurden beendet",
			body:   []string{"Sitzungen Ihres Profils wurden beendet. Wer sie benutzt hat, muss sich neu anmelden."},
			button: "Das war ich nicht",
		},
		ProfileClosed: {
			event:  "Ihr Profil wurde geschlossen",
			body:   []string{"Ihr Profil wurde geschlossen und alle seine Sitzungen wurden beendet. Niemand kann sich mehr damit anmelden."},
			button: "Das war ich nicht",
		},
		PasskeyCloned: {
			event:  "Ein Passkey wurde vielleicht kopiert",
			body:   []string{"Ein Passkey Ihres Profils hat weniger Verwendungen gemeldet als zuvor. Das kann bedeuten, dass es eine Kopie davon gibt; die Anmeldung wurde daher abgelehnt."},
			button: "Das war ich nicht",
		},
		SpendHalf: {
			event:  "Die Hälfte des Tagesbudgets für Codes ist verbraucht",
			body:   []string{"Die Hälfte des Tagesbudgets für Codes per SMS ist verbraucht. Wenn es ganz verbraucht ist, werden bis morgen keine Codes dieser Art mehr gesendet."},
			button: "Sendeschutz ansehen",
		},
		SpendOut: {
			event:  "Das Tagesbudget für Codes ist verbraucht",
			body:   []string{"Das Tagesbudget für Codes per SMS ist verbraucht. Codes dieser Art werden erst morgen wieder gesendet oder wenn das Budget erhöht wird."},
			button: "Sendeschutz ansehen",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "Sie müssen nichts tun: Ohne den Code geschieht nichts. Geben Sie ihn nicht weiter, wer auch immer danach fragt.",
		advicePassword: "Jemand kennt vielleicht Ihr Passwort. Melden Sie sich auf {site} an und ändern Sie es sofort. Geben Sie keinen Code weiter.",
		adviceSecure:   "Melden Sie sich sofort auf {site} an, ändern Sie Ihr Passwort, beenden Sie alle anderen Sitzungen und prüfen Sie Ihre zweiten Faktoren. Wenn Sie sich nicht mehr anmelden können, legen Sie auf der Anmeldeseite ein neues Passwort fest.",
		adviceReset:    "Legen Sie sofort auf der Anmeldeseite von {site} ein neues Passwort fest. Wenn das nicht gelingt, schreiben Sie dem Support von {product}{support}.",
		adviceSupport:  "Schreiben Sie sofort dem Support von {product}{support} und geben Sie an, wann es geschehen ist. Warten Sie nicht: Je früher es bekannt ist, desto mehr lässt sich rückgängig machen.",
		adviceGuess:    "Jemand versucht, Ihr Passwort zu erraten. Ändern Sie es, wenn es kurz ist oder wenn Sie es anderswo verwenden, und fügen Sie einen zweiten Faktor hinzu.",
		adviceOperator: "Wenn Sie das nicht erwartet haben, prüfen Sie, in welche Länder und an welche Vorwahlen die Codes gehen, bevor Sie das Budget erhöhen. Plötzliches Wachstum ist oft Betrug.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "Nicht Sie? Nichts tun.",
		advicePassword: "Nicht Sie? Passwort auf {site} ändern.",
		adviceSecure:   "Nicht Sie? Passwort auf {site} sofort ändern.",
		adviceReset:    "Nicht Sie? Sofort auf {site} ein neues Passwort festlegen.",
		adviceSupport:  "Nicht Sie? Sofort unserem Support schreiben.",
		adviceGuess:    "Nicht Sie? Passwort ändern, falls es kurz ist.",
		adviceOperator: "Zuerst Länder und Vorwahlen prüfen.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "Nicht Sie? Binnen 72 Stunden rückgängig machen: {url}",
		anyNotice:     "Nicht Sie? Rückgängig machen: {url}",
	},

	label: map[label]string{
		labelNotYou:       "Wenn Sie das nicht waren",
		labelProfile:      "Profil",
		labelInviter:      "Eingeladen von",
		labelOrganisation: "Organisation",
		labelWhen:         "Zeitpunkt",
		labelDevice:       "Browser",
		labelAddress:      "IP-Adresse",
		labelCountry:      "Land",
		labelConcerns:     "Betrifft",
		labelNumber:       "Mobilnummer",
		labelNewNumber:    "Neue Mobilnummer",
		labelFactor:       "Faktor",
		labelEmail:        "E-Mail-Adresse",
		labelNewEmail:     "Neue E-Mail-Adresse",
		labelUsername:     "Neuer Benutzername",
		labelSpent:        "Verbraucht",
		labelFailures:     "Falsche Versuche in Folge",
		labelTries:        "Versuche",
		labelCodesLeft:    "Übrige Wiederherstellungscodes",
	},
	footProfile:  "{product} sendet diese E-Mail zur Sicherheit Ihres Profils. Sie lässt sich nicht abbestellen.",
	footAll:      "Wir fragen nie nach Ihrem Passwort oder einem Code, weder per E-Mail noch per SMS oder Telefon.",
	footOperator: "{product} sendet diese E-Mail an die Betreiber.",

	on: "{browser} unter {system}",
	months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
		"November", "Dezember"},
	date:      "{day}. {month} {year}, {time} Uhr",
	shortDate: "{dd}.{mm}. {time}",
	thousands: ".",
	minutes:   [2]string{"1 Minute", "{n} Minuten"},
	hours:     [2]string{"1 Stunde", "{n} Stunden"},
}
