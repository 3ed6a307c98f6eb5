package security

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"watchword/base/audit"
	"watchword/code/budget"
	"watchword/web/look"
	"watchword/web/person/frame"
)

var budgetNames = map[budget.Factor]string{budget.SMS: "SMS", budget.Email: "email codes", budget.TOTP: "your authenticator app", budget.Passkey: "passkeys",
	budget.Recovery: "recovery codes"}

// wrongCard is the failure budget: what is left of it for each factor, and where the wrong codes came from.
func wrongCard(f *frame.Page, s state) look.Card {
	card := look.Card{Title: "Wrong codes"}
	worst := slices.Clone(s.budgets)
	slices.SortStableFunc(worst, func(a, b budget.Status) int { return cmp.Compare(a.Left, b.Left) })
	failed := 0
	for _, b := range worst {
		if b.Failures == 0 {
			continue
		}
		failed += int(b.Failures)
		card.Body = append(card.Body, tally(b)...)
		if b.Off {
			card.Body = append(card.Body, look.HTML(`<p class="small">Switched off. Remove it and add it anew to use it again.</p>`))
		}
	}
	if failed == 0 {
		card.Body = append(tally(worst[0]), look.HTML(`<p class="small">No wrong code since your last right one. We count them over all log-ins, codes and addresses together; at 100 in a row the factor is switched off until you prove it anew.</p>`))
		return card
	}
	card.Mark = &look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Have a look"}
	words := look.Counted(failed, "wrong code") + " since " + lower(f.When(oldest(s.budgets)))
	if from := origins(f, s.wrong); from != "" {
		words += ": " + from
	}
	card.Body = append(card.Body, look.HTML(`<p class="small">`+template.HTMLEscapeString(words)+`. We only ask for a code after the right password, so if that was not you, <a href="/profile/password">change your password</a>. At 100 in a row the factor is switched off until you prove it anew.</p>`))
	return card
}

func tally(b budget.Status) []any {
	of := int(b.Left + b.Failures)
	return []any{look.HTML(`<p><span class="big">` + strconv.Itoa(int(b.Left)) + `</span> of ` + strconv.Itoa(of) + ` tries left for ` + budgetNames[b.Factor] + `</p>`),
		look.Tally{Left: int(b.Left), Of: of, Spent: true}}
}

func oldest(all []budget.Status) (since int64) {
	for _, b := range all {
		if b.Failures > 0 && (since == 0 || b.Since < since) {
			since = b.Since
		}
	}
	return since
}

// origins counts wrong codes by browser and address: "2 from this device, 5 from Chrome on Windows at 198.51.100.7".
func origins(f *frame.Page, rows []audit.Row) string {
	here := f.Q.Origin()
	counts := map[string]int{}
	for _, r := range rows {
		from := strings.TrimSpace(r.Device + " at " + r.Address)
		if r.Device == here.Device && r.Address == here.Address.String() {
			from = "this device"
		}
		counts[from]++
	}
	from := make([]string, 0, len(counts))
	for name := range counts {
		from = append(from, name)
	}
	slices.SortFunc(from, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	var parts []string
	rest := 0
	for i, name := range from {
		if i >= 3 {
			rest += counts[name]
			continue
		}
		parts = append(parts, strconv.Itoa(counts[name])+" from "+name)
	}
	if rest > 0 {
		parts = append(parts, strconv.Itoa(rest)+" from elsewhere")
	}
	return strings.Join(parts, ", ")
}
