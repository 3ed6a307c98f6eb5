package profile

import (
	"watchword/base/mailbox"
	"watchword/base/problem"
)

// Address is an email address in its two forms: as spelt, and the key under which it is one person's.
type Address = mailbox.Address

// ParseAddress is mailbox.Parse, for the rooms of people.
func ParseAddress(field, input string) (Address, *problem.Field) { return mailbox.Parse(field, input) }
