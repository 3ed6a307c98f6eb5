package main

import "watchword/web/look"

func mails() map[look.MailKind]look.MailText {
	return map[look.MailKind]look.MailText{
		look.CodeMail: {Title: "Your code to log in", Preview: "Good for 10 minutes. Never read it out to anyone.", Code: "493017",
			Lines: []string{"This code logs you in to Watchword as maya.okafor."},
			Notes: []string{"Good for 10 minutes, in the browser where you asked for it.", "Never read it out to anyone: our staff do not ask for it. If it was not you, change your password."},
			Foot:  "You get this because you log in to Watchword with this address."},
		look.LinkMail: {Title: "Confirm your email address", Link: "https://watchword.example/confirm/Zx7", LinkLabel: "Confirm address", LinkHint: "Or copy this address into your browser:",
			Lines: []string{"You registered as maya.okafor. One press, and this address is yours in Watchword."},
			Notes: []string{"Good for 24 hours. If you did not register, open it and choose “I did not register”."}},
		look.NoticeMail: {Title: "Your mobile number was changed", Lines: []string{"From now on your codes go to the new number."},
			Facts: []look.MailFact{{Label: "When", Value: "Today 08:41"}, {Label: "Browser", Value: "Firefox on macOS"}, {Label: "Address", Value: "192.0.2.17"}, {Label: "New number", Value: "07700 ••• 123"}},
			Link:  "https://watchword.example/cancel/Zx7", LinkLabel: "This was not me", Notes: []string{"The link only cancels; it cannot change anything else."}},
	}
}
