// Package console is what those who host Watchword do beside answering requests: they find organisations and people,
// suspend and restore, look into an organisation without being able to change anything, invite and remove operators, and
// read what happened (SO3, SO7, SO12). Its doors are the pages under /operator and the commands on the host.
package console

import (
	"time"

	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/operator"
	"watchword/account/recovery"
	"watchword/base/audit"
	"watchword/organisation"
	"watchword/support/request"
)

// LookLife is how long an operator may look into an organisation before asking again.
const LookLife = 30 * time.Minute

// Room does the acts. Safe for concurrent use.
type Room struct {
	Log           *audit.Log
	Post          *notice.Post
	Operators     *operator.Desk
	Organisations *organisation.Rooms
	Factors       *factor.Room
	Recovery      *recovery.Room
	Requests      *request.Room
}
