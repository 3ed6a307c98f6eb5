package wording

var spanish = book{
	name: "Español",

	textCode:  "{code} es su código {product} {purpose}.",
	textFrom:  "Pedido desde {place}.",
	textNever: "No lo comparta.",
	textLife:  "Vale {life}.",
	textStaff: "Nunca se lo pedimos.",
	textEvent: "{product}: {event}.",

	purpose: map[Purpose]string{
		Login:          "para entrar",
		ProveNumber:    "para agregar este número",
		ChangeNumber:   "para cambiar a este número",
		RecoverAccount: "para recuperar su perfil",
		ProveEmail:     "para confirmar este correo",
	},
	action: map[Action]string{
		unknownAction:      "para confirmar un cambio",
		ChangeUsername:     "para cambiar su nombre de usuario",
		ChangeEmailAddress: "para cambiar su correo electrónico",
		ChangePassword:     "para cambiar su contraseña",
		ChangeMobileNumber: "para cambiar su número de móvil",
		AddFactor:          "para agregar un segundo factor",
		RemoveFactor:       "para quitar un segundo factor",
		MakeRecoveryCodes:  "para crear códigos de recuperación nuevos",
		AddRecoveryAddress: "para agregar un correo de recuperación",
		EndSessions:        "para cerrar sesiones",
		TurnOffTwoFactor:   "para desactivar la verificación en dos pasos",
		CloseProfile:       "para cerrar su perfil",
		ContactsExport:     "para exportar contactos",
		exportOne:          "para exportar 1 contacto",
		exportMany:         "para exportar {count} contactos",
		DeleteOrganisation: "para eliminar una organización",
		TransferOwnership:  "para transferir la titularidad",
		APIKeys:            "para gestionar claves de API",
		ManageUsers:        "para gestionar usuarios",
	},

	codeSubject: "{product}: código {purpose}",
	codeHeading: "Su código",
	codeLead:    "Escriba este código {purpose}.",
	codeLife:    "Es válido durante {life}.",
	codeNever:   "No se lo diga a nadie. Nuestro personal nunca lo pide, ni por teléfono ni por otro medio.",

	linkLife:   "El enlace es válido durante {life} y sirve una sola vez.",
	buttonHelp: "Si el botón no funciona, copie esta dirección en su navegador:",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Confirme su correo electrónico",
			body: []string{
				"Alguien se registró en {product} con esta dirección de correo. Si fue usted, confirme la dirección y el registro quedará completo.",
			},
			button: "Confirmar correo electrónico",
			notYou: "No haga nada: la dirección queda sin confirmar y no se puede usar. Si abre el enlace, también puede indicar allí que no se registró: el registro se elimina entonces de inmediato.",
		},
		AlreadyRegistered: {
			subject: "Ya tiene un perfil",
			body: []string{
				"Alguien intentó registrarse en {product} con esta dirección de correo. Ya existe un perfil con ella, así que no se creó ni se cambió nada.",
				"Si fue usted, inicie sesión. Si olvidó su contraseña, puede establecer una nueva desde la página de inicio de sesión.",
			},
			button: "Iniciar sesión",
			notYou: "No tiene que hacer nada. Quien lo intentó no llega a saber que esta dirección está registrada.",
		},
		ChangeEmail: {
			subject: "Confirme su nuevo correo electrónico",
			body: []string{
				"Alguien quiere usar esta dirección de correo para un perfil de {product}. Si es usted, confirme la dirección. Hasta entonces se sigue usando la anterior.",
			},
			button: "Confirmar nueva dirección",
			notYou: "No haga nada. Sin la confirmación, esta dirección no se usa.",
		},
		ResetPassword: {
			subject: "Establezca una contraseña nueva",
			body: []string{
				"Alguien pidió establecer una contraseña nueva para su perfil de {product}. Si fue usted, abra el enlace. Si usa un segundo factor, también se le pedirá.",
			},
			button: "Establecer contraseña nueva",
			notYou: "No haga nada: su contraseña sigue igual. No reenvíe este correo ni el enlace a nadie.",
		},
		ConfirmRecoveryAddress: {
			subject: "Confirme su correo de recuperación",
			body: []string{
				"Alguien quiere usar esta dirección de correo para recuperar un perfil de {product}. Si es usted, confirme la dirección. Los avisos de seguridad llegarán entonces también aquí.",
			},
			button: "Confirmar correo de recuperación",
			notYou: "No haga nada. Sin la confirmación, esta dirección no se usa.",
		},
		UnlockLogin: {
			subject: "Iniciar sesión tras muchas contraseñas incorrectas",
			body: []string{
				"Se introdujeron muchísimas contraseñas incorrectas para su perfil de {product}. Para que nadie ajeno siga probando, los navegadores que no reconocemos deben abrir primero este enlace. Su contraseña no ha cambiado.",
				"El enlace da algunos intentos más al navegador en el que lo abra.",
			},
			button: "Continuar al inicio de sesión",
			notYou: "No abra el enlace. Nadie ha entrado. Si usa la misma contraseña en otro sitio o si es corta, cámbiela en {site} desde un navegador que ya haya usado allí.",
		},
		WakeLogin: {
			subject: "Confirme su inicio de sesión",
			body: []string{
				"Su perfil de {product} no se ha usado desde hace más de 12 meses. Acaba de introducirse la contraseña correcta. Si fue usted, abra el enlace para seguir con el inicio de sesión.",
			},
			button: "Continuar al inicio de sesión",
			notYou: "No abra el enlace. Alguien conoce su contraseña: establezca una nueva en {site}.",
		},
		Invitation: {
			subject: "Invitación a una organización en {product}",
			body: []string{
				"Ha recibido una invitación para unirse a una organización en {product}. Compruebe que conoce la organización y a la persona indicadas abajo y, después, acepte.",
				"Si no las conoce, no haga nada. No ocurre nada mientras no acepte.",
			},
			button: "Ver la invitación",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Acceso desde un navegador nuevo",
			body:   []string{"Alguien inició sesión en su perfil desde un navegador que hasta ahora no se había usado para ello."},
			button: "No fui yo",
		},
		NumberAdded: {
			event:  "Nuevo número de móvil en su perfil",
			body:   []string{"Se agregó un número de móvil a su perfil. A partir de ahora se le pueden enviar códigos de acceso."},
			button: "No fui yo",
		},
		NumberChanged: {
			event:  "Su número de móvil ha cambiado",
			body:   []string{"Los códigos de acceso se envían ahora al número nuevo y ya no al anterior."},
			linked: "Puede anular el cambio durante 72 horas.",
			button: "Anular el cambio",
		},
		NumberRemoved: {
			event:  "Su número de móvil ha sido quitado",
			body:   []string{"Se quitó el número de móvil de su perfil. Ya no se le envían códigos."},
			button: "No fui yo",
		},
		FactorAdded: {
			event:  "Nuevo segundo factor en su perfil",
			body:   []string{"Se agregó un segundo factor a su perfil. A partir de ahora sirve para iniciar sesión."},
			button: "No fui yo",
		},
		FactorRemoved: {
			event:  "Un segundo factor ha sido quitado",
			body:   []string{"Se quitó un segundo factor de su perfil. Ya no sirve para iniciar sesión."},
			button: "No fui yo",
		},
		FactorOff: {
			event:  "Un segundo factor ha sido desactivado",
			body:   []string{"Hubo demasiados códigos incorrectos seguidos, por lo que este factor se desactivó. Para volver a usarlo, inicie sesión con otro factor o con un código de recuperación y configúrelo de nuevo."},
			button: "No fui yo",
		},
		ManyWrongCodes: {
			event:  "Muchos códigos incorrectos",
			body:   []string{"Se introdujeron varias veces códigos incorrectos para su perfil. Los códigos se piden después de la contraseña, así que alguien podría conocerla."},
			button: "Cambiar la contraseña",
		},
		RecoveryCodeUsed: {
			event:  "Un código de recuperación ha sido usado",
			body:   []string{"Se usó uno de sus códigos de recuperación. No funciona una segunda vez."},
			button: "No fui yo",
		},
		RecoveryCodesMade: {
			event:  "Nuevos códigos de recuperación",
			body:   []string{"Se crearon códigos de recuperación nuevos para su perfil. Los anteriores ya no funcionan."},
			button: "No fui yo",
		},
		PasswordChanged: {
			event:  "Su contraseña ha cambiado",
			body:   []string{"Se cambió la contraseña de su perfil. Las demás sesiones se cerraron."},
			button: "No fui yo",
		},
		PasswordReset: {
			event:  "Su contraseña ha sido restablecida",
			body:   []string{"Se estableció una contraseña nueva para su perfil mediante un enlace enviado por correo. Se cerraron todas las sesiones."},
			button: "No fui yo",
		},
		EmailChanged: {
			event:  "Su correo electrónico ha cambiado",
			body:   []string{"Su perfil usa ahora otra dirección de correo. Este mensaje va a la anterior, que ya no sirve para iniciar sesión."},
			button: "Anular el cambio",
		},
		UsernameChanged: {
			event:  "Su nombre de usuario ha cambiado",
			body:   []string{"Su perfil tiene un nombre de usuario nuevo. El anterior ya no sirve para iniciar sesión."},
			button: "No fui yo",
		},
		TwoFactorOff: {
			event:  "La verificación en dos pasos ha sido desactivada",
			body:   []string{"Se desactivó la verificación en dos pasos de su perfil. Ahora la contraseña es su protección principal."},
			button: "No fui yo",
		},
		ManyWrongPasswords: {
			event:  "Varias contraseñas incorrectas",
			body:   []string{"Se introdujo varias veces una contraseña incorrecta para su perfil. Nadie ha entrado. Si fue usted, no tiene que hacer nada."},
			button: "Cambiar la contraseña",
		},
		StopReceived: {
			event:  "STOP recibido desde su número",
			body:   []string{"Desde su número de móvil llegó un SMS con la palabra STOP. Sus propios códigos de acceso se le siguen enviando; nadie más puede hacer que se envíen códigos allí. Si ya no quiere recibir códigos en ese número, quítelo de su perfil."},
			button: "No fui yo",
		},
		RecoveryAddressAdded: {
			event:  "Nuevo correo de recuperación",
			body:   []string{"Se agregó un correo de recuperación a su perfil. Recibe los avisos de seguridad y puede ayudar a recuperar el perfil."},
			button: "No fui yo",
		},
		RecoveryAddressRemoved: {
			event:  "Un correo de recuperación ha sido quitado",
			body:   []string{"Se quitó el correo de recuperación de su perfil. Ya no recibe avisos."},
			button: "No fui yo",
		},
		SessionsEnded: {
			event:  "Sesiones cerradas",
			body:   []string{"Se cerraron sesiones de su perfil. Quien las usaba debe volver a iniciar sesión."},
			button: "No fui yo",
		},
		ProfileClosed: {
			event:  "Su perfil ha sido cerrado",
			body:   []string{"Se cerró su perfil y terminaron todas sus sesiones. Ya nadie puede iniciar sesión en él."},
			button: "No fui yo",
		},
		PasskeyCloned: {
			event:  "Posible copia de una llave de acceso",
			body:   []string{"Una llave de acceso (passkey) de su perfil indicó menos usos que antes. Eso puede significar que existe una copia, por lo que se rechazó el inicio de sesión."},
			button: "No fui yo",
		},
		SpendHalf: {
			event:  "La mitad del presupuesto de hoy para códigos se ha gastado",
			body:   []string{"Se ha gastado la mitad del presupuesto diario para códigos por SMS. Cuando se agote, no saldrán más códigos de este tipo hasta mañana."},
			button: "Ver la protección de envíos",
		},
		SpendOut: {
			event:  "El presupuesto de hoy para códigos se ha agotado",
			body:   []string{"Se ha agotado el presupuesto diario para códigos por SMS. No saldrán más códigos de este tipo hasta mañana o hasta que se aumente el presupuesto."},
			button: "Ver la protección de envíos",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "No tiene que hacer nada: sin el código no ocurre nada. No se lo dé a nadie, sea quien sea.",
		advicePassword: "Es posible que alguien conozca su contraseña. Inicie sesión en {site} y cámbiela de inmediato. No dé ningún código a nadie.",
		adviceSecure:   "Inicie sesión en {site} de inmediato, cambie su contraseña, cierre todas las demás sesiones y revise sus segundos factores. Si ya no puede iniciar sesión, establezca una contraseña nueva desde la página de inicio de sesión.",
		adviceReset:    "Establezca de inmediato una contraseña nueva desde la página de inicio de sesión de {site}. Si no lo consigue, escriba al soporte de {product}{support}.",
		adviceSupport:  "Escriba de inmediato al soporte de {product}{support} e indique cuándo ocurrió. No espere: cuanto antes se sepa, más se puede deshacer.",
		adviceGuess:    "Alguien intenta adivinar su contraseña. Cámbiela si es corta o si la usa en otro sitio, y agregue un segundo factor.",
		adviceOperator: "Si no lo esperaba, compruebe a qué países y prefijos se envían los códigos antes de aumentar el presupuesto. Un crecimiento repentino suele ser fraude.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "¿No fue usted? No haga nada.",
		advicePassword: "¿No fue usted? Cambie su contraseña en {site}.",
		adviceSecure:   "¿No fue usted? Cambie ya su contraseña en {site}.",
		adviceReset:    "¿No fue usted? Establezca ya otra contraseña en {site}.",
		adviceSupport:  "¿No fue usted? Escriba ya a nuestro soporte.",
		adviceGuess:    "¿No fue usted? Cambie su contraseña si es corta.",
		adviceOperator: "Compruebe antes los países y prefijos.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "¿No fue usted? Puede anularlo durante 72 horas: {url}",
		anyNotice:     "¿No fue usted? Puede anularlo: {url}",
	},

	label: map[label]string{
		labelNotYou:       "Si no fue usted",
		labelProfile:      "Perfil",
		labelInviter:      "Invitación de",
		labelOrganisation: "Organización",
		labelWhen:         "Fecha y hora",
		labelDevice:       "Navegador",
		labelAddress:      "Dirección IP",
		labelCountry:      "País",
		labelConcerns:     "Se refiere a",
		labelNumber:       "Número de móvil",
		labelNewNumber:    "Nuevo número de móvil",
		labelFactor:       "Factor",
		labelEmail:        "Correo electrónico",
		labelNewEmail:     "Nuevo correo electrónico",
		labelUsername:     "Nuevo nombre de usuario",
		labelSpent:        "Gastado",
		labelFailures:     "Intentos incorrectos seguidos",
		labelTries:        "Intentos",
		labelCodesLeft:    "Códigos de recuperación restantes",
	},
	footProfile:  "{product} envía este mensaje por la seguridad de su perfil. No se puede desactivar.",
	footAll:      "Nunca pedimos su contraseña ni un código, ni por correo, ni por SMS, ni por teléfono.",
	footOperator: "{product} envía este mensaje a quienes administran el servicio.",

	on: "{browser} en {system}",
	months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
		"octubre", "noviembre", "diciembre"},
	date:      "{day} de {month} de {year}, {time}",
	shortDate: "{dd}/{mm} {time}",
	thousands: "\u202f",
	minutes:   [2]string{"1 minuto", "{n} minutos"},
	hours:     [2]string{"1 hora", "{n} horas"},
}
