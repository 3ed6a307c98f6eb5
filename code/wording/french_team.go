package wording

var frenchTeam = book{
	textUntil: "Effet : {until}.",
	textBy:    "par {by}",
	action: map[Action]string{
		EnterOrganisation: "pour ouvrir une organisation",
		ChangePolicy:      "pour modifier les règles de connexion",
		BusinessDetails:   "pour modifier les données de l'entreprise",
	},
	word: map[string]string{
		"owner": "propriétaire", "member": "membre", "password": "mot de passe", "email": "code par e-mail", "sms": "code par SMS",
		"totp": "application d'authentification", "passkey": "clé d'accès", "recovery": "code de récupération",
		"lost_phone":     "remise à zéro de la double authentification, téléphone perdu",
		"two_factor_off": "arrêt de la double authentification de l'organisation",
		"other":          "autre demande",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "Vous avez rejoint une organisation",
			body:   []string{"L'invitation à rejoindre l'organisation indiquée ci-dessous a été acceptée avec votre profil. Vous en êtes maintenant membre."},
			button: "Ce n'était pas moi",
		},
		MemberJoined: {
			event:  "Un membre a rejoint l'organisation",
			body:   []string{"La personne indiquée ci-dessous a accepté l'invitation et est maintenant membre de votre organisation."},
			button: "Voir les membres",
		},
		MemberRemoved: {
			event:  "Une adhésion a pris fin",
			body:   []string{"L'adhésion à l'organisation indiquée ci-dessous a pris fin. Les sessions ouvertes, les codes demandés et les navigateurs de confiance n'y donnent plus accès."},
			button: "Voir les membres",
		},
		MemberDisabled: {
			event:  "Une adhésion a été désactivée",
			body:   []string{"L'adhésion à l'organisation indiquée ci-dessous a été désactivée. Elle n'y donne plus accès tant qu'un propriétaire ne la réactive pas."},
			button: "Voir les membres",
		},
		MemberEnabled: {
			event:  "Une adhésion a été réactivée",
			body:   []string{"L'adhésion à l'organisation indiquée ci-dessous a été réactivée. Elle y donne accès dès la prochaine connexion."},
			button: "Voir les membres",
		},
		MethodChanged: {
			event:  "Une méthode de connexion a été modifiée",
			body:   []string{"Un propriétaire a choisi comment ce membre prouve son identité dans l'organisation indiquée ci-dessous. Les sessions et navigateurs de confiance antérieurs n'y donnent plus accès : la prochaine connexion demandera la nouvelle méthode."},
			button: "Voir les membres",
		},
		RoleChanged: {
			event:  "Un rôle a été modifié",
			body:   []string{"Le rôle d'un membre dans l'organisation indiquée ci-dessous a été modifié. Il s'applique dès le prochain clic."},
			button: "Voir les membres",
		},
		OwnershipTransferred: {
			event:  "La propriété a été transférée",
			body:   []string{"L'organisation indiquée ci-dessous a un nouveau propriétaire. L'ancien en est maintenant membre. Le mot de passe et un code ont été demandés auparavant."},
			button: "Voir les membres",
		},
		OrganisationDeleted: {
			event:  "Une organisation a été supprimée",
			body:   []string{"L'organisation indiquée ci-dessous a été supprimée. Toutes les adhésions et invitations ont pris fin avec elle."},
			button: "Ce n'était pas moi",
		},
		OrganisationSuspended: {
			event:  "Une organisation a été suspendue",
			body:   []string{"L'exploitant de ce service a suspendu l'organisation indiquée ci-dessous. Personne ne peut y travailler tant qu'elle n'est pas rétablie ; rien n'est supprimé."},
			button: "Voir l'organisation",
		},
		OrganisationRestored: {
			event:  "Une organisation a été rétablie",
			body:   []string{"L'exploitant de ce service a levé la suspension de l'organisation indiquée ci-dessous. Ses membres peuvent de nouveau y travailler."},
			button: "Voir l'organisation",
		},
		TwoFactorRequired: {
			event:  "La double authentification devient obligatoire",
			body:   []string{"Un propriétaire de l'organisation indiquée ci-dessous a décidé que tous les membres se connectent avec un second facteur. Si vous n'en avez pas encore, vous le configurerez à votre prochaine connexion ; cela prend environ une minute. Il vous faut votre téléphone mobile ou une application d'authentification."},
			button: "Configurer maintenant",
		},
		TwoFactorNotRequired: {
			event:  "La double authentification n'est plus obligatoire",
			body:   []string{"L'organisation indiquée ci-dessous n'exige plus de second facteur. Vos propres seconds facteurs restent inchangés ; nous vous conseillons de continuer à les utiliser."},
			button: "Voir l'organisation",
		},
		NumberSuggested: {
			event:  "Ce numéro a été saisi pour des codes de connexion",
			body:   []string{"Un propriétaire de l'organisation indiquée ci-dessous a saisi un numéro de mobile pour vos codes de connexion. Il ne sera utilisé qu'après que vous aurez prouvé, à votre prochaine connexion, qu'il est à vous."},
			button: "Voir le numéro",
		},
		ContactsExported: {
			event:   "Des contacts ont été exportés",
			counted: "Contacts exportés : {count}",
			body:    []string{"Des contacts de l'organisation indiquée ci-dessous ont été exportés dans un fichier, ou consultés page par page en grand nombre, après un nouveau code. Ce message est le reçu : qui, quand, combien et avec quel code. L'empreinte permet de vérifier plus tard si un fichier est bien celui-ci."},
			button:  "Voir les exports",
		},
		MemberGuessed: {
			event:  "Nombreux mots de passe erronés pour un membre",
			body:   []string{"Un mot de passe erroné a été saisi de nombreuses fois pour un membre de votre organisation. Personne n'est entré et le membre a été averti. Les essais suivants sont de plus en plus ralentis."},
			button: "Voir les membres",
		},
		DeviceTrusted: {
			event:  "Un navigateur est désormais de confiance",
			body:   []string{"Après une connexion complète, votre profil fait confiance au navigateur indiqué ci-dessous. Jusqu'à la date donnée, s'y connecter ne demande pas de code lorsque vos organisations le permettent."},
			button: "Ce n'était pas moi",
		},
		DevicesEnded: {
			event:  "Des navigateurs ne sont plus de confiance",
			body:   []string{"Votre profil ne fait plus confiance à des navigateurs qui l'étaient. La prochaine connexion y demandera de nouveau un code."},
			button: "Ce n'était pas moi",
		},
		SupportAsked: {
			event:  "Une demande d'aide attend",
			body:   []string{"Quelqu'un a demandé à l'assistance de {product} de l'aide pour ce qui est indiqué ci-dessous. La demande attend dans la console qu'un agent la prenne en charge."},
			button: "Voir la demande",
		},
		SupportStarted: {
			event:  "L'assistance doit abaisser une protection",
			body:   []string{"L'assistance de {product} a reçu la demande indiquée ci-dessous et un agent l'a vérifiée. Elle prend effet à la date donnée, ou dès qu'un second agent la confirme."},
			linked: "D'ici là, chaque propriétaire de l'organisation peut l'annuler d'un clic.",
			button: "Annuler la demande",
		},
		SupportFactorsRemoved: {
			event:  "L'assistance a retiré des seconds facteurs",
			body:   []string{"Les seconds facteurs et les navigateurs de confiance de la personne indiquée ci-dessous ne comptent plus. La prochaine connexion demande le mot de passe et un code par e-mail."},
			button: "Ce n'était pas moi",
		},
		SupportTwoFactorOff: {
			event:  "L'assistance a désactivé la double authentification",
			body:   []string{"L'organisation indiquée ci-dessous n'exige plus de second facteur de ses membres."},
			button: "Ce n'était pas moi",
		},
		SupportCancelled: {
			event:  "Une demande à l'assistance a été annulée",
			body:   []string{"La demande indiquée ci-dessous a été annulée. Rien n'a été modifié."},
			button: "Voir la demande",
		},
		SupportLookedIn: {
			event:  "L'assistance a consulté votre organisation",
			body:   []string{"Un agent de l'exploitant a ouvert l'organisation indiquée ci-dessous pour la consulter. Cela dure 30 minutes au plus ; rien ne peut y être modifié, envoyé ou exporté. Votre journal d'audit en garde la trace."},
			button: "Voir le journal d'audit",
		},
		SupportAnswered: {
			event:  "L'assistance a répondu",
			body:   []string{"L'assistance de {product} a répondu à votre demande."},
			button: "Voir la demande",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Connectez-vous sur {site}, regardez les membres et le journal d'audit de l'organisation, puis retirez toute personne qui n'a rien à y faire.",
		adviceOwner:  "Demandez à un propriétaire de l'organisation : le journal d'audit indique qui l'a fait et quand. Ne transmettez ni votre mot de passe ni un code, quel que soit le demandeur.",
		adviceNumber: "Vous n'avez rien à faire. Un numéro n'est utilisé qu'une fois prouvé par son titulaire ; avant cela, personne ne peut s'en servir pour se connecter.",
		adviceExport: "Interrogez immédiatement la personne indiquée ci-dessus. Si c'était quelqu'un d'autre, désactivez son adhésion sur la page des utilisateurs de {site} : son accès prend fin, y compris au fichier.",
		adviceMember: "Demandez à la personne indiquée ci-dessus si c'était elle. Sinon, veillez à ce qu'elle utilise un second facteur et un mot de passe qui ne sert nulle part ailleurs.",
		adviceCancel: "Annulez immédiatement la demande ; si c'est impossible, écrivez à l'assistance de {product}. Ne donnez ni mot de passe ni code à quiconque appelle à ce sujet.",
		adviceAsk:    "Écrivez à l'assistance de {product} en indiquant la date et l'heure ci-dessus. L'assistance ne demande jamais de mot de passe ni de code.",
		adviceDesk:   "Rien de ce qui y a été saisi n'est prouvé. Assurez-vous de l'identité du demandeur avant de commencer quoi que ce soit, et notez ce que vous avez comparé.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "Inattendu ? Vérifiez les membres sur {site}.",
		adviceOwner:  "Inattendu ? Demandez à un propriétaire.",
		adviceNumber: "Vous le prouverez à la prochaine connexion. Pas le vôtre ? Ne faites rien.",
		adviceExport: "Inattendu ? Désactivez l'adhésion sur {site}.",
		adviceMember: "Demandez à cette personne.",
		adviceCancel: "Pas vous ? Écrivez vite à notre assistance.",
		adviceAsk:    "Des questions ? Écrivez à notre assistance.",
		adviceDesk:   "Rien de tout cela n'est prouvé.",
	},
	label: map[label]string{
		labelUnexpected:   "Si vous ne vous y attendiez pas",
		labelMember:       "Membre",
		labelBy:           "Fait par",
		labelUntil:        "Prend effet",
		labelTrustedUntil: "De confiance jusqu'au",
		labelMethod:       "Méthode",
		labelRole:         "Rôle",
		labelReason:       "Motif",
		labelContacts:     "Contacts",
		labelHash:         "SHA-256 du fichier",
	},
}
