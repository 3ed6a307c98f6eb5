package settings

import (
	"strconv"

	"watchword/base/id"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/devices"
	"watchword/web/person/frame"
)

const devicesPath = policyPath + "/devices"

func (p *pages) mountDevices(get, post register) {
	get(devicesPath, p.teamDevices)
	post(devicesPath+"/end", p.endTeamDevices)
}

// teamDevices are the trusted devices of everybody, with one button that ends them all (part 4 row 11).
func (p *pages) teamDevices(f *frame.Page, m organisation.Member) error {
	all, err := p.Devices.Team(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Trusted devices", frame.Settings)
	s.Crumbs, s.Tabs = crumbs(m), tabs("Trusted devices")
	policy := m.Demand.Policy
	switch {
	case !policy.NewDevice:
		s.Lead = m.OrgName + " asks for a code at every log-in, so no browser is trusted."
	case policy.TrustDays == 0:
		s.Lead = m.OrgName + " trusts no browser at all."
	default:
		lead := "Browsers on which users of " + m.OrgName + " log in without a code, for " + look.Counted(policy.TrustDays, "day") + " after their last log-in there. No export and no change is ever without one."
		if policy.TrustPasskey {
			lead += " Only browsers where a passkey was used are trusted."
		}
		s.Lead = lead
	}
	t := look.Table{ID: "devices", Caption: "Trusted devices of " + m.OrgName, Columns: []look.Column{{Title: "Device"}, {Title: "User"}, {Title: "Trusted since"}, {Title: "Last used"},
		{Title: "Until", Phone: look.PhoneSide}, {Title: "End", Quiet: true, Fit: true, Phone: look.PhoneActs}},
		Empty: &look.Empty{Title: "No trusted devices", Words: "Every log-in of every user asks for the second factor at the moment.", Actions: []look.Component{look.Button{Label: "Log-in policy", Href: path(f, m, policyPath)}}}}
	people := map[id.Profile]bool{}
	for _, x := range all {
		people[x.Profile] = true
		name := x.Username
		if name == "" {
			name = x.Email
		}
		t.Rows = append(t.Rows, look.Row{ID: "row-" + string(x.Profile) + "-" + strconv.Itoa(len(t.Rows)+1), Cells: []any{look.Pair{Icon: devices.Icon(x.Label), Plain: true, Main: x.Label},
			look.Pair{Avatar: name, Main: name, Note: x.Email, Href: path(f, m, "/settings/users/"+string(x.Profile))}, f.Day(x.TrustedAt), f.When(x.LastUsedAt), look.Muted(f.Day(x.ExpiresAt)),
			look.Post{Action: devicesPath + "/end", Fields: []look.Hidden{within(m), {Name: "profile", Value: string(x.Profile)}}, Button: look.Button{Label: "End", About: "all trusted devices of " + name, Small: true}}}})
	}
	if len(all) > 0 {
		every := "End all " + look.Counted(len(all), "trusted device")
		if len(all) == 1 {
			every = "End the trusted device"
		}
		s.Actions = []look.Component{look.Post{Action: devicesPath + "/end", Fields: []look.Hidden{within(m)},
			Button: look.Button{Label: every, Kind: look.Destructive}}}
		t.Foot = &look.Paging{Words: look.Counted(len(all), "device") + " of " + look.Counted(len(people), "user")}
	}
	return p.desk.ShowParts(f, s, t)
}

// endTeamDevices ends the trust in the devices of one user, or of everybody.
func (p *pages) endTeamDevices(f *frame.Page, m organisation.Member) error {
	who := id.Profile(f.Q.Value("profile"))
	if err := p.Team.EndDevices(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, who); err != nil {
		return err
	}
	words := "All trusted devices are ended. Every next log-in asks for a code."
	if who != "" {
		words = "The trusted devices of that user are ended. The next log-in asks for a code."
	}
	return done(f, m, devicesPath, words)
}
