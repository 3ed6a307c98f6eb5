package device

import (
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
)

// Allowed says whether a complete log-in of a person makes the browser trusted, for the page that asks whether others use
// the computer too.
func Allowed(tx *store.Tx, p id.Profile, demands []organisation.Demand) (bool, error) {
	own, err := chosen(tx, p)
	_, ok := Rule(own, demands)
	return ok, err
}
