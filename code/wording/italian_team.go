package wording

var italianTeam = book{
	textUntil: "Effetto: {until}.",
	textBy:    "da {by}",
	action: map[Action]string{
		EnterOrganisation: "per aprire un'organizzazione",
		ChangePolicy:      "per cambiare le regole di accesso",
		BusinessDetails:   "per cambiare i dati aziendali",
	},
	word: map[string]string{
		"owner": "titolare", "member": "membro", "password": "password", "email": "codice per e-mail", "sms": "codice via SMS",
		"totp": "app di autenticazione", "passkey": "passkey", "recovery": "codice di recupero",
		"lost_phone":     "azzeramento della verifica in due passaggi per telefono smarrito",
		"two_factor_off": "fine della verifica in due passaggi dell'organizzazione",
		"other":          "altra richiesta",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "È entrato in un'organizzazione",
			body:   []string{"Con il Suo profilo è stato accettato l'invito all'organizzazione indicata sotto. Ora ne è membro."},
			button: "Non sono stato io",
		},
		MemberJoined: {
			event:  "Un membro è entrato nell'organizzazione",
			body:   []string{"La persona indicata sotto ha accettato l'invito ed è ora membro della Sua organizzazione."},
			button: "Vedi i membri",
		},
		MemberRemoved: {
			event:  "Un'appartenenza è terminata",
			body:   []string{"L'appartenenza all'organizzazione indicata sotto è terminata. Le sessioni aperte, i codici richiesti e i browser attendibili non la aprono più."},
			button: "Vedi i membri",
		},
		MemberDisabled: {
			event:  "Un'appartenenza è stata disattivata",
			body:   []string{"L'appartenenza all'organizzazione indicata sotto è stata disattivata. Finché un titolare non la riattiva, non apre l'organizzazione."},
			button: "Vedi i membri",
		},
		MemberEnabled: {
			event:  "Un'appartenenza è stata riattivata",
			body:   []string{"L'appartenenza all'organizzazione indicata sotto è stata riattivata. Apre l'organizzazione dal prossimo accesso."},
			button: "Vedi i membri",
		},
		MethodChanged: {
			event:  "Un metodo di accesso è stato cambiato",
			body:   []string{"Un titolare ha scelto come questo membro dimostra la propria identità nell'organizzazione indicata sotto. Le sessioni e i browser attendibili precedenti non la aprono più: il prossimo accesso chiederà il nuovo metodo."},
			button: "Vedi i membri",
		},
		RoleChanged: {
			event:  "Un ruolo è stato cambiato",
			body:   []string{"Il ruolo di un membro nell'organizzazione indicata sotto è stato cambiato. Vale dal prossimo clic."},
			button: "Vedi i membri",
		},
		OwnershipTransferred: {
			event:  "La titolarità è stata trasferita",
			body:   []string{"L'organizzazione indicata sotto ha un nuovo titolare. Quello precedente ora è membro. Prima sono stati chiesti la password e un codice."},
			button: "Vedi i membri",
		},
		OrganisationDeleted: {
			event:  "Un'organizzazione è stata eliminata",
			body:   []string{"L'organizzazione indicata sotto è stata eliminata. Con essa sono terminate tutte le appartenenze e gli inviti."},
			button: "Non sono stato io",
		},
		OrganisationSuspended: {
			event:  "Un'organizzazione è stata sospesa",
			body:   []string{"Il gestore di questo servizio ha sospeso l'organizzazione indicata sotto. Finché non viene ripristinata, nessuno può lavorarci; nulla viene eliminato."},
			button: "Vedi l'organizzazione",
		},
		OrganisationRestored: {
			event:  "Un'organizzazione è stata ripristinata",
			body:   []string{"Il gestore di questo servizio ha revocato la sospensione dell'organizzazione indicata sotto. I suoi membri possono di nuovo lavorarci."},
			button: "Vedi l'organizzazione",
		},
		TwoFactorRequired: {
			event:  "La verifica in due passaggi è ora obbligatoria",
			body:   []string{"Un titolare dell'organizzazione indicata sotto ha deciso che tutti i membri accedono con un secondo fattore. Se non ne ha ancora uno, lo configurerà al prossimo accesso; serve circa un minuto. Occorre il Suo cellulare o un'app di autenticazione."},
			button: "Configura ora",
		},
		TwoFactorNotRequired: {
			event:  "La verifica in due passaggi non è più obbligatoria",
			body:   []string{"L'organizzazione indicata sotto non richiede più un secondo fattore. I Suoi secondi fattori restano come sono e Le consigliamo di continuare a usarli."},
			button: "Vedi l'organizzazione",
		},
		NumberSuggested: {
			event:  "Numero indicato per i codici di accesso",
			body:   []string{"Un titolare dell'organizzazione indicata sotto ha inserito un numero di cellulare per i Suoi codici di accesso. Sarà usato solo dopo che Lei avrà dimostrato, al prossimo accesso, che è Suo."},
			button: "Vedi il numero",
		},
		ContactsExported: {
			event:   "Sono stati esportati dei contatti",
			counted: "Contatti esportati: {count}",
			body:    []string{"Contatti dell'organizzazione indicata sotto sono stati esportati in un file, o letti in gran numero pagina per pagina, dopo un nuovo codice. Questo messaggio è la ricevuta: chi, quando, quanti e con quale codice. Con l'hash potrà sapere in seguito se un file è questo."},
			button:  "Vedi le esportazioni",
		},
		MemberGuessed: {
			event:  "Molte password errate per un membro",
			body:   []string{"Per un membro della Sua organizzazione è stata inserita molte volte una password errata. Nessuno è entrato e il membro è stato avvisato. I tentativi successivi vengono rallentati sempre di più."},
			button: "Vedi i membri",
		},
		DeviceTrusted: {
			event:  "Un browser è ora attendibile",
			body:   []string{"Dopo un accesso completo, il Suo profilo considera attendibile il browser indicato sotto. Fino alla data indicata, accedere da lì non richiede un codice dove le Sue organizzazioni lo permettono."},
			button: "Non sono stato io",
		},
		DevicesEnded: {
			event:  "Alcuni browser non sono più attendibili",
			body:   []string{"Browser che il Suo profilo considerava attendibili non lo sono più. Il prossimo accesso da lì chiederà di nuovo un codice."},
			button: "Non sono stato io",
		},
		SupportAsked: {
			event:  "Una richiesta di aiuto è in attesa",
			body:   []string{"Qualcuno ha chiesto aiuto all'assistenza di {product} per quanto indicato sotto. La richiesta attende nella console che un operatore la prenda in carico."},
			button: "Vedi la richiesta",
		},
		SupportStarted: {
			event:  "L'assistenza ridurrà una protezione",
			body:   []string{"L'assistenza di {product} ha ricevuto la richiesta indicata sotto e un operatore l'ha verificata. Ha effetto alla data indicata, o appena un secondo operatore la conferma."},
			linked: "Fino ad allora ogni titolare dell'organizzazione può annullarla con un clic.",
			button: "Annulla la richiesta",
		},
		SupportFactorsRemoved: {
			event:  "L'assistenza ha rimosso dei secondi fattori",
			body:   []string{"I secondi fattori e i browser attendibili della persona indicata sotto non contano più. Il prossimo accesso chiede la password e un codice per e-mail."},
			button: "Non sono stato io",
		},
		SupportTwoFactorOff: {
			event:  "L'assistenza ha disattivato la verifica in due passaggi",
			body:   []string{"L'organizzazione indicata sotto non chiede più ai membri un secondo fattore."},
			button: "Non sono stato io",
		},
		SupportCancelled: {
			event:  "Una richiesta all'assistenza è stata annullata",
			body:   []string{"La richiesta indicata sotto è stata annullata. Nulla è stato modificato."},
			button: "Vedi la richiesta",
		},
		SupportLookedIn: {
			event:  "L'assistenza ha visto la Sua organizzazione",
			body:   []string{"Un operatore di questo servizio ha aperto l'organizzazione indicata sotto per vederla. Dura al massimo 30 minuti; intanto nulla può essere modificato, inviato o esportato. Resta nel registro di controllo."},
			button: "Vedi il registro di controllo",
		},
		SupportAnswered: {
			event:  "L'assistenza ha risposto",
			body:   []string{"L'assistenza di {product} ha risposto alla Sua richiesta."},
			button: "Vedi la richiesta",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Acceda a {site}, controlli i membri e il registro di controllo dell'organizzazione e rimuova chi non deve esserci.",
		adviceOwner:  "Chieda a un titolare dell'organizzazione: il registro di controllo dice chi l'ha fatto e quando. Non comunichi a nessuno la password o un codice, chiunque lo chieda.",
		adviceNumber: "Non deve fare nulla. Un numero viene usato solo dopo che il suo titolare lo ha dimostrato; prima nessuno può usarlo per accedere.",
		adviceExport: "Chieda subito alla persona indicata sopra. Se è stato qualcun altro, disattivi la sua appartenenza nella pagina degli utenti di {site}: così finisce il suo accesso, anche al file.",
		adviceMember: "Chieda alla persona indicata sopra se è stata lei. Se no, faccia in modo che usi un secondo fattore e una password che non usa altrove.",
		adviceCancel: "Annulli subito la richiesta; se non riesce, scriva all'assistenza di {product}. Non dia password o codici a chi telefona per questo motivo.",
		adviceAsk:    "Scriva all'assistenza di {product} indicando la data e l'ora riportate sopra. L'assistenza non chiede mai una password o un codice.",
		adviceDesk:   "Nulla di quanto vi è scritto è dimostrato. Si assicuri dell'identità di chi chiede prima di avviare qualsiasi cosa, e annoti che cosa ha confrontato.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "Inatteso? Controlli i membri su {site}.",
		adviceOwner:  "Inatteso? Chieda a un titolare.",
		adviceNumber: "Lo confermerà al prossimo accesso. Non è Suo? Non faccia nulla.",
		adviceExport: "Inatteso? Disattivi l'appartenenza su {site}.",
		adviceMember: "Chieda alla persona stessa.",
		adviceCancel: "Non era Lei? Scriva subito alla nostra assistenza.",
		adviceAsk:    "Domande? Scriva alla nostra assistenza.",
		adviceDesk:   "Nulla di ciò è dimostrato.",
	},
	label: map[label]string{
		labelUnexpected:   "Se non se lo aspettava",
		labelMember:       "Membro",
		labelBy:           "Eseguito da",
		labelUntil:        "Ha effetto",
		labelTrustedUntil: "Attendibile fino al",
		labelMethod:       "Metodo",
		labelRole:         "Ruolo",
		labelReason:       "Motivo",
		labelContacts:     "Contatti",
		labelHash:         "SHA-256 del file",
	},
}
