package settings

import (
	"embed"
	"slices"
	"strings"

	"watchword/organisation"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

// methods in the order in which we advise them (decisions 26), with the words of the pages.
var methods = []struct {
	method      organisation.Method
	name, label string
}{
	{organisation.ByPasskey, "Passkey", "Passkey (strongest)"}, {organisation.ByTOTP, "Authenticator app", "Authenticator app (strong)"},
	{organisation.BySMS, "SMS", "SMS (good)"}, {organisation.ByEmail, "Email", "Email (weak)"},
}

func methodName(m organisation.Method) string {
	for _, x := range methods {
		if x.method == m {
			return x.name
		}
	}
	return "Any"
}

// orStronger words what a least method lets in.
func orStronger(m organisation.Method) string {
	switch m {
	case organisation.ByPasskey:
		return "Passkey"
	case "":
		return "Any method"
	}
	return methodName(m) + " or stronger"
}

// choices are the methods from least upwards, the least demanding last. none, when not empty, is the label of no choice.
func choices(least organisation.Method, none string) (out []look.Option) {
	if none != "" {
		out = append(out, look.Option{Value: "", Label: none})
	}
	for _, x := range methods {
		if x.method.Rank() >= least.Rank() {
			out = append(out, look.Option{Value: string(x.method), Label: x.label})
		}
	}
	return out
}

// permissions in the order of the pages.
var permissions = []struct {
	permission organisation.Permission
	name, note string
}{
	{organisation.Sends, "Send messages", "Campaigns, single messages, replies"},
	{organisation.Contacts, "Contacts", "See, add and change contacts and lists"},
	{organisation.Exports, "Export contacts", "Each time with a fresh code, told to all owners"},
	{organisation.Billing, "Billing", "See bills and top up"},
	{organisation.Keys, "API keys", "Make and revoke keys for programs"},
}

func permissionTicks(ticked []organisation.Permission, problem string) look.Ticks {
	t := look.Ticks{Name: "permissions", Label: "Permissions", Hint: "Nobody but owners manages users, security and business details.", Error: problem}
	for _, x := range permissions {
		t.Options = append(t.Options, look.Option{Value: string(x.permission), Label: x.name, Note: x.note})
	}
	for _, x := range ticked {
		t.Values = append(t.Values, string(x))
	}
	return t
}

// permitted words what a member may do: "All", "None", "Contacts, billing".
func permitted(m organisation.Member) string {
	if m.Role == organisation.Owner {
		return "Everything"
	}
	var words []string
	for _, x := range permissions {
		if slices.Contains(m.May, x.permission) {
			words = append(words, x.name)
		}
	}
	switch len(words) {
	case 0:
		return "None"
	case len(permissions):
		return "All"
	}
	for i := 1; i < len(words); i++ {
		if words[i] != "API keys" {
			words[i] = strings.ToLower(words[i][:1]) + words[i][1:]
		}
	}
	return strings.Join(words, ", ")
}

// asPermissions reads the boxes: none ticked is an empty list, a form without them is nil.
func asPermissions(values []string) []organisation.Permission {
	if len(values) == 0 {
		return nil
	}
	out := []organisation.Permission{}
	for _, v := range values {
		if v != "" {
			out = append(out, organisation.Permission(v))
		}
	}
	return out
}
