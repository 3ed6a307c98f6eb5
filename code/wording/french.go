package wording

var french = book{
	name: "Français",

	textCode:  "{code} est votre code {product} {purpose}.",
	textFrom:  "Demande via {place}.",
	textNever: "Ne le donnez jamais.",
	textLife:  "Valable {life}.",
	textStaff: "Nous ne le demandons jamais.",
	textEvent: "{product} : {event}.",

	purpose: map[Purpose]string{
		Login:          "pour vous connecter",
		ProveNumber:    "pour ajouter ce numéro",
		ChangeNumber:   "pour passer à ce numéro",
		RecoverAccount: "pour récupérer votre profil",
		ProveEmail:     "pour confirmer cette adresse e-mail",
	},
	action: map[Action]string{
		unknownAction:      "pour confirmer une modification",
		ChangeUsername:     "pour changer de nom d'utilisateur",
		ChangeEmailAddress: "pour changer d'adresse e-mail",
		ChangePassword:     "pour changer de mot de passe",
		ChangeMobileNumber: "pour changer de numéro de mobile",
		AddFactor:          "pour ajouter un second facteur",
		RemoveFactor:       "pour supprimer un second facteur",
		MakeRecoveryCodes:  "pour créer de nouveaux codes de récupération",
		AddRecoveryAddress: "pour ajouter une adresse de récupération",
		EndSessions:        "pour fermer des sessions",
		TurnOffTwoFactor:   "pour désactiver la double authentification",
		CloseProfile:       "pour fermer votre profil",
		ContactsExport:     "pour exporter des contacts",
		exportOne:          "pour exporter 1 contact",
		exportMany:         "pour exporter {count} contacts",
		DeleteOrganisation: "pour supprimer une organisation",
		TransferOwnership:  "pour transférer la propriété",
		APIKeys:            "pour gérer les clés API",
		ManageUsers:        "pour gérer les utilisateurs",
	},

	codeSubject: "{product} : code {purpose}",
	codeHeading: "Votre code",
	codeLead:    "Saisissez ce code {purpose}.",
	codeLife:    "Il est valable {life}.",
	codeNever:   "Ne le donnez à personne. Notre équipe ne le demande jamais, ni par téléphone ni autrement.",

	linkLife:   "Le lien est valable {life} et ne sert qu'une fois.",
	buttonHelp: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Confirmez votre adresse e-mail",
			body: []string{
				"Une inscription à {product} a été faite avec cette adresse e-mail. Si elle vient de vous, confirmez l'adresse et l'inscription sera terminée.",
			},
			button: "Confirmer l'adresse e-mail",
			notYou: "Ne faites rien : l'adresse reste non confirmée et ne peut pas être utilisée. En ouvrant le lien, vous pouvez aussi indiquer que l'inscription ne vient pas de vous : elle est alors supprimée immédiatement.",
		},
		AlreadyRegistered: {
			subject: "Vous avez déjà un profil",
			body: []string{
				"Quelqu'un a essayé de s'inscrire à {product} avec cette adresse e-mail. Un profil existe déjà pour elle : rien n'a donc été créé ni modifié.",
				"Si c'était vous, connectez-vous. Si vous avez oublié votre mot de passe, vous pouvez en définir un nouveau depuis la page de connexion.",
			},
			button: "Se connecter",
			notYou: "Vous n'avez rien à faire. La personne qui a essayé n'apprend pas que cette adresse est inscrite.",
		},
		ChangeEmail: {
			subject: "Confirmez votre nouvelle adresse e-mail",
			body: []string{
				"Quelqu'un souhaite utiliser cette adresse e-mail pour un profil {product}. Si c'est vous, confirmez l'adresse. D'ici là, l'ancienne reste utilisée.",
			},
			button: "Confirmer la nouvelle adresse",
			notYou: "Ne faites rien. Sans confirmation, cette adresse n'est pas utilisée.",
		},
		ResetPassword: {
			subject: "Définissez un nouveau mot de passe",
			body: []string{
				"Un nouveau mot de passe a été demandé pour votre profil {product}. Si la demande vient de vous, ouvrez le lien. Si vous utilisez un second facteur, il vous sera aussi demandé.",
			},
			button: "Définir un nouveau mot de passe",
			notYou: "Ne faites rien : votre mot de passe reste inchangé. Ne transmettez cet e-mail ou le lien à personne.",
		},
		ConfirmRecoveryAddress: {
			subject: "Confirmez votre adresse de récupération",
			body: []string{
				"Quelqu'un souhaite utiliser cette adresse e-mail pour récupérer un profil {product}. Si c'est vous, confirmez l'adresse. Les avis de sécurité y seront alors aussi envoyés.",
			},
			button: "Confirmer l'adresse de récupération",
			notYou: "Ne faites rien. Sans confirmation, cette adresse n'est pas utilisée.",
		},
		UnlockLogin: {
			subject: "Se connecter après de nombreux mots de passe erronés",
			body: []string{
				"De très nombreux mots de passe erronés ont été saisis pour votre profil {product}. Pour que des inconnus ne puissent pas continuer à deviner, les navigateurs que nous ne reconnaissons pas doivent d'abord ouvrir ce lien. Votre mot de passe est inchangé.",
				"Le lien donne quelques essais supplémentaires au navigateur dans lequel vous l'ouvrez.",
			},
			button: "Continuer vers la connexion",
			notYou: "N'ouvrez pas le lien. Personne n'est entré. Si vous utilisez le même mot de passe ailleurs ou s'il est court, modifiez-le sur {site} depuis un navigateur que vous y avez déjà utilisé.",
		},
		WakeLogin: {
			subject: "Confirmez votre connexion",
			body: []string{
				"Votre profil {product} n'a pas été utilisé depuis plus de 12 mois. Le bon mot de passe vient d'être saisi. Si c'était vous, ouvrez le lien pour poursuivre la connexion.",
			},
			button: "Continuer vers la connexion",
			notYou: "N'ouvrez pas le lien. Quelqu'un connaît votre mot de passe : définissez-en un nouveau sur {site}.",
		},
		Invitation: {
			subject: "Invitation à rejoindre une organisation sur {product}",
			body: []string{
				"Vous avez reçu une invitation à rejoindre une organisation sur {product}. Vérifiez que vous connaissez l'organisation et la personne indiquées ci-dessous, puis acceptez.",
				"Si vous ne les connaissez pas, ne faites rien. Rien ne se passe tant que vous n'acceptez pas.",
			},
			button: "Voir l'invitation",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Connexion depuis un nouveau navigateur",
			body:   []string{"Quelqu'un s'est connecté à votre profil depuis un navigateur qui n'avait pas encore été utilisé pour cela."},
			button: "Ce n'était pas moi",
		},
		NumberAdded: {
			event:  "Un numéro de mobile a été ajouté",
			body:   []string{"Un numéro de mobile a été ajouté à votre profil. Des codes de connexion peuvent désormais y être envoyés."},
			button: "Ce n'était pas moi",
		},
		NumberChanged: {
			event:  "Votre numéro de mobile a été modifié",
			body:   []string{"Les codes de connexion sont désormais envoyés au nouveau numéro et non plus à l'ancien."},
			linked: "Vous pouvez annuler la modification pendant 72 heures.",
			button: "Annuler la modification",
		},
		NumberRemoved: {
			event:  "Votre numéro de mobile a été supprimé",
			body:   []string{"Le numéro de mobile a été supprimé de votre profil. Plus aucun code n'y est envoyé."},
			button: "Ce n'était pas moi",
		},
		FactorAdded: {
			event:  "Un second facteur a été ajouté",
			body:   []string{"Un nouveau second facteur a été ajouté à votre profil. Il peut désormais servir à se connecter."},
			button: "Ce n'était pas moi",
		},
		FactorRemoved: {
			event:  "Un second facteur a été supprimé",
			body:   []string{"Un second facteur a été supprimé de votre profil. Il ne peut plus servir à se connecter."},
			button: "Ce n'était pas moi",
		},
		FactorOff: {
			event:  "Un second facteur a été désactivé",
			body:   []string{"Trop de codes erronés ont été saisis à la suite : ce facteur a donc été désactivé. Pour l'utiliser à nouveau, connectez-vous avec un autre facteur ou un code de récupération, puis configurez-le à nouveau."},
			button: "Ce n'était pas moi",
		},
		ManyWrongCodes: {
			event:  "Nombreux codes erronés",
			body:   []string{"Des codes erronés ont été saisis plusieurs fois pour votre profil. Les codes sont demandés après le mot de passe : quelqu'un le connaît peut-être."},
			button: "Modifier le mot de passe",
		},
		RecoveryCodeUsed: {
			event:  "Un code de récupération a été utilisé",
			body:   []string{"L'un de vos codes de récupération a été utilisé. Il ne fonctionne pas une seconde fois."},
			button: "Ce n'était pas moi",
		},
		RecoveryCodesMade: {
			event:  "De nouveaux codes de récupération ont été créés",
			body:   []string{"De nouveaux codes de récupération ont été créés pour votre profil. Les précédents ne fonctionnent plus."},
			button: "Ce n'était pas moi",
		},
		PasswordChanged: {
			event:  "Votre mot de passe a été modifié",
			body:   []string{"Le mot de passe de votre profil a été modifié. Les autres sessions ont été fermées."},
			button: "Ce n'était pas moi",
		},
		PasswordReset: {
			event:  "Votre mot de passe a été réinitialisé",
			body:   []string{"Un nouveau mot de passe a été défini pour votre profil par un lien envoyé par e-mail. Toutes les sessions ont été fermées."},
			button: "Ce n'était pas moi",
		},
		EmailChanged: {
			event:  "Votre adresse e-mail a été modifiée",
			body:   []string{"Votre profil utilise désormais une autre adresse e-mail. Ce message est envoyé à l'ancienne, qui ne permet plus de se connecter."},
			button: "Annuler la modification",
		},
		UsernameChanged: {
			event:  "Votre nom d'utilisateur a été modifié",
			body:   []string{"Votre profil a un nouveau nom d'utilisateur. L'ancien ne permet plus de se connecter."},
			button: "Ce n'était pas moi",
		},
		TwoFactorOff: {
			event:  "La double authentification a été désactivée",
			body:   []string{"La double authentification a été désactivée pour votre profil. Le mot de passe est maintenant sa principale protection."},
			button: "Ce n'était pas moi",
		},
		ManyWrongPasswords: {
			event:  "Plusieurs mots de passe erronés",
			body:   []string{"Un mot de passe erroné a été saisi plusieurs fois pour votre profil. Personne n'est entré. Si c'était vous, vous n'avez rien à faire."},
			button: "Modifier le mot de passe",
		},
		StopReceived: {
			event:  "STOP est arrivé de votre numéro",
			body:   []string{"Un SMS contenant le mot STOP est arrivé depuis votre numéro de mobile. Vos propres codes de connexion y sont toujours envoyés ; personne d'autre ne peut y faire envoyer de codes. Si vous ne souhaitez plus y recevoir de codes, supprimez le numéro de votre profil."},
			button: "Ce n'était pas moi",
		},
		RecoveryAddressAdded: {
			event:  "Une adresse de récupération a été ajoutée",
			body:   []string{"Une adresse de récupération a été ajoutée à votre profil. Elle reçoit les avis de sécurité et peut aider à récupérer le profil."},
			button: "Ce n'était pas moi",
		},
		RecoveryAddressRemoved: {
			event:  "Une adresse de récupération a été supprimée",
			body:   []string{"L'adresse de récupération a été supprimée de votre profil. Elle ne reçoit plus d'avis."},
			button: "Ce n'était pas moi",
		},
		SessionsEnded: {
			event:  "Des sessions ont été fermées",
			body:   []string{"Des sessions de votre profil ont été fermées. Les personnes qui les utilisaient doivent se reconnecter."},
			button: "Ce n'était pas moi",
		},
		ProfileClosed: {
			event:  "Votre profil a été fermé",
			body:   []string{"Votre profil a été fermé et toutes ses sessions aussi. Plus personne ne peut s'y connecter."},
			button: "Ce n'était pas moi",
		},
		PasskeyCloned: {
			event:  "Copie possible d'une clé d'accès",
			body:   []string{"Une clé d'accès (passkey) de votre profil a signalé moins d'utilisations qu'auparavant. Il en existe peut-être une copie : la connexion a donc été refusée."},
			button: "Ce n'était pas moi",
		},
		SpendHalf: {
			event:  "La moitié du budget du jour pour les codes est dépensée",
			body:   []string{"La moitié du budget quotidien pour les codes par SMS est dépensée. Quand il sera épuisé, plus aucun code de ce type ne partira avant demain."},
			button: "Voir la protection d'envoi",
		},
		SpendOut: {
			event:  "Le budget du jour pour les codes est épuisé",
			body:   []string{"Le budget quotidien pour les codes par SMS est épuisé. Plus aucun code de ce type ne part avant demain ou avant que le budget soit augmenté."},
			button: "Voir la protection d'envoi",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "Vous n'avez rien à faire : sans le code, rien ne se passe. Ne le transmettez à personne, quel que soit le demandeur.",
		advicePassword: "Quelqu'un connaît peut-être votre mot de passe. Connectez-vous sur {site} et modifiez-le immédiatement. Ne transmettez aucun code.",
		adviceSecure:   "Connectez-vous immédiatement sur {site}, modifiez votre mot de passe, fermez toutes les autres sessions et vérifiez vos seconds facteurs. Si vous ne pouvez plus vous connecter, définissez un nouveau mot de passe depuis la page de connexion.",
		adviceReset:    "Définissez immédiatement un nouveau mot de passe depuis la page de connexion de {site}. Si cela ne fonctionne pas, écrivez à l'assistance de {product}{support}.",
		adviceSupport:  "Écrivez immédiatement à l'assistance de {product}{support} en indiquant quand cela s'est produit. N'attendez pas : plus tôt elle le sait, plus elle peut annuler de choses.",
		adviceGuess:    "Quelqu'un essaie de deviner votre mot de passe. Modifiez-le s'il est court ou si vous l'utilisez ailleurs, et ajoutez un second facteur.",
		adviceOperator: "Si vous ne vous y attendiez pas, regardez vers quels pays et quels préfixes partent les codes avant d'augmenter le budget. Une hausse soudaine est souvent une fraude.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "Pas vous ? Ne faites rien.",
		advicePassword: "Pas vous ? Changez de mot de passe sur {site}.",
		adviceSecure:   "Pas vous ? Changez vite de mot de passe sur {site}.",
		adviceReset:    "Pas vous ? Redéfinissez le mot de passe sur {site}.",
		adviceSupport:  "Pas vous ? Écrivez vite à notre assistance.",
		adviceGuess:    "Pas vous ? Modifiez votre mot de passe s'il est court.",
		adviceOperator: "Vérifiez d'abord les pays et les préfixes.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "Pas vous ? Annulez sous 72 heures : {url}",
		anyNotice:     "Pas vous ? Annulez : {url}",
	},

	label: map[label]string{
		labelNotYou:       "Si ce n'était pas vous",
		labelProfile:      "Profil",
		labelInviter:      "Invité par",
		labelOrganisation: "Organisation",
		labelWhen:         "Date et heure",
		labelDevice:       "Navigateur",
		labelAddress:      "Adresse IP",
		labelCountry:      "Pays",
		labelConcerns:     "Concerne",
		labelNumber:       "Numéro de mobile",
		labelNewNumber:    "Nouveau numéro de mobile",
		labelFactor:       "Facteur",
		labelEmail:        "Adresse e-mail",
		labelNewEmail:     "Nouvelle adresse e-mail",
		labelUsername:     "Nouveau nom d'utilisateur",
		labelSpent:        "Dépensé",
		labelFailures:     "Essais erronés à la suite",
		labelTries:        "Essais",
		labelCodesLeft:    "Codes de récupération restants",
	},
	footProfile:  "{product} envoie ce message pour la sécurité de votre profil. Il ne peut pas être désactivé.",
	footAll:      "Nous ne demandons jamais votre mot de passe ni un code, que ce soit par e-mail, par SMS ou par téléphone.",
	footOperator: "{product} envoie ce message aux personnes qui l'exploitent.",

	on: "{browser} sous {system}",
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
		"octobre", "novembre", "décembre"},
	date:      "{day} {month} {year} à {time}",
	shortDate: "{dd}/{mm} {time}",
	thousands: "\u202f",
	minutes:   [2]string{"1 minute", "{n} minutes"},
	hours:     [2]string{"1 heure", "{n} heures"},
}
