package wording

var italian = book{
	name: "Italiano",

	textCode:  "{code} è il codice {product} {purpose}.",
	textFrom:  "Richiesta da {place}.",
	textNever: "Non darlo a nessuno.",
	textLife:  "Vale {life}.",
	textStaff: "Noi non lo chiediamo mai.",
	textEvent: "{product}: {event}.",

	purpose: map[Purpose]string{
		Login:          "per accedere",
		ProveNumber:    "per aggiungere questo numero",
		ChangeNumber:   "per passare a questo numero",
		RecoverAccount: "per recuperare il profilo",
		ProveEmail:     "per confermare questo indirizzo e-mail",
	},
	action: map[Action]string{
		unknownAction:      "per confermare una modifica",
		ChangeUsername:     "per cambiare il nome utente",
		ChangeEmailAddress: "per cambiare l'indirizzo e-mail",
		ChangePassword:     "per cambiare la password",
		ChangeMobileNumber: "per cambiare il cellulare",
		AddFactor:          "per aggiungere un secondo fattore",
		RemoveFactor:       "per rimuovere un secondo fattore",
		MakeRecoveryCodes:  "per creare nuovi codici di recupero",
		AddRecoveryAddress: "per aggiungere un indirizzo di recupero",
		EndSessions:        "per chiudere delle sessioni",
		TurnOffTwoFactor:   "per disattivare la verifica in due passaggi",
		CloseProfile:       "per chiudere il profilo",
		ContactsExport:     "per esportare contatti",
		exportOne:          "per esportare 1 contatto",
		exportMany:         "per esportare {count} contatti",
		DeleteOrganisation: "per eliminare un'organizzazione",
		TransferOwnership:  "per trasferire la titolarità",
		APIKeys:            "per gestire le chiavi API",
		ManageUsers:        "per gestire gli utenti",
	},

	codeSubject: "{product}: codice {purpose}",
	codeHeading: "Il Suo codice",
	codeLead:    "Inserisca questo codice {purpose}.",
	codeLife:    "È valido per {life}.",
	codeNever:   "Non lo comunichi a nessuno. Il nostro personale non lo chiede mai, né al telefono né in altro modo.",

	linkLife:   "Il link è valido per {life} e funziona una sola volta.",
	buttonHelp: "Se il pulsante non funziona, copi questo indirizzo nel browser:",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Confermi il Suo indirizzo e-mail",
			body: []string{
				"Qualcuno si è registrato su {product} con questo indirizzo e-mail. Se è stato Lei, confermi l'indirizzo e la registrazione sarà completa.",
			},
			button: "Conferma indirizzo e-mail",
			notYou: "Non faccia nulla: l'indirizzo resta non confermato e non può essere usato. Aprendo il link può anche dichiarare di non essersi registrato: la registrazione viene allora eliminata subito.",
		},
		AlreadyRegistered: {
			subject: "Ha già un profilo",
			body: []string{
				"Qualcuno ha provato a registrarsi su {product} con questo indirizzo e-mail. Esiste già un profilo con questo indirizzo, quindi nulla è stato creato o modificato.",
				"Se è stato Lei, acceda. Se ha dimenticato la password, può impostarne una nuova dalla pagina di accesso.",
			},
			button: "Accedi",
			notYou: "Non deve fare nulla. Chi ha provato non viene a sapere che questo indirizzo è registrato.",
		},
		ChangeEmail: {
			subject: "Confermi il nuovo indirizzo e-mail",
			body: []string{
				"Qualcuno vuole usare questo indirizzo e-mail per un profilo su {product}. Se è Lei, confermi l'indirizzo. Fino ad allora resta in uso quello precedente.",
			},
			button: "Conferma nuovo indirizzo",
			notYou: "Non faccia nulla. Senza conferma questo indirizzo non viene usato.",
		},
		ResetPassword: {
			subject: "Imposti una nuova password",
			body: []string{
				"Qualcuno ha chiesto di impostare una nuova password per il Suo profilo su {product}. Se è stato Lei, apra il link. Se usa un secondo fattore, verrà chiesto anche quello.",
			},
			button: "Imposta nuova password",
			notYou: "Non faccia nulla: la password resta invariata. Non inoltri a nessuno questa e-mail o il link.",
		},
		ConfirmRecoveryAddress: {
			subject: "Confermi l'indirizzo di recupero",
			body: []string{
				"Qualcuno vuole usare questo indirizzo e-mail per recuperare un profilo su {product}. Se è Lei, confermi l'indirizzo. Gli avvisi di sicurezza arriveranno allora anche qui.",
			},
			button: "Conferma indirizzo di recupero",
			notYou: "Non faccia nulla. Senza conferma questo indirizzo non viene usato.",
		},
		UnlockLogin: {
			subject: "Accesso dopo molte password errate",
			body: []string{
				"Sono state inserite moltissime password errate per il Suo profilo su {product}. Perché gli estranei non possano continuare a tentare, i browser che non riconosciamo devono prima aprire questo link. La Sua password è invariata.",
				"Il link concede alcuni altri tentativi al browser in cui viene aperto.",
			},
			button: "Continua all'accesso",
			notYou: "Non apra il link. Nessuno è entrato. Se usa la stessa password altrove o se è corta, la cambi su {site} da un browser che vi ha già usato.",
		},
		WakeLogin: {
			subject: "Confermi l'accesso",
			body: []string{
				"Il Suo profilo su {product} non viene usato da più di 12 mesi. È stata appena inserita la password corretta. Se è stato Lei, apra il link per continuare l'accesso.",
			},
			button: "Continua all'accesso",
			notYou: "Non apra il link. Qualcuno conosce la Sua password: ne imposti una nuova su {site}.",
		},
		Invitation: {
			subject: "Invito a un'organizzazione su {product}",
			body: []string{
				"Ha ricevuto un invito a entrare in un'organizzazione su {product}. Verifichi di conoscere l'organizzazione e la persona indicate qui sotto, poi accetti.",
				"Se non le conosce, non faccia nulla. Senza la Sua accettazione non succede nulla.",
			},
			button: "Vedi l'invito",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Accesso da un nuovo browser",
			body:   []string{"Qualcuno ha effettuato l'accesso al Suo profilo da un browser che finora non era stato usato per questo."},
			button: "Non sono stato io",
		},
		NumberAdded: {
			event:  "È stato aggiunto un numero di cellulare",
			body:   []string{"Al Suo profilo è stato aggiunto un numero di cellulare. Ora i codici di accesso possono essere inviati a questo numero."},
			button: "Non sono stato io",
		},
		NumberChanged: {
			event:  "Il numero di cellulare è stato cambiato",
			body:   []string{"I codici di accesso vanno ora al nuovo numero e non più a quello precedente."},
			linked: "Può annullare la modifica entro 72 ore.",
			button: "Annulla la modifica",
		},
		NumberRemoved: {
			event:  "Il numero di cellulare è stato rimosso",
			body:   []string{"Il numero di cellulare è stato rimosso dal Suo profilo. Non vi vengono più inviati codici."},
			button: "Non sono stato io",
		},
		FactorAdded: {
			event:  "È stato aggiunto un secondo fattore",
			body:   []string{"Al Suo profilo è stato aggiunto un nuovo secondo fattore. Da ora può essere usato per accedere."},
			button: "Non sono stato io",
		},
		FactorRemoved: {
			event:  "È stato rimosso un secondo fattore",
			body:   []string{"Dal Suo profilo è stato rimosso un secondo fattore. Non può più essere usato per accedere."},
			button: "Non sono stato io",
		},
		FactorOff: {
			event:  "È stato disattivato un secondo fattore",
			body:   []string{"Ci sono stati troppi codici errati di seguito, quindi questo fattore è stato disattivato. Per usarlo di nuovo, acceda con un altro fattore o con un codice di recupero e lo configuri da capo."},
			button: "Non sono stato io",
		},
		ManyWrongCodes: {
			event:  "Molti codici errati",
			body:   []string{"Per il Suo profilo sono stati inseriti più volte codici errati. I codici vengono chiesti dopo la password, quindi qualcuno potrebbe conoscerla."},
			button: "Cambia la password",
		},
		RecoveryCodeUsed: {
			event:  "È stato usato un codice di recupero",
			body:   []string{"È stato usato uno dei Suoi codici di recupero. Non funziona una seconda volta."},
			button: "Non sono stato io",
		},
		RecoveryCodesMade: {
			event:  "Sono stati creati nuovi codici di recupero",
			body:   []string{"Per il Suo profilo sono stati creati nuovi codici di recupero. Quelli precedenti non funzionano più."},
			button: "Non sono stato io",
		},
		PasswordChanged: {
			event:  "La password è stata cambiata",
			body:   []string{"La password del Suo profilo è stata cambiata. Le altre sessioni sono state chiuse."},
			button: "Non sono stato io",
		},
		PasswordReset: {
			event:  "La password è stata reimpostata",
			body:   []string{"Per il Suo profilo è stata impostata una nuova password tramite un link inviato per e-mail. Tutte le sessioni sono state chiuse."},
			button: "Non sono stato io",
		},
		EmailChanged: {
			event:  "L'indirizzo e-mail è stato cambiato",
			body:   []string{"Il Suo profilo usa ora un altro indirizzo e-mail. Questo messaggio va a quello precedente, che non permette più di accedere."},
			button: "Annulla la modifica",
		},
		UsernameChanged: {
			event:  "Il nome utente è stato cambiato",
			body:   []string{"Il Suo profilo ha un nuovo nome utente. Quello precedente non permette più di accedere."},
			button: "Non sono stato io",
		},
		TwoFactorOff: {
			event:  "La verifica in due passaggi è stata disattivata",
			body:   []string{"La verifica in due passaggi è stata disattivata per il Suo profilo. Ora la password è la sua protezione principale."},
			button: "Non sono stato io",
		},
		ManyWrongPasswords: {
			event:  "Diverse password errate",
			body:   []string{"Per il Suo profilo è stata inserita più volte una password errata. Nessuno è entrato. Se è stato Lei, non deve fare nulla."},
			button: "Cambia la password",
		},
		StopReceived: {
			event:  "Dal Suo numero è arrivato STOP",
			body:   []string{"Dal Suo numero di cellulare è arrivato un SMS con la parola STOP. I Suoi codici di accesso continuano a esservi inviati; nessun altro può farvi inviare codici. Se non desidera più ricevere codici su quel numero, lo rimuova dal profilo."},
			button: "Non sono stato io",
		},
		RecoveryAddressAdded: {
			event:  "È stato aggiunto un indirizzo di recupero",
			body:   []string{"Al Suo profilo è stato aggiunto un indirizzo di recupero. Riceve gli avvisi di sicurezza e può aiutare a recuperare il profilo."},
			button: "Non sono stato io",
		},
		RecoveryAddressRemoved: {
			event:  "È stato rimosso un indirizzo di recupero",
			body:   []string{"L'indirizzo di recupero è stato rimosso dal Suo profilo. Non riceve più avvisi."},
			button: "Non sono stato io",
		},
		SessionsEnded: {
			event:  "Sono state chiuse delle sessioni",
			body:   []string{"Sono state chiuse delle sessioni del Suo profilo. Chi le usava deve accedere di nuovo."},
			button: "Non sono stato io",
		},
		ProfileClosed: {
			event:  "Il Suo profilo è stato chiuso",
			body:   []string{"Il Suo profilo è stato chiuso e tutte le sue sessioni sono terminate. Nessuno può più accedervi."},
			button: "Non sono stato io",
		},
		PasskeyCloned: {
			event:  "Una passkey potrebbe essere stata copiata",
			body:   []string{"Una passkey del Suo profilo ha indicato meno utilizzi di prima. Può significare che ne esiste una copia, quindi l'accesso è stato rifiutato."},
			button: "Non sono stato io",
		},
		SpendHalf: {
			event:  "Metà del budget di oggi per i codici è stata spesa",
			body:   []string{"Metà del budget giornaliero per i codici via SMS è stata spesa. Quando sarà esaurito, fino a domani non partiranno più codici di questo tipo."},
			button: "Vedi la protezione degli invii",
		},
		SpendOut: {
			event:  "Il budget di oggi per i codici è esaurito",
			body:   []string{"Il budget giornaliero per i codici via SMS è esaurito. Non partiranno più codici di questo tipo fino a domani o finché il budget non verrà aumentato."},
			button: "Vedi la protezione degli invii",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "Non deve fare nulla: senza il codice non succede nulla. Non lo comunichi a nessuno, chiunque lo chieda.",
		advicePassword: "Qualcuno potrebbe conoscere la Sua password. Acceda a {site} e la cambi subito. Non comunichi codici a nessuno.",
		adviceSecure:   "Acceda subito a {site}, cambi la password, chiuda tutte le altre sessioni e controlli i secondi fattori. Se non riesce più ad accedere, imposti una nuova password dalla pagina di accesso.",
		adviceReset:    "Imposti subito una nuova password dalla pagina di accesso di {site}. Se non riesce, scriva all'assistenza di {product}{support}.",
		adviceSupport:  "Scriva subito all'assistenza di {product}{support} indicando quando è successo. Non aspetti: prima si sa, più si può annullare.",
		adviceGuess:    "Qualcuno sta cercando di indovinare la Sua password. La cambi se è corta o se la usa altrove, e aggiunga un secondo fattore.",
		adviceOperator: "Se non se lo aspettava, controlli verso quali Paesi e prefissi partono i codici prima di aumentare il budget. Una crescita improvvisa è spesso una frode.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "Non era Lei? Non faccia nulla.",
		advicePassword: "Non era Lei? Cambi la password su {site}.",
		adviceSecure:   "Non era Lei? Cambi subito la password su {site}.",
		adviceReset:    "Non era Lei? Imposti subito una nuova password su {site}.",
		adviceSupport:  "Non era Lei? Scriva subito alla nostra assistenza.",
		adviceGuess:    "Non era Lei? Cambi la password se è corta.",
		adviceOperator: "Controlli prima Paesi e prefissi.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "Non era Lei? Può annullare entro 72 ore: {url}",
		anyNotice:     "Non era Lei? Può annullare: {url}",
	},

	label: map[label]string{
		labelNotYou:       "Se non è stato Lei",
		labelProfile:      "Profilo",
		labelInviter:      "Invito da",
		labelOrganisation: "Organizzazione",
		labelWhen:         "Data e ora",
		labelDevice:       "Browser",
		labelAddress:      "Indirizzo IP",
		labelCountry:      "Paese",
		labelConcerns:     "Riguarda",
		labelNumber:       "Numero di cellulare",
		labelNewNumber:    "Nuovo numero di cellulare",
		labelFactor:       "Fattore",
		labelEmail:        "Indirizzo e-mail",
		labelNewEmail:     "Nuovo indirizzo e-mail",
		labelUsername:     "Nuovo nome utente",
		labelSpent:        "Speso",
		labelFailures:     "Tentativi errati di seguito",
		labelTries:        "Tentativi",
		labelCodesLeft:    "Codici di recupero rimasti",
	},
	footProfile:  "{product} invia questo messaggio per la sicurezza del Suo profilo. Non può essere disattivato.",
	footAll:      "Non chiediamo mai la password o un codice, né per e-mail, né per SMS, né per telefono.",
	footOperator: "{product} invia questo messaggio a chi gestisce il servizio.",

	on: "{browser} su {system}",
	months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
		"ottobre", "novembre", "dicembre"},
	date:      "{day} {month} {year}, {time}",
	shortDate: "{dd}/{mm} {time}",
	thousands: ".",
	minutes:   [2]string{"1 minuto", "{n} minuti"},
	hours:     [2]string{"1 ora", "{n} ore"},
}
