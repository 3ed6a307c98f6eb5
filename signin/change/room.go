package change

import (
	"watchword/signin/session"
)

// Room is put together once, at the start.
type Room struct {
	Sessions *session.Book
	Settings Settings
}
