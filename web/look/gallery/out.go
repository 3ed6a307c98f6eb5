package main

import "watchword/web/look"

var countries = []look.Country{{Code: "FR", Name: "France", Dial: "33"}, {Code: "DE", Name: "Germany", Dial: "49"}, {Code: "IE", Name: "Ireland", Dial: "353"}, {Code: "GB", Name: "United Kingdom", Dial: "44"}}

func registerForm(captcha bool) map[string]any {
	problems := look.Problems{}
	problems.Add("username", "Remove the space from your username")
	email := look.Email("email", "maya@harbourdental.example", "")
	email.Hint = "We will send a link here to check that it is yours"
	form := map[string]any{
		"Problems": problems,
		"Username": look.Text{Name: "username", Label: "Username", Hint: "You can log in with this or your email address", Value: "maya okafor",
			Error: problems.For("username"), Autocomplete: "username", Literal: true},
		"Email": email,
		"Password": look.Password{Name: "password", Label: "Password", Hint: "Three or four unrelated words make a good one", New: true, Meter: true,
			Rules: []look.Rule{{Text: "At least 15 characters", Least: 15}, {Text: "Does not contain your username or email address", Without: "username email"}, {Text: "Not on the list of common passwords"}}},
		"Terms":    look.Tick{Name: "terms", Label: look.HTML(`I agree to the <a href="/terms">terms of use</a> and the <a href="/privacy">privacy notice</a>`), Checked: true},
		"Register": look.Button{Label: "Register", Kind: look.Filled, Full: true, Busy: "Registering"},
	}
	if captcha {
		form["Captcha"] = look.Captcha{Name: "altcha", Challenge: "/captcha"}
	}
	return form
}

func codeForm(rail look.Delivery, problem string, left int) map[string]any {
	resend := look.Button{Label: "Send a new code", FormAction: "/login/resend", Wait: 24}
	if problem != "" {
		resend = look.Button{Label: "Send a new code", FormAction: "/login/resend"}
	}
	var problems look.Problems
	if left < 5 {
		problems.Add("code", problem)
	}
	return map[string]any{
		"Problems": problems,
		"Purpose": look.Banner{Icon: "log-in", Title: "This code logs you in",
			Words: "to Watchword as maya.okafor. Never read it out to anyone: our staff do not ask for it."},
		"Code":   look.Code{Name: "code", Label: "Code", Hint: look.HTML(`6 digits.<span class="js-only"> We check it after the last one.</span>`), GoodUntil: "08:51", Left: left, Of: 5, Error: problems.For("code"), Autofocus: true},
		"Rail":   rail,
		"Trust":  look.Tick{Name: "trust", Label: "Trust this device for 30 days", Note: "Not on a shared computer"},
		"Go":     look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Checking"},
		"Resend": resend,
		"Ways": look.Ways{Title: "Other ways to prove it is you", Items: []look.Way{
			{Icon: "fingerprint-pattern", Title: "Passkey", Note: "MacBook, phone or security key", Href: "/login/passkey"},
			{Icon: "smartphone", Title: "Authenticator app", Note: "6 digits from the app", Href: "/login/app"},
			{Icon: "life-buoy", Title: "Recovery code", Note: "8 of your 10 codes are left", Href: "/login/recovery"},
		}},
	}
}

func waiting() look.Delivery {
	return look.Delivery{Poll: "/rail", Words: "Your phone network has it. This usually takes 3 seconds.", Steps: []look.Step{
		{Word: "Queued", Time: "08:41:02", State: look.StepDone}, {Word: "Sent", Time: "08:41:03", State: look.StepDone}, {Word: "Delivered", Time: "Waiting…", State: look.StepNow}}}
}

func delivered() look.Delivery {
	return look.Delivery{Words: "Your phone network says the SMS has arrived.", Steps: []look.Step{
		{Word: "Queued", Time: "08:41:02", State: look.StepDone}, {Word: "Sent", Time: "08:41:03", State: look.StepDone}, {Word: "Delivered", Time: "08:41:06", State: look.StepDone}}}
}

func failed() look.Delivery {
	return look.Delivery{Words: look.HTML(`Your phone could not be reached. Switch it on and <a href="#resend">send a new code</a>, or use another way below.`), Steps: []look.Step{
		{Word: "Queued", Time: "08:41:02", State: look.StepDone}, {Word: "Sent", Time: "08:41:03", State: look.StepDone}, {Word: "Failed", Time: "08:41:09", State: look.StepFailed}}}
}

func signedOutSamples() []sample {
	code := look.SignedOut{Title: "Enter your code", Lead: look.HTML(`We sent 6 digits by SMS to<br><b>07700 ••• 123</b> (United Kingdom).`)}
	wrong := code
	wrong.Problem = true
	register := look.SignedOut{Title: "Create your profile", Lead: "You keep it for life, whoever you work for.", Problem: true}
	registerCaptcha := register
	registerCaptcha.Captcha = true
	passkey := func(ceremony, label string) look.Passkey {
		return look.Passkey{Ceremony: ceremony, Options: "/passkey/" + ceremony, Action: "/posted", Button: look.Button{Label: label, Icon: "fingerprint-pattern", Full: true, Kind: look.Filled}}
	}
	return []sample{
		{"passkey-create", "passkey.html", look.SignedOut{Title: "Add a passkey"}, passkey("create", "Add a passkey")},
		{"passkey-get", "passkey.html", look.SignedOut{Title: "Use your passkey"}, passkey("get", "Use a passkey")},
		{"register", "register.html", register, registerForm(false)},
		{"register-captcha", "register.html", registerCaptcha, registerForm(true)},
		{"login", "login.html", look.SignedOut{Title: "Log in", Strip: "Staging: times are those of the simulator"}, map[string]any{
			"Name":     look.Text{Name: "username", Label: "Username or email address", Autocomplete: "username webauthn", Literal: true},
			"Password": look.Password{Name: "password", Label: "Password"},
			"Go":       look.Button{Label: "Log in", Kind: look.Filled, Full: true, Busy: "Logging in"},
			"Passkey":  look.Passkey{Ceremony: "get", Options: "/login/passkey/options", Action: "/login/passkey", Button: look.Button{Label: "Log in with a passkey", Icon: "fingerprint-pattern", Full: true}},
		}},
		{"code-sent", "code.html", code, codeForm(waiting(), "", 5)},
		{"code-delivered", "code.html", code, codeForm(delivered(), "", 5)},
		{"code-failed", "code.html", wrong, codeForm(failed(), "That code is not right. You have 4 tries left", 4)},
		{"chooser", "chooser.html", look.SignedOut{Title: "Choose an organisation", Lead: "You can switch at any time without logging in again.", LogOut: "/logout"}, map[string]any{
			"Entries": look.Entries{
				{Avatar: "Harbour Dental", Title: "Harbour Dental", Note: "Owner, last used today 08:41", Action: "/organisations/switch", Name: "organisation", Value: "AC1"},
				{Avatar: "Pennine Cycling", Title: "Pennine Cycling Club", Note: "Member, last used 14 November", Action: "/organisations/switch", Name: "organisation", Value: "AC2"},
			},
			"New": look.Button{Label: "Create an organisation", Icon: "plus", Href: "/organisations/new", Full: true},
		}},
	}
}
