package house

import (
	"watchword/account/operator"
	"watchword/account/recovery"
	"watchword/base/config"
	"watchword/support/request"
)

// Settings of rooms that the server and the commands on the host both make: what the configuration says holds for both.

func ofRecovery(c *config.Config) recovery.Settings {
	return recovery.Settings{ResetLife: c.Links.Reset, AddressLife: c.Links.Verify, Mails: c.Limits.ResetMails, MailsDay: c.Limits.ResetMailsADay,
		Asks: c.Limits.ResetAsks}
}

func ofOperators(c *config.Config) operator.Settings {
	o := c.Operator
	return operator.Settings{TokenLife: o.Token, SetupLife: o.Setup, PendingLife: o.Pending, Life: o.Life, Idle: o.Idle, Tries: o.Tries,
		TriesDay: o.TriesDay, YoungFor: o.Young, AddressLife: c.Links.Verify, Mails: o.Mails}
}

// ofRequests: what has ended is kept as long as the audit log.
func ofRequests(c *config.Config) request.Settings {
	l := c.Limits
	return request.Settings{Delay: l.HelpDelay, LinkLife: c.Links.Help, PerHour: l.HelpAnHour, PerDay: l.HelpADay, Told: l.HelpMails,
		StartsDay: l.HelpStarts, Keep: c.Audit.Keep}
}
