package wording

var germanTeam = book{
	textUntil: "Wirksam ab {until}.",
	textBy:    "durch {by}",
	action: map[Action]string{
		EnterOrganisation: "zum Öffnen einer Organisation",
		ChangePolicy:      "zum Ändern der Anmelderegeln",
		BusinessDetails:   "zum Ändern der Firmenangaben",
	},
	word: map[string]string{
		"owner": "Inhaber", "member": "Mitglied", "password": "Passwort", "email": "Code per E-Mail", "sms": "Code per SMS",
		"totp": "Authenticator-App", "passkey": "Passkey", "recovery": "Wiederherstellungscode",
		"lost_phone":     "Neubeginn der Zwei-Faktor-Anmeldung nach Verlust des Telefons",
		"two_factor_off": "Zwei-Faktor-Anmeldung der Organisation ausschalten",
		"other":          "andere Anfrage",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "Sie sind einer Organisation beigetreten",
			body:   []string{"Mit Ihrem Profil wurde die Einladung in die unten genannte Organisation angenommen. Sie sind nun Mitglied."},
			button: "Das war ich nicht",
		},
		MemberJoined: {
			event:  "Ein Mitglied ist beigetreten",
			body:   []string{"Die unten genannte Person hat die Einladung angenommen und ist nun Mitglied Ihrer Organisation."},
			button: "Mitglieder ansehen",
		},
		MemberRemoved: {
			event:  "Eine Mitgliedschaft wurde beendet",
			body:   []string{"Die Mitgliedschaft in der unten genannten Organisation wurde beendet. Offene Sitzungen, angeforderte Codes und vertraute Browser öffnen sie nicht mehr."},
			button: "Mitglieder ansehen",
		},
		MemberDisabled: {
			event:  "Eine Mitgliedschaft wurde ausgeschaltet",
			body:   []string{"Die Mitgliedschaft in der unten genannten Organisation wurde ausgeschaltet. Bis ein Inhaber sie wieder einschaltet, öffnet sie die Organisation nicht."},
			button: "Mitglieder ansehen",
		},
		MemberEnabled: {
			event:  "Eine Mitgliedschaft wurde wieder eingeschaltet",
			body:   []string{"Die Mitgliedschaft in der unten genannten Organisation wurde wieder eingeschaltet. Ab der nächsten Anmeldung öffnet sie die Organisation."},
			button: "Mitglieder ansehen",
		},
		MethodChanged: {
			event:  "Eine Anmeldeart wurde geändert",
			body:   []string{"Ein Inhaber hat festgelegt, wie sich dieses Mitglied in der unten genannten Organisation ausweist. Frühere Sitzungen und vertraute Browser öffnen sie nicht mehr: Die nächste Anmeldung fragt nach der neuen Art."},
			button: "Mitglieder ansehen",
		},
		RoleChanged: {
			event:  "Eine Rolle wurde geändert",
			body:   []string{"Die Rolle eines Mitglieds in der unten genannten Organisation wurde geändert. Sie gilt ab dem nächsten Klick."},
			button: "Mitglieder ansehen",
		},
		OwnershipTransferred: {
			event:  "Die Inhaberschaft wurde übertragen",
			body:   []string{"Die unten genannte Organisation hat einen neuen Inhaber. Der bisherige Inhaber ist nun Mitglied. Zuvor wurde nach Passwort und Code gefragt."},
			button: "Mitglieder ansehen",
		},
		OrganisationDeleted: {
			event:  "Eine Organisation wurde gelöscht",
			body:   []string{"Die unten genannte Organisation wurde gelöscht. Alle Mitgliedschaften und Einladungen endeten mit ihr."},
			button: "Das war ich nicht",
		},
		OrganisationSuspended: {
			event:  "Eine Organisation wurde gesperrt",
			body:   []string{"Der Betreiber dieses Dienstes hat die unten genannte Organisation gesperrt. Bis zur Freigabe kann niemand darin arbeiten; gelöscht wird nichts."},
			button: "Organisation ansehen",
		},
		OrganisationRestored: {
			event:  "Eine Organisation wurde wieder freigegeben",
			body:   []string{"Der Betreiber dieses Dienstes hat die Sperre der unten genannten Organisation aufgehoben. Ihre Mitglieder können wieder darin arbeiten."},
			button: "Organisation ansehen",
		},
		TwoFactorRequired: {
			event:  "Zwei-Faktor-Anmeldung ist nun Pflicht",
			body:   []string{"Ein Inhaber der unten genannten Organisation hat bestimmt, dass sich alle Mitglieder mit einem zweiten Faktor anmelden. Wenn Sie noch keinen haben, richten Sie ihn bei der nächsten Anmeldung ein; das dauert etwa eine Minute. Sie brauchen dazu Ihr Mobiltelefon oder eine Authenticator-App."},
			button: "Jetzt einrichten",
		},
		TwoFactorNotRequired: {
			event:  "Zwei-Faktor-Anmeldung ist nicht mehr Pflicht",
			body:   []string{"Die unten genannte Organisation verlangt keinen zweiten Faktor mehr. Ihre eigenen zweiten Faktoren bleiben, wie sie sind; wir raten Ihnen, sie weiter zu verwenden."},
			button: "Organisation ansehen",
		},
		NumberSuggested: {
			event:  "Diese Nummer wurde für Anmeldecodes eingetragen",
			body:   []string{"Ein Inhaber der unten genannten Organisation hat eine Mobilnummer für Ihre Anmeldecodes eingetragen. Sie wird erst verwendet, wenn Sie bei der nächsten Anmeldung gezeigt haben, dass sie Ihnen gehört."},
			button: "Nummer ansehen",
		},
		ContactsExported: {
			event:   "Kontakte wurden exportiert",
			counted: "Exportierte Kontakte: {count}",
			body:    []string{"Kontakte der unten genannten Organisation wurden nach einem frischen Code in eine Datei exportiert oder in großer Zahl Seite für Seite gelesen. Diese E-Mail ist der Beleg: wer, wann, wie viele und mit welchem Code. Am Hash erkennen Sie später, ob eine Datei diese ist."},
			button:  "Exporte ansehen",
		},
		MemberGuessed: {
			event:  "Viele falsche Passwörter für ein Mitglied",
			body:   []string{"Für ein Mitglied Ihrer Organisation wurde oft ein falsches Passwort eingegeben. Niemand ist hineingekommen, und das Mitglied weiß davon. Weitere Versuche werden immer stärker gebremst."},
			button: "Mitglieder ansehen",
		},
		DeviceTrusted: {
			event:  "Einem Browser wird nun vertraut",
			body:   []string{"Nach einer vollständigen Anmeldung vertraut Ihr Profil dem unten genannten Browser. Bis zum angegebenen Zeitpunkt braucht die Anmeldung dort keinen Code, soweit Ihre Organisationen das erlauben."},
			button: "Das war ich nicht",
		},
		DevicesEnded: {
			event:  "Vertraute Browser wurden beendet",
			body:   []string{"Browsern, denen Ihr Profil vertraut hatte, wird nicht mehr vertraut. Die nächste Anmeldung dort fragt wieder nach einem Code."},
			button: "Das war ich nicht",
		},
		SupportAsked: {
			event:  "Eine Anfrage an den Support wartet",
			body:   []string{"Beim Support von {product} hat jemand zu dem unten genannten Anliegen um Hilfe gebeten. Die Anfrage wartet in der Konsole, bis ein Mitarbeiter sie übernimmt."},
			button: "Anfrage ansehen",
		},
		SupportStarted: {
			event:  "Der Support soll einen Schutz senken",
			body:   []string{"Beim Support von {product} ging die unten genannte Anfrage ein, und ein Mitarbeiter hat sie geprüft. Sie wird zum angegebenen Zeitpunkt wirksam oder sobald ein zweiter Mitarbeiter sie bestätigt."},
			linked: "Bis dahin kann jeder Inhaber der Organisation sie mit einem Klick abbrechen.",
			button: "Anfrage abbrechen",
		},
		SupportFactorsRemoved: {
			event:  "Der Support hat zweite Faktoren entfernt",
			body:   []string{"Die zweiten Faktoren und vertrauten Browser der unten genannten Person zählen nicht mehr. Die nächste Anmeldung fragt nach dem Passwort und einem Code per E-Mail."},
			button: "Das war ich nicht",
		},
		SupportTwoFactorOff: {
			event:  "Der Support hat die Zwei-Faktor-Anmeldung ausgeschaltet",
			body:   []string{"Die unten genannte Organisation verlangt von ihren Mitgliedern keinen zweiten Faktor mehr."},
			button: "Das war ich nicht",
		},
		SupportCancelled: {
			event:  "Eine Anfrage an den Support wurde abgebrochen",
			body:   []string{"Die unten genannte Anfrage wurde abgebrochen. Geändert wurde nichts."},
			button: "Anfrage ansehen",
		},
		SupportLookedIn: {
			event:  "Der Support hat Ihre Organisation angesehen",
			body:   []string{"Ein Mitarbeiter des Betreibers hat die unten genannte Organisation geöffnet, um sie anzusehen. Das dauert höchstens 30 Minuten; dabei kann nichts geändert, gesendet oder exportiert werden. Es steht in Ihrem Protokoll."},
			button: "Protokoll ansehen",
		},
		SupportAnswered: {
			event:  "Der Support hat geantwortet",
			body:   []string{"Der Support von {product} hat auf Ihre Anfrage geantwortet."},
			button: "Anfrage ansehen",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Melden Sie sich auf {site} an, sehen Sie sich die Mitglieder und das Protokoll der Organisation an und entfernen Sie, wer nicht dazugehört.",
		adviceOwner:  "Fragen Sie einen Inhaber der Organisation: In ihrem Protokoll steht, wer es wann getan hat. Geben Sie weder Ihr Passwort noch einen Code weiter, wer auch immer danach fragt.",
		adviceNumber: "Sie müssen nichts tun. Eine Nummer wird erst verwendet, wenn ihr Besitzer sie bestätigt hat; vorher kann sich niemand damit anmelden.",
		adviceExport: "Fragen Sie sofort bei der unter „Ausgeführt von“ genannten Person nach. War es jemand anderes, schalten Sie ihre Mitgliedschaft auf der Seite der Benutzer von {site} aus: Damit endet ihr Zugang, auch zur Datei.",
		adviceMember: "Fragen Sie die oben genannte Person, ob sie es war. Wenn nicht, sorgen Sie dafür, dass sie einen zweiten Faktor verwendet und ein Passwort, das sie nirgends sonst benutzt.",
		adviceCancel: "Brechen Sie die Anfrage sofort ab; wenn das nicht gelingt, schreiben Sie dem Support von {product}. Nennen Sie niemandem ein Passwort oder einen Code, der deswegen anruft.",
		adviceAsk:    "Schreiben Sie dem Support von {product} und nennen Sie den oben angegebenen Zeitpunkt. Der Support fragt nie nach einem Passwort oder Code.",
		adviceDesk:   "Nichts von dem, was dort eingegeben wurde, ist bewiesen. Stellen Sie sicher, wer fragt, bevor Sie etwas beginnen, und schreiben Sie auf, was Sie verglichen haben.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "Unerwartet? Mitglieder auf {site} prüfen.",
		adviceOwner:  "Unerwartet? Einen Inhaber fragen.",
		adviceNumber: "Sie bestätigen sie beim nächsten Anmelden. Nicht Ihre? Nichts tun.",
		adviceExport: "Unerwartet? Mitgliedschaft auf {site} ausschalten.",
		adviceMember: "Bitte dort nachfragen.",
		adviceCancel: "Nicht Sie? Sofort unserem Support schreiben.",
		adviceAsk:    "Fragen? Schreiben Sie unserem Support.",
		adviceDesk:   "Nichts davon ist bewiesen.",
	},
	label: map[label]string{
		labelUnexpected:   "Wenn Sie das nicht erwartet haben",
		labelMember:       "Mitglied",
		labelBy:           "Ausgeführt von",
		labelUntil:        "Wirksam ab",
		labelTrustedUntil: "Vertraut bis",
		labelMethod:       "Anmeldeart",
		labelRole:         "Rolle",
		labelReason:       "Grund",
		labelContacts:     "Kontakte",
		labelHash:         "SHA-256 der Datei",
	},
}
