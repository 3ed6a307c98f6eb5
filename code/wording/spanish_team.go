package wording

var spanishTeam = book{
	textUntil: "Efectivo: {until}.",
	textBy:    "por {by}",
	action: map[Action]string{
		EnterOrganisation: "para abrir una organización",
		ChangePolicy:      "para cambiar las reglas de acceso",
		BusinessDetails:   "para cambiar los datos de la empresa",
	},
	word: map[string]string{
		"owner": "titular", "member": "miembro", "password": "contraseña", "email": "código por correo", "sms": "código por SMS",
		"totp": "aplicación de autenticación", "passkey": "llave de acceso", "recovery": "código de recuperación",
		"lost_phone":     "nuevo comienzo de la verificación en dos pasos por teléfono perdido",
		"two_factor_off": "fin de la verificación en dos pasos de la organización",
		"other":          "otra solicitud",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "Usted se unió a una organización",
			body:   []string{"Con su perfil se aceptó la invitación a la organización indicada abajo. Ahora es miembro de ella."},
			button: "No fui yo",
		},
		MemberJoined: {
			event:  "Un miembro se ha unido",
			body:   []string{"La persona indicada abajo aceptó la invitación y ahora es miembro de su organización."},
			button: "Ver los miembros",
		},
		MemberRemoved: {
			event:  "Una membresía ha terminado",
			body:   []string{"La membresía en la organización indicada abajo ha terminado. Las sesiones abiertas, los códigos pedidos y los navegadores de confianza ya no la abren."},
			button: "Ver los miembros",
		},
		MemberDisabled: {
			event:  "Una membresía ha sido desactivada",
			body:   []string{"Se desactivó la membresía en la organización indicada abajo. Hasta que un titular la active de nuevo, no abre la organización."},
			button: "Ver los miembros",
		},
		MemberEnabled: {
			event:  "Una membresía ha sido activada de nuevo",
			body:   []string{"Se activó de nuevo la membresía en la organización indicada abajo. Abre la organización desde el próximo inicio de sesión."},
			button: "Ver los miembros",
		},
		MethodChanged: {
			event:  "Un método de acceso ha cambiado",
			body:   []string{"Un titular eligió cómo se identifica este miembro en la organización indicada abajo. Las sesiones y los navegadores de confianza anteriores ya no la abren: el próximo inicio de sesión pedirá el método nuevo."},
			button: "Ver los miembros",
		},
		RoleChanged: {
			event:  "Un rol ha cambiado",
			body:   []string{"Cambió el rol de un miembro en la organización indicada abajo. Vale desde el próximo clic."},
			button: "Ver los miembros",
		},
		OwnershipTransferred: {
			event:  "La titularidad ha sido transferida",
			body:   []string{"La organización indicada abajo tiene un nuevo titular. El titular anterior ahora es miembro. Antes se pidieron la contraseña y un código."},
			button: "Ver los miembros",
		},
		OrganisationDeleted: {
			event:  "Una organización ha sido eliminada",
			body:   []string{"La organización indicada abajo fue eliminada. Con ella terminaron todas las membresías e invitaciones."},
			button: "No fui yo",
		},
		OrganisationSuspended: {
			event:  "Una organización ha sido suspendida",
			body:   []string{"El operador de este servicio suspendió la organización indicada abajo. Hasta que se restablezca, nadie puede trabajar en ella; no se elimina nada."},
			button: "Ver la organización",
		},
		OrganisationRestored: {
			event:  "Una organización ha sido restablecida",
			body:   []string{"El operador de este servicio levantó la suspensión de la organización indicada abajo. Sus miembros pueden volver a trabajar en ella."},
			button: "Ver la organización",
		},
		TwoFactorRequired: {
			event:  "La verificación en dos pasos es ahora obligatoria",
			body:   []string{"Un titular de la organización indicada abajo decidió que todos los miembros inicien sesión con un segundo factor. Si aún no tiene ninguno, lo configurará en su próximo inicio de sesión; lleva alrededor de un minuto. Necesita su teléfono móvil o una aplicación de autenticación."},
			button: "Configurar ahora",
		},
		TwoFactorNotRequired: {
			event:  "La verificación en dos pasos ya no es obligatoria",
			body:   []string{"La organización indicada abajo ya no exige un segundo factor. Sus propios segundos factores quedan como están y le aconsejamos seguir usándolos."},
			button: "Ver la organización",
		},
		NumberSuggested: {
			event:  "Este número se anotó para códigos de acceso",
			body:   []string{"Un titular de la organización indicada abajo anotó un número de móvil para sus códigos de acceso. Solo se usará cuando usted demuestre, en su próximo inicio de sesión, que es suyo."},
			button: "Ver el número",
		},
		ContactsExported: {
			event:   "Se exportaron contactos",
			counted: "Contactos exportados: {count}",
			body:    []string{"Se exportaron a un archivo contactos de la organización indicada abajo, o se leyeron en gran número página por página, tras un código nuevo. Este mensaje es el comprobante: quién, cuándo, cuántos y con qué código. Con el hash podrá saber más tarde si un archivo es este."},
			button:  "Ver las exportaciones",
		},
		MemberGuessed: {
			event:  "Muchas contraseñas incorrectas de un miembro",
			body:   []string{"Se escribió muchas veces una contraseña incorrecta para un miembro de su organización. Nadie entró, y se ha avisado al miembro. Los intentos siguientes se frenan cada vez más."},
			button: "Ver los miembros",
		},
		DeviceTrusted: {
			event:  "Un navegador es ahora de confianza",
			body:   []string{"Tras un inicio de sesión completo, su perfil confía en el navegador indicado abajo. Hasta la fecha indicada, iniciar sesión en él no pide código donde sus organizaciones lo permiten."},
			button: "No fui yo",
		},
		DevicesEnded: {
			event:  "Terminó la confianza en navegadores",
			body:   []string{"Su perfil ya no confía en navegadores en los que confiaba. El próximo inicio de sesión en ellos pedirá de nuevo un código."},
			button: "No fui yo",
		},
		SupportAsked: {
			event:  "Una solicitud de ayuda está en espera",
			body:   []string{"Alguien ha pedido ayuda al soporte de {product} para lo indicado abajo. La solicitud espera en la consola hasta que un operador la tome."},
			button: "Ver la solicitud",
		},
		SupportStarted: {
			event:  "Se pidió al soporte bajar una protección",
			body:   []string{"El soporte de {product} recibió la solicitud indicada abajo y un operador la revisó. Surte efecto en la fecha indicada, o en cuanto un segundo operador la confirme."},
			linked: "Hasta entonces, cada titular de la organización puede anularla con un clic.",
			button: "Anular la solicitud",
		},
		SupportFactorsRemoved: {
			event:  "El soporte ha retirado segundos factores",
			body:   []string{"Los segundos factores y los navegadores de confianza de la persona indicada abajo ya no cuentan. El próximo inicio de sesión pide la contraseña y un código por correo."},
			button: "No fui yo",
		},
		SupportTwoFactorOff: {
			event:  "El soporte ha desactivado la verificación en dos pasos",
			body:   []string{"La organización indicada abajo ya no exige a sus miembros un segundo factor."},
			button: "No fui yo",
		},
		SupportCancelled: {
			event:  "Una solicitud al soporte ha sido anulada",
			body:   []string{"La solicitud indicada abajo fue anulada. No se cambió nada."},
			button: "Ver la solicitud",
		},
		SupportLookedIn: {
			event:  "El soporte ha visto su organización",
			body:   []string{"Un operador de este servicio abrió la organización indicada abajo para verla. Dura como máximo 30 minutos; mientras tanto no se puede cambiar, enviar ni exportar nada. Queda en su registro de auditoría."},
			button: "Ver el registro de auditoría",
		},
		SupportAnswered: {
			event:  "El soporte ha respondido",
			body:   []string{"El soporte de {product} ha respondido a su solicitud."},
			button: "Ver la solicitud",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Inicie sesión en {site}, revise los miembros y el registro de auditoría de la organización, y quite a quien no deba estar.",
		adviceOwner:  "Pregunte a un titular de la organización: su registro de auditoría dice quién lo hizo y cuándo. No dé su contraseña ni un código a nadie, sea quien sea.",
		adviceNumber: "No tiene que hacer nada. Un número solo se usa cuando su dueño lo ha demostrado; antes nadie puede iniciar sesión con él.",
		adviceExport: "Pregunte de inmediato a la persona indicada arriba. Si fue otra persona, desactive su membresía en la página de usuarios de {site}: así termina su acceso, también al archivo.",
		adviceMember: "Pregunte a la persona indicada arriba si fue ella. Si no, procure que use un segundo factor y una contraseña que no use en ningún otro sitio.",
		adviceCancel: "Anule la solicitud de inmediato; si no puede, escriba al soporte de {product}. No dé contraseñas ni códigos a quien llame por este motivo.",
		adviceAsk:    "Escriba al soporte de {product} e indique la fecha y hora de arriba. El soporte nunca pide una contraseña ni un código.",
		adviceDesk:   "Nada de lo que se escribió allí está demostrado. Asegúrese de quién pide antes de iniciar nada, y anote lo que ha comparado.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "¿Inesperado? Revise los miembros en {site}.",
		adviceOwner:  "¿Inesperado? Pregunte a un titular.",
		adviceNumber: "Usted lo confirma en su próximo acceso. ¿No es suyo? No haga nada.",
		adviceExport: "¿Inesperado? Desactive la membresía en {site}.",
		adviceMember: "Pregunte a esa persona.",
		adviceCancel: "¿No fue usted? Escriba ya a nuestro soporte.",
		adviceAsk:    "¿Preguntas? Escriba a nuestro soporte.",
		adviceDesk:   "Nada de ello está demostrado.",
	},
	label: map[label]string{
		labelUnexpected:   "Si no lo esperaba",
		labelMember:       "Miembro",
		labelBy:           "Hecho por",
		labelUntil:        "Surte efecto",
		labelTrustedUntil: "De confianza hasta",
		labelMethod:       "Método",
		labelRole:         "Rol",
		labelReason:       "Motivo",
		labelContacts:     "Contactos",
		labelHash:         "SHA-256 del archivo",
	},
}
