package contact

import (
	"sync"

	"watchword/base/id"
)

// allowances are contacts that sessions may read before the count in the database is asked again.
type allowances struct {
	mu sync.Mutex
	of map[readKey]int64
}

type readKey struct {
	org     id.Organisation
	session id.Session
	day     int64
}
