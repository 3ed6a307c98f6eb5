package main

import (
	"encoding/base64"

	"github.com/skip2/go-qrcode"

	"watchword/web/look"
)

func partSamples() []sample {
	buttons := []look.Component{
		look.Button{Label: "Save", Kind: look.Filled}, look.Button{Label: "Second"}, look.Button{Label: "Not yet", Off: true},
		look.Button{Label: "Delete 3 contacts", Kind: look.DestructiveFilled}, look.Button{Label: "Remove", Kind: look.Destructive}, look.Button{Label: "Quiet", Kind: look.Quiet},
		look.Button{Label: "Compact", Small: true}, look.Button{Label: "Send a new code", Wait: 24},
	}
	marks := []any{look.Fine("Ready"), look.HTML(" "), look.Mark{Icon: "send", Label: "Sending"}, look.HTML(" "), look.Mark{Tone: look.Good, Icon: "check", Label: "Proved"}, look.HTML(" "),
		look.Mark{Tone: look.Warn, Icon: "clock", Label: "Not proved"}, look.HTML(" "), look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Failed"}, look.HTML(" "), look.Mark{Tone: look.Grey, Icon: "ban", Label: "Blocked"}}
	page := frame("Components", "Lists")
	page.Mark = &look.Mark{Icon: "send", Label: "Sending"}
	page.Banner = &look.Banner{Tone: look.Warn, Title: "You cannot switch this off again yourself.", Words: "Only the operator can, on request and with notice to every owner.", Icon: "lock"}
	picture, err := qrcode.Encode("otpauth://totp/Watchword:maya.okafor?secret=JBSWY3DPEHPK3PXP&issuer=Watchword", qrcode.Medium, 368)
	if err != nil {
		panic(err)
	}
	codes := []string{}
	for _, c := range []string{"K7QF-2MXD-9WRT", "H3LP-8VNC-4JYB", "T6GD-5ZKE-1SQA", "P9XR-7CFM-2WHU", "B4NV-6TJL-8DKG", "Y2EC-3QPS-5RZM", "M8WK-1HFX-7BVD", "D5ZT-9LGN-3CQJ", "R1JS-4YBP-6XEH", "V7MA-2KUD-8FTW"} {
		codes = append(codes, c)
	}
	return []sample{{"components", "parts.html", page, []any{
		look.HTML(`<div class="actions">`), buttons, look.HTML(`</div><div>`), marks, look.HTML(`</div>`),
		look.HTML(`<div class="stack">`), look.Banner{Words: "Good to know."}, look.Banner{Tone: look.Good, Words: "It is done."}, look.Banner{Tone: look.Bad, Title: "Alder Networks 1 is stopped: it refused our password at 08:58.", Words: "We do not try again by ourselves.", Action: look.Button{Label: "Enter password", Kind: look.Destructive, Small: true}}, look.HTML(`</div>`),
		look.HTML(`<div class="stack">`), look.HTML(`<p>`), look.Tally{Left: 5, Of: 5, Spent: true, Words: "5 tries left"}, look.HTML(`</p><p>`), look.Tally{Left: 2, Of: 5, Spent: true, Words: "2 tries left"}, look.HTML(`</p><p>`), look.Tally{Left: 2, Of: 3, Bold: true, Words: "Strong"}, look.HTML(`</p></div>`),
		look.Sums{{Number: "11,859", Label: "Recipients"}, {Number: "6,912", Label: "Delivered", Sign: "=", Colour: "good"}, {Number: "842", Label: "Waiting for receipt", Sign: "+", Colour: "c2"}, {Number: "251", Label: "Failed", Sign: "+", Colour: "bad"}, {Number: "3,854", Label: "Queued", Sign: "+", Colour: "idle"}},
		look.Bar{Parts: []look.Part{{Count: 6912, Label: "delivered", Colour: "good"}, {Count: 842, Label: "waiting for receipt", Colour: "c2"}, {Count: 251, Label: "failed", Colour: "bad"}, {Count: 3854, Label: "queued", Colour: "idle"}}},
		look.HTML(`<div class="narrow stack">`), look.Code{Name: "right", Label: "Code", Right: true, Value: "493017"}, look.Code{Name: "wrong", Label: "Code", Error: "That code is not right. You have 4 tries left", Left: 4, Of: 5}, failed(), look.HTML(`</div>`),
		look.Toast{Words: "3 contacts deleted", Action: look.Anchor{Label: "Undo", Href: "/undo"}},
	}}, {"app", "parts.html", frame("Add an authenticator app", ""), []any{
		look.QR{Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture), Alt: "QR code for your authenticator app", Key: "JBSW Y3DP EHPK 3PXP", Open: "otpauth://totp/Watchword:maya.okafor?secret=JBSWY3DPEHPK3PXP"},
		look.HTML(`<form class="narrow" method="post">`), look.Code{Name: "code", Label: "Code", Hint: "6 digits from the app"}, look.Button{Label: "Add the app", Kind: look.Filled}, look.HTML(`</form>`),
		look.Card{Title: "Your recovery codes", Lead: "Each works once, when nothing else does. They are shown only now.", Body: []any{look.RecoveryCodes{Codes: codes, Download: "/codes.txt"}}},
	}}}
}
