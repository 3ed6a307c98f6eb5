package wording

var portugueseTeam = book{
	textUntil: "Efeito: {until}.",
	textBy:    "por {by}",
	action: map[Action]string{
		EnterOrganisation: "para abrir uma organização",
		ChangePolicy:      "para alterar as regras de entrada",
		BusinessDetails:   "para alterar os dados da empresa",
	},
	word: map[string]string{
		"owner": "proprietário", "member": "membro", "password": "senha", "email": "código por e-mail", "sms": "código por SMS",
		"totp": "aplicativo autenticador", "passkey": "chave de acesso", "recovery": "código de recuperação",
		"lost_phone":     "recomeço da verificação em duas etapas por telefone perdido",
		"two_factor_off": "fim da verificação em duas etapas da organização",
		"other":          "outro pedido",
	},
	notice: map[Notice]noticeWords{
		InvitationAccepted: {
			event:  "Você entrou em uma organização",
			body:   []string{"O convite para a organização indicada abaixo foi aceito com o seu perfil. Agora você é membro dela."},
			button: "Não fui eu",
		},
		MemberJoined: {
			event:  "Um membro entrou na organização",
			body:   []string{"A pessoa indicada abaixo aceitou o convite e agora é membro da sua organização."},
			button: "Ver os membros",
		},
		MemberRemoved: {
			event:  "Uma participação foi encerrada",
			body:   []string{"A participação na organização indicada abaixo foi encerrada. Sessões abertas, códigos pedidos e navegadores confiáveis já não a abrem."},
			button: "Ver os membros",
		},
		MemberDisabled: {
			event:  "Uma participação foi desativada",
			body:   []string{"A participação na organização indicada abaixo foi desativada. Até que um proprietário a ative de novo, ela não abre a organização."},
			button: "Ver os membros",
		},
		MemberEnabled: {
			event:  "Uma participação foi ativada de novo",
			body:   []string{"A participação na organização indicada abaixo foi ativada de novo. Ela abre a organização a partir da próxima entrada."},
			button: "Ver os membros",
		},
		MethodChanged: {
			event:  "Um método de entrada foi alterado",
			body:   []string{"Um proprietário escolheu como este membro se identifica na organização indicada abaixo. Sessões e navegadores confiáveis anteriores já não a abrem: a próxima entrada pedirá o novo método."},
			button: "Ver os membros",
		},
		RoleChanged: {
			event:  "Um papel foi alterado",
			body:   []string{"O papel de um membro na organização indicada abaixo foi alterado. Vale a partir do próximo clique."},
			button: "Ver os membros",
		},
		OwnershipTransferred: {
			event:  "A propriedade foi transferida",
			body:   []string{"A organização indicada abaixo tem um novo proprietário. O anterior agora é membro. Antes foram pedidos a senha e um código."},
			button: "Ver os membros",
		},
		OrganisationDeleted: {
			event:  "Uma organização foi excluída",
			body:   []string{"A organização indicada abaixo foi excluída. Todas as participações e convites terminaram com ela."},
			button: "Não fui eu",
		},
		OrganisationSuspended: {
			event:  "Uma organização foi suspensa",
			body:   []string{"O operador deste serviço suspendeu a organização indicada abaixo. Até ser restaurada, ninguém pode trabalhar nela; nada é excluído."},
			button: "Ver a organização",
		},
		OrganisationRestored: {
			event:  "Uma organização foi restaurada",
			body:   []string{"O operador deste serviço retirou a suspensão da organização indicada abaixo. Os seus membros podem voltar a trabalhar nela."},
			button: "Ver a organização",
		},
		TwoFactorRequired: {
			event:  "A verificação em duas etapas agora é obrigatória",
			body:   []string{"Um proprietário da organização indicada abaixo decidiu que todos os membros entram com um segundo fator. Se ainda não tem um, você o configura na próxima entrada; leva cerca de um minuto. Você precisa do seu celular ou de um aplicativo autenticador."},
			button: "Configurar agora",
		},
		TwoFactorNotRequired: {
			event:  "A verificação em duas etapas já não é obrigatória",
			body:   []string{"A organização indicada abaixo já não exige um segundo fator. Os seus próprios segundos fatores ficam como estão e recomendamos que continue a usá-los."},
			button: "Ver a organização",
		},
		NumberSuggested: {
			event:  "Este número foi indicado para códigos de entrada",
			body:   []string{"Um proprietário da organização indicada abaixo informou um número de telefone para os seus códigos de entrada. Ele só será usado depois que você provar, na próxima entrada, que é seu."},
			button: "Ver o número",
		},
		ContactsExported: {
			event:   "Contatos foram exportados",
			counted: "Contatos exportados: {count}",
			body:    []string{"Contatos da organização indicada abaixo foram exportados para um arquivo, ou lidos em grande número página por página, após um novo código. Esta mensagem é o recibo: quem, quando, quantos e com que código. Pelo hash você pode saber mais tarde se um arquivo é este."},
			button:  "Ver as exportações",
		},
		MemberGuessed: {
			event:  "Muitas senhas erradas de um membro",
			body:   []string{"Uma senha errada foi digitada muitas vezes para um membro da sua organização. Ninguém entrou, e o membro foi avisado. As próximas tentativas ficam cada vez mais lentas."},
			button: "Ver os membros",
		},
		DeviceTrusted: {
			event:  "Um navegador agora é confiável",
			body:   []string{"Depois de uma entrada completa, o seu perfil confia no navegador indicado abaixo. Até a data indicada, entrar por ele não pede código onde as suas organizações permitem."},
			button: "Não fui eu",
		},
		DevicesEnded: {
			event:  "Navegadores deixaram de ser confiáveis",
			body:   []string{"O seu perfil já não confia em navegadores em que confiava. A próxima entrada por eles pedirá de novo um código."},
			button: "Não fui eu",
		},
		SupportAsked: {
			event:  "Um pedido de ajuda está à espera",
			body:   []string{"Alguém pediu ajuda ao suporte de {product} para o que está indicado abaixo. O pedido espera no console até que um operador o assuma."},
			button: "Ver o pedido",
		},
		SupportStarted: {
			event:  "O suporte vai reduzir uma proteção",
			body:   []string{"O suporte de {product} recebeu o pedido indicado abaixo e um operador o verificou. Ele entra em vigor na data indicada, ou assim que um segundo operador o confirmar."},
			linked: "Até lá, cada proprietário da organização pode cancelá-lo com um clique.",
			button: "Cancelar o pedido",
		},
		SupportFactorsRemoved: {
			event:  "O suporte removeu segundos fatores",
			body:   []string{"Os segundos fatores e navegadores confiáveis da pessoa indicada abaixo já não contam. A próxima entrada pede a senha e um código por e-mail."},
			button: "Não fui eu",
		},
		SupportTwoFactorOff: {
			event:  "O suporte desativou a verificação em duas etapas",
			body:   []string{"A organização indicada abaixo já não exige dos membros um segundo fator."},
			button: "Não fui eu",
		},
		SupportCancelled: {
			event:  "Um pedido ao suporte foi cancelado",
			body:   []string{"O pedido indicado abaixo foi cancelado. Nada foi alterado."},
			button: "Ver o pedido",
		},
		SupportLookedIn: {
			event:  "O suporte consultou a sua organização",
			body:   []string{"Um operador deste serviço abriu a organização indicada abaixo para consultá-la. Dura no máximo 30 minutos; nesse tempo nada pode ser alterado, enviado ou exportado. Fica no seu registro de auditoria."},
			button: "Ver o registro de auditoria",
		},
		SupportAnswered: {
			event:  "O suporte respondeu",
			body:   []string{"O suporte de {product} respondeu ao seu pedido."},
			button: "Ver o pedido",
		},
	},
	advice: map[advice]string{
		adviceTeam:   "Entre em {site}, veja os membros e o registro de auditoria da organização e remova quem não deve estar lá.",
		adviceOwner:  "Pergunte a um proprietário da organização: o registro de auditoria diz quem o fez e quando. Não passe a sua senha nem um código a ninguém, seja quem for que o peça.",
		adviceNumber: "Não é preciso fazer nada. Um número só é usado depois que o dono o provou; antes disso, ninguém pode entrar com ele.",
		adviceExport: "Pergunte imediatamente à pessoa indicada acima. Se foi outra pessoa, desative a participação dela na página de usuários de {site}: assim termina o acesso dela, também ao arquivo.",
		adviceMember: "Pergunte à pessoa indicada acima se foi ela. Se não, cuide para que use um segundo fator e uma senha que não use em nenhum outro lugar.",
		adviceCancel: "Cancele o pedido imediatamente; se não conseguir, escreva ao suporte de {product}. Não dê senha nem código a quem ligar por causa disso.",
		adviceAsk:    "Escreva ao suporte de {product} e diga a data e a hora acima. O suporte nunca pede uma senha nem um código.",
		adviceDesk:   "Nada do que ali foi escrito está provado. Certifique-se de quem pede antes de iniciar qualquer coisa, e anote o que comparou.",
	},
	adviceText: map[advice]string{
		adviceTeam:   "Inesperado? Veja os membros em {site}.",
		adviceOwner:  "Inesperado? Pergunte a um proprietário.",
		adviceNumber: "Você o confirma na próxima entrada. Não é seu? Não faça nada.",
		adviceExport: "Inesperado? Desative a participação em {site}.",
		adviceMember: "Pergunte a essa pessoa.",
		adviceCancel: "Não foi você? Escreva já ao nosso suporte.",
		adviceAsk:    "Perguntas? Escreva ao nosso suporte.",
		adviceDesk:   "Nada disso está provado.",
	},
	label: map[label]string{
		labelUnexpected:   "Se não esperava isto",
		labelMember:       "Membro",
		labelBy:           "Feito por",
		labelUntil:        "Entra em vigor",
		labelTrustedUntil: "Confiável até",
		labelMethod:       "Método",
		labelRole:         "Papel",
		labelReason:       "Motivo",
		labelContacts:     "Contatos",
		labelHash:         "SHA-256 do arquivo",
	},
}
