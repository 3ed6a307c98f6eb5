package web

import (
	"fmt"
	"html/template"
	"time"

	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/web/look"
)

// These are the parts of every page that asks for a code sent by text or email: where it went, the field, the rail of
// its delivery, the button to send it again.

// SentTo says where the code went: "We sent 6 digits by SMS to 07700 ••• 123 (United Kingdom)."
func SentTo(c challenge.Challenge) template.HTML {
	verb := "We sent 6 digits"
	if c.Delivery.State == "held" {
		verb = "We are about to send 6 digits"
	}
	esc := template.HTMLEscapeString
	if c.Channel == guard.SMS {
		words := verb + ` by SMS to<br><b class="nowrap">` + esc(c.Masked) + `</b>`
		if c.Country != "" {
			words += " (" + esc(phone.CountryName(c.Country)) + ")"
		}
		return template.HTML(words + ".")
	}
	return template.HTML(verb + ` by email to<br><b>` + esc(c.Masked) + `</b>.`)
}

// codeHint promises only where scripts run that a button is not needed.
const codeHint template.HTML = `6 digits.<span class="js-only"> We check it after the last one.</span>`

// CodeField is the field for the code of c. wrong is what stands above it, "" when nothing does.
func CodeField(c challenge.Challenge, zone *time.Location, wrong string) look.Code {
	f := look.Code{Name: "code", Label: "Code", Hint: codeHint, Error: wrong, Autofocus: true}
	if c.State == challenge.Pending {
		f.GoodUntil, f.Left, f.Of = clockTime(c.ExpiresAt, zone, "15:04"), max(0, c.TriesLeft), c.MaxTries
	}
	return f
}

// SendAgain is the button that asks for the same code once more; it counts down while that is too early. now is
// microseconds UTC, by the database's clock.
func SendAgain(c challenge.Challenge, now int64, action string) look.Button {
	b := look.Button{Label: "Send the code again", FormAction: action, Plain: true}
	if wait := c.NextSendAt - now; wait > 0 {
		b.Wait = int((wait + 999_999) / 1_000_000)
	}
	return b
}

// stuckAfter is how long a code may wait to leave before the page says that something is in its way.
const stuckAfter = 10 * time.Second

// Rail shows where the newest message of c is. poll is the address of the fragment that shows it anew; it is left out
// once nothing can change.
func Rail(c challenge.Challenge, zone *time.Location, now int64, poll string) look.Delivery {
	d := c.Delivery
	at := func(micros int64) string { return clockTime(micros, zone, "15:04:05") }
	queued := look.Step{Word: "Queued", Time: at(d.QueuedAt), State: look.StepDone}
	sent := look.Step{Word: "Sent", Time: "Waiting…", State: look.StepWaiting}
	last := look.Step{Word: "Delivered", Time: "Waiting…", State: look.StepWaiting}
	if d.SentAt > 0 {
		sent.Time, sent.State = at(d.SentAt), look.StepDone
	}
	sms := c.Channel == guard.SMS
	rail := look.Delivery{Poll: poll}
	final := c.State != challenge.Pending
	switch d.State {
	case "held":
		queued.State = look.StepNow
		rail.Words = "You asked a moment ago. It leaves by itself at " + at(c.SendAt) + "."
	case "queued", "sending":
		sent.State, sent.Time = look.StepNow, "Sending…"
		rail.Words = "It is on its way out."
		if now-max(d.QueuedAt, c.SendAt) > int64(stuckAfter/time.Microsecond) {
			rail.Words = "It has not left yet: the network does not take it at the moment. We keep trying while the code is good; you can also choose another way."
		}
	case "sent":
		last.State = look.StepNow
		if sms {
			rail.Words = "Your phone network has it. It usually arrives within seconds."
		} else {
			rail.Words, final = "Your mail server has it. Look among unwanted mail too.", true
		}
	case "delivered":
		last.State, last.Time, final = look.StepDone, at(d.DoneAt), true
		rail.Words = "Your phone has it."
	case "unknown":
		sent.State, sent.Time = look.StepNow, "Not certain"
		rail.Words = "The network has not confirmed it. If nothing comes within a minute, send it again or choose another way."
	default: // failed, expired, cancelled
		final = true
		broken := &sent
		if d.SentAt > 0 {
			broken = &last
		}
		broken.State, broken.Word, broken.Time = look.StepFailed, "Failed", at(d.DoneAt)
		rail.Words = failedWords(d, sms)
	}
	rail.Steps = []look.Step{queued, sent, last}
	if !sms || sent.State == look.StepFailed { // what was not sent waits for nothing
		rail.Steps = rail.Steps[:2]
	}
	if final {
		rail.Poll = ""
	}
	return rail
}

func failedWords(d challenge.Delivery, sms bool) string {
	switch {
	case d.Reason == challenge.Risky:
		return "The SIM card or the network of this number changed lately, so we sent no code to it. Prove it another way."
	case d.State == "cancelled":
		return "This code was cancelled. Start again to get a new one."
	case d.State == "expired":
		return "It could not be sent in time. Start again to get a new one."
	case sms && d.SentAt == 0:
		return "It did not reach your phone: the network took no text for this number. Choose another way, or check the number."
	case sms:
		return "It did not reach your phone. Check that it is switched on and has signal, then send it again, or choose another way."
	}
	return "It could not be delivered to this address. Send it again, or choose another way."
}

// Refusal makes the summary of a verdict that is no error: a send that was refused. nil gives none.
func Refusal(p *problem.Error) (problems look.Problems) {
	if p != nil {
		problems.Add("", p.Message)
	}
	return problems
}

// Zone is the person's time zone, UTC for visitors and for names that are not known.
func (q *Request) Zone() *time.Location { return ZoneOf(q.Session.Zone) }

// ZoneOf reads an IANA name; UTC when there is none such.
func ZoneOf(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return z
}

func clockTime(micros int64, zone *time.Location, layout string) string {
	if micros == 0 {
		return ""
	}
	text := store.Time(micros).In(zone).Format(layout)
	if zone == time.UTC && layout == "15:04" {
		return text + " UTC"
	}
	return text
}

// Seconds writes a wait for people: "24 seconds", "3 minutes".
func Seconds(d time.Duration) string {
	n, unit := int((d+time.Second-1)/time.Second), "second"
	if n >= 120 {
		n, unit = (n+59)/60, "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}
