package wording

// portuguese uses the Brazilian spelling and, where there is a choice, words that read naturally in Portugal too.
var portuguese = book{
	name: "Português",

	textCode:  "{code} é o código {product} {purpose}.",
	textFrom:  "Pedido via {place}.",
	textNever: "Não o diga a ninguém.",
	textLife:  "Vale por {life}.",
	textStaff: "Nunca o pedimos.",
	textEvent: "{product}: {event}.",

	purpose: map[Purpose]string{
		Login:          "para entrar",
		ProveNumber:    "para adicionar este número",
		ChangeNumber:   "para mudar para este número",
		RecoverAccount: "para recuperar o perfil",
		ProveEmail:     "para confirmar este endereço de e-mail",
	},
	action: map[Action]string{
		unknownAction:      "para confirmar uma alteração",
		ChangeUsername:     "para alterar o nome de usuário",
		ChangeEmailAddress: "para alterar o e-mail",
		ChangePassword:     "para alterar a senha",
		ChangeMobileNumber: "para alterar o telefone",
		AddFactor:          "para adicionar um segundo fator",
		RemoveFactor:       "para remover um segundo fator",
		MakeRecoveryCodes:  "para criar novos códigos de recuperação",
		AddRecoveryAddress: "para adicionar um e-mail de recuperação",
		EndSessions:        "para encerrar sessões",
		TurnOffTwoFactor:   "para desativar a verificação em duas etapas",
		CloseProfile:       "para encerrar o perfil",
		ContactsExport:     "para exportar contatos",
		exportOne:          "para exportar 1 contato",
		exportMany:         "para exportar {count} contatos",
		DeleteOrganisation: "para excluir uma organização",
		TransferOwnership:  "para transferir a titularidade",
		APIKeys:            "para gerenciar chaves de API",
		ManageUsers:        "para gerenciar usuários",
	},

	codeSubject: "{product}: código {purpose}",
	codeHeading: "O seu código",
	codeLead:    "Digite este código {purpose}.",
	codeLife:    "É válido por {life}.",
	codeNever:   "Nunca o revele a ninguém. A nossa equipe nunca o pede, nem por telefone nem de outra forma.",

	linkLife:   "O link é válido por {life} e funciona uma só vez.",
	buttonHelp: "Se o botão não funcionar, copie este endereço para o seu navegador:",

	link: map[Link]letterWords{
		VerifyEmail: {
			subject: "Confirme o seu endereço de e-mail",
			body: []string{
				"Alguém se cadastrou em {product} com este endereço de e-mail. Se foi você, confirme o endereço e o cadastro estará concluído.",
			},
			button: "Confirmar endereço de e-mail",
			notYou: "Não faça nada: o endereço fica sem confirmação e não pode ser usado. Se abrir o link, também pode indicar ali que não se cadastrou: o cadastro é então excluído imediatamente.",
		},
		AlreadyRegistered: {
			subject: "Você já tem um perfil",
			body: []string{
				"Alguém tentou se cadastrar em {product} com este endereço de e-mail. Já existe um perfil com ele, por isso nada foi criado nem alterado.",
				"Se foi você, entre. Se esqueceu a sua senha, pode definir uma nova a partir da página de entrada.",
			},
			button: "Entrar",
			notYou: "Não é preciso fazer nada. Quem tentou não fica sabendo que este endereço está cadastrado.",
		},
		ChangeEmail: {
			subject: "Confirme o seu novo endereço de e-mail",
			body: []string{
				"Alguém quer usar este endereço de e-mail em um perfil de {product}. Se foi você, confirme o endereço. Até lá, o anterior continua em uso.",
			},
			button: "Confirmar novo endereço",
			notYou: "Não faça nada. Sem a confirmação, este endereço não é usado.",
		},
		ResetPassword: {
			subject: "Defina uma nova senha",
			body: []string{
				"Alguém pediu para definir uma nova senha para o seu perfil de {product}. Se foi você, abra o link. Se usar um segundo fator, ele também será pedido.",
			},
			button: "Definir nova senha",
			notYou: "Não faça nada: a sua senha continua a mesma. Não repasse este e-mail nem o link a ninguém.",
		},
		ConfirmRecoveryAddress: {
			subject: "Confirme o seu e-mail de recuperação",
			body: []string{
				"Alguém quer usar este endereço de e-mail para recuperar um perfil de {product}. Se foi você, confirme o endereço. Os avisos de segurança passarão a chegar também aqui.",
			},
			button: "Confirmar e-mail de recuperação",
			notYou: "Não faça nada. Sem a confirmação, este endereço não é usado.",
		},
		UnlockLogin: {
			subject: "Entrar depois de muitas senhas erradas",
			body: []string{
				"Foram digitadas muitíssimas senhas erradas para o seu perfil de {product}. Para que estranhos não continuem tentando, os navegadores que não reconhecemos precisam abrir primeiro este link. A sua senha não mudou.",
				"O link dá mais algumas tentativas ao navegador em que for aberto.",
			},
			button: "Continuar para entrar",
			notYou: "Não abra o link. Ninguém entrou. Se usa a mesma senha em outro lugar ou se ela é curta, altere-a em {site} a partir de um navegador que já tenha usado ali.",
		},
		WakeLogin: {
			subject: "Confirme a sua entrada",
			body: []string{
				"O seu perfil de {product} não é usado há mais de 12 meses. A senha correta acaba de ser digitada. Se foi você, abra o link para continuar a entrar.",
			},
			button: "Continuar para entrar",
			notYou: "Não abra o link. Alguém conhece a sua senha: defina uma nova em {site}.",
		},
		Invitation: {
			subject: "Convite para uma organização em {product}",
			body: []string{
				"Você recebeu um convite para participar de uma organização em {product}. Verifique se conhece a organização e a pessoa indicadas abaixo e, depois, aceite.",
				"Se não as conhece, não faça nada. Nada acontece enquanto você não aceitar.",
			},
			button: "Ver o convite",
		},
	},

	notice: map[Notice]noticeWords{
		NewBrowser: {
			event:  "Entrada por um novo navegador",
			body:   []string{"Alguém entrou no seu perfil por um navegador que ainda não tinha sido usado para isso."},
			button: "Não fui eu",
		},
		NumberAdded: {
			event:  "Um número de telefone foi adicionado",
			body:   []string{"Um número de telefone foi adicionado ao seu perfil. Os códigos de entrada já podem ser enviados para ele."},
			button: "Não fui eu",
		},
		NumberChanged: {
			event:  "O seu número de telefone foi alterado",
			body:   []string{"Os códigos de entrada vão agora para o novo número e não mais para o anterior."},
			linked: "Pode cancelar a alteração durante 72 horas.",
			button: "Cancelar a alteração",
		},
		NumberRemoved: {
			event:  "O seu número de telefone foi removido",
			body:   []string{"O número de telefone foi removido do seu perfil. Nenhum código é mais enviado para ele."},
			button: "Não fui eu",
		},
		FactorAdded: {
			event:  "Um segundo fator foi adicionado",
			body:   []string{"Um novo segundo fator foi adicionado ao seu perfil. A partir de agora, ele serve para entrar."},
			button: "Não fui eu",
		},
		FactorRemoved: {
			event:  "Um segundo fator foi removido",
			body:   []string{"Um segundo fator foi removido do seu perfil. Ele já não serve para entrar."},
			button: "Não fui eu",
		},
		FactorOff: {
			event:  "Um segundo fator foi desativado",
			body:   []string{"Houve códigos errados demais seguidos, por isso este fator foi desativado. Para voltar a usá-lo, entre com outro fator ou com um código de recuperação e configure-o de novo."},
			button: "Não fui eu",
		},
		ManyWrongCodes: {
			event:  "Muitos códigos errados",
			body:   []string{"Foram digitados várias vezes códigos errados para o seu perfil. Os códigos são pedidos depois da senha, portanto alguém pode conhecê-la."},
			button: "Alterar a senha",
		},
		RecoveryCodeUsed: {
			event:  "Um código de recuperação foi usado",
			body:   []string{"Um dos seus códigos de recuperação foi usado. Ele não funciona uma segunda vez."},
			button: "Não fui eu",
		},
		RecoveryCodesMade: {
			event:  "Novos códigos de recuperação foram criados",
			body:   []string{"Foram criados novos códigos de recuperação para o seu perfil. Os anteriores já não funcionam."},
			button: "Não fui eu",
		},
		PasswordChanged: {
			event:  "A sua senha foi alterada",
			body:   []string{"A senha do seu perfil foi alterada. As outras sessões foram encerradas."},
			button: "Não fui eu",
		},
		PasswordReset: {
			event:  "A sua senha foi redefinida",
			body:   []string{"Uma nova senha foi definida para o seu perfil por meio de um link enviado por e-mail. Todas as sessões foram encerradas."},
			button: "Não fui eu",
		},
		EmailChanged: {
			event:  "O seu endereço de e-mail foi alterado",
			body:   []string{"O seu perfil usa agora outro endereço de e-mail. Esta mensagem vai para o anterior, que já não serve para entrar."},
			button: "Cancelar a alteração",
		},
		UsernameChanged: {
			event:  "O seu nome de usuário foi alterado",
			body:   []string{"O seu perfil tem um novo nome de usuário. O anterior já não serve para entrar."},
			button: "Não fui eu",
		},
		TwoFactorOff: {
			event:  "A verificação em duas etapas foi desativada",
			body:   []string{"A verificação em duas etapas foi desativada no seu perfil. A senha é agora a sua principal proteção."},
			button: "Não fui eu",
		},
		ManyWrongPasswords: {
			event:  "Várias senhas erradas",
			body:   []string{"Uma senha errada foi digitada várias vezes para o seu perfil. Ninguém entrou. Se foi você, não é preciso fazer nada."},
			button: "Alterar a senha",
		},
		StopReceived: {
			event:  "STOP foi recebido do seu número",
			body:   []string{"Do seu número de telefone chegou um SMS com a palavra STOP. Os seus próprios códigos de entrada continuam a ser enviados para ele; mais ninguém pode fazer com que códigos sejam enviados para lá. Se já não quiser receber códigos nesse número, remova-o do seu perfil."},
			button: "Não fui eu",
		},
		RecoveryAddressAdded: {
			event:  "Um e-mail de recuperação foi adicionado",
			body:   []string{"Um e-mail de recuperação foi adicionado ao seu perfil. Ele recebe os avisos de segurança e pode ajudar a recuperar o perfil."},
			button: "Não fui eu",
		},
		RecoveryAddressRemoved: {
			event:  "Um e-mail de recuperação foi removido",
			body:   []string{"O e-mail de recuperação foi removido do seu perfil. Ele já não recebe avisos."},
			button: "Não fui eu",
		},
		SessionsEnded: {
			event:  "Sessões foram encerradas",
			body:   []string{"Sessões do seu perfil foram encerradas. Quem as usava precisa entrar de novo."},
			button: "Não fui eu",
		},
		ProfileClosed: {
			event:  "O seu perfil foi encerrado",
			body:   []string{"O seu perfil foi encerrado, assim como todas as suas sessões. Ninguém mais pode entrar nele."},
			button: "Não fui eu",
		},
		PasskeyCloned: {
			event:  "Uma chave de acesso pode ter sido copiada",
			body:   []string{"Uma chave de acesso (passkey) do seu perfil indicou menos usos do que antes. Isso pode significar que existe uma cópia, por isso a entrada foi recusada."},
			button: "Não fui eu",
		},
		SpendHalf: {
			event:  "Metade do orçamento de hoje para códigos foi gasta",
			body:   []string{"Metade do orçamento diário para códigos por SMS foi gasta. Quando se esgotar, não serão enviados mais códigos deste tipo até amanhã."},
			button: "Ver a proteção de envios",
		},
		SpendOut: {
			event:  "O orçamento de hoje para códigos se esgotou",
			body:   []string{"O orçamento diário para códigos por SMS se esgotou. Não serão enviados mais códigos deste tipo até amanhã ou até que o orçamento seja aumentado."},
			button: "Ver a proteção de envios",
		},
	},

	advice: map[advice]string{
		adviceIgnore:   "Não é preciso fazer nada: sem o código, nada acontece. Não o passe a ninguém, seja quem for que o peça.",
		advicePassword: "Alguém pode conhecer a sua senha. Entre em {site} e altere-a imediatamente. Não passe nenhum código a ninguém.",
		adviceSecure:   "Entre imediatamente em {site}, altere a sua senha, encerre todas as outras sessões e verifique os seus segundos fatores. Se já não conseguir entrar, defina uma nova senha a partir da página de entrada.",
		adviceReset:    "Defina imediatamente uma nova senha a partir da página de entrada de {site}. Se não conseguir, escreva ao suporte de {product}{support}.",
		adviceSupport:  "Escreva imediatamente ao suporte de {product}{support} e diga quando aconteceu. Não espere: quanto mais cedo se souber, mais se pode desfazer.",
		adviceGuess:    "Alguém está tentando adivinhar a sua senha. Altere-a se for curta ou se a usar em outro lugar, e adicione um segundo fator.",
		adviceOperator: "Se não esperava isto, veja para que países e prefixos os códigos são enviados antes de aumentar o orçamento. Um crescimento repentino é muitas vezes fraude.",
	},
	adviceText: map[advice]string{
		adviceIgnore:   "Não foi você? Não faça nada.",
		advicePassword: "Não foi você? Altere a sua senha em {site}.",
		adviceSecure:   "Não foi você? Altere já a sua senha em {site}.",
		adviceReset:    "Não foi você? Defina já uma nova senha em {site}.",
		adviceSupport:  "Não foi você? Escreva já ao nosso suporte.",
		adviceGuess:    "Não foi você? Altere a sua senha se for curta.",
		adviceOperator: "Veja primeiro os países e prefixos.",
	},
	cancelText: map[Notice]string{
		NumberChanged: "Não foi você? Cancele em até 72 horas: {url}",
		anyNotice:     "Não foi você? Cancele: {url}",
	},

	label: map[label]string{
		labelNotYou:       "Se não foi você",
		labelProfile:      "Perfil",
		labelInviter:      "Convite de",
		labelOrganisation: "Organização",
		labelWhen:         "Data e hora",
		labelDevice:       "Navegador",
		labelAddress:      "Endereço IP",
		labelCountry:      "País",
		labelConcerns:     "Refere-se a",
		labelNumber:       "Número de telefone",
		labelNewNumber:    "Novo número de telefone",
		labelFactor:       "Fator",
		labelEmail:        "Endereço de e-mail",
		labelNewEmail:     "Novo endereço de e-mail",
		labelUsername:     "Novo nome de usuário",
		labelSpent:        "Gasto",
		labelFailures:     "Tentativas erradas seguidas",
		labelTries:        "Tentativas",
		labelCodesLeft:    "Códigos de recuperação restantes",
	},
	footProfile:  "{product} envia esta mensagem pela segurança do seu perfil. Ela não pode ser desativada.",
	footAll:      "Nunca pedimos a sua senha nem um código, seja por e-mail, por SMS ou por telefone.",
	footOperator: "{product} envia esta mensagem a quem administra o serviço.",

	on: "{browser} no {system}",
	months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
		"outubro", "novembro", "dezembro"},
	date:      "{day} de {month} de {year}, {time}",
	shortDate: "{dd}/{mm} {time}",
	thousands: ".",
	minutes:   [2]string{"1 minuto", "{n} minutos"},
	hours:     [2]string{"1 hora", "{n} horas"},
}
